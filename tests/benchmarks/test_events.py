"""Scenes through health and rules, with detections as a usual detector would make them."""

import pytest

from benchmarks.event_command import chosen_paces
from benchmarks.events import event_table, summed
from benchmarks.scene_run import FoundEvent, SceneOutcome, run_scene, scene_catalogue
from benchmarks.scenes.pace import EVERY_HALF_MINUTE
from benchmarks.scenes.painted_material import PaintedMaterial
from benchmarks.scenes.scene_list import scene_named
from benchmarks.scenes.truth import USUAL, detections_of
from streams.errors import CityPatrolError

CATALOGUE = scene_catalogue()
MATERIAL = PaintedMaterial()


def outcome_of(name: str) -> SceneOutcome:
    return run_scene(
        scene_named(name),
        MATERIAL,
        lambda scene, moment, _: detections_of(scene, moment, MATERIAL, USUAL),
        CATALOGUE,
    )


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("quiet-street-30s", []),
        ("heap-by-the-bins-30s", ["06010"]),
        ("bin-overflows-twice-30s", ["06042", "06042"]),
        ("angling-30s", ["06975"]),
        ("site-at-night-30s", ["08990"]),
        ("camera-dark-30s", ["06010", "99001"]),
        ("camera-stream-gone-30s", ["06010", "99011"]),
    ],
)
def test_a_scene_gives_its_events_and_no_others(name, codes):
    outcome = outcome_of(name)
    assert sorted(one.issue_code for one in outcome.found) == codes
    assert all(one.delay_seconds is not None for one in outcome.found)
    assert all(one.cleared_in_time for one in outcome.found)
    assert outcome.false_alarms == ()


def test_a_detector_that_sees_nothing_misses_everything():
    scene = scene_named("angling-30s")

    def blind(scene, moment, frame):
        seen = detections_of(scene, moment, MATERIAL)
        return type(seen)(seen.boxes[:0], seen.scores[:0], seen.class_ids[:0], seen.class_names)

    outcome = run_scene(scene, MATERIAL, blind, CATALOGUE)
    assert [one.delay_seconds for one in outcome.found] == [None]


def test_figures_count_each_scene_once():
    late = FoundEvent("06010", 4.0, cleared_in_time=False)
    figures = summed(
        EVERY_HALF_MINUTE,
        [
            SceneOutcome("a", 0.5, (FoundEvent("06010", 2.0, cleared_in_time=True), late), ()),
            SceneOutcome("b", 0.25, (FoundEvent("09009", None, cleared_in_time=True),), ("06010",)),
            SceneOutcome("c", 0.25, (), ()),
        ],
    )
    assert (figures.scenes, figures.camera_days, figures.failed_scenes) == (3, 1.0, ("a", "b"))
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.precision == pytest.approx(2 / 3)
    heaps, parking = figures.types
    assert (heaps.expected, heaps.found, heaps.false_alarms, heaps.cleared_wrongly) == (2, 2, 1, 1)
    assert heaps.median_delay_seconds == 3.0
    assert (parking.found, parking.median_delay_seconds) == (0, None)
    assert "recall 0.667" in str(event_table(figures).caption)


def test_a_pace_that_is_none_is_named():
    assert chosen_paces(["30s"]) == (EVERY_HALF_MINUTE,)
    with pytest.raises(CityPatrolError, match="'2s' is none; there are 1s, 30s, 5min"):
        chosen_paces(["2s"])
