"""Scenes through health and rules, with detections as a usual detector would make them."""

import io
import json

import pytest
from rich.console import Console
from typer.testing import CliRunner

from benchmarks.commands.commands import bench
from benchmarks.events.event_figures import EventFigures, summed
from benchmarks.events.event_tables import summary_table, trouble_table, type_table
from benchmarks.events.events import EventPlan, chosen_paces, measure_events
from benchmarks.events.scene_run import run_scene, scene_catalogue
from benchmarks.scenes.pace import EVERY_HALF_MINUTE
from benchmarks.scenes.pictures.painted_material import PaintedMaterial
from benchmarks.scenes.pictures.truth import USUAL, detections_of
from benchmarks.scenes.stories.scene_list import scene_named
from benchmarks.street_run import FalseAlarm, FoundEvent, SceneOutcome
from models.registry.settings import ExportSettings
from streams.kit.errors import CityPatrolError

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
    assert outcome.troubles == ()


def test_a_detector_that_sees_nothing_misses_everything():
    scene = scene_named("angling-30s")

    def blind(scene, moment, frame):
        seen = detections_of(scene, moment, MATERIAL)
        return type(seen)(seen.boxes[:0], seen.scores[:0], seen.class_ids[:0], seen.class_names)

    outcome = run_scene(scene, MATERIAL, blind, CATALOGUE)
    assert [one.delay_seconds for one in outcome.found] == [None]
    assert outcome.troubles[0].startswith("06975 not reported, expected from ")


def printed(*tables) -> str:
    console = Console(file=io.StringIO(), width=140)
    for table in tables:
        console.print(table)
    return console.file.getvalue()


def test_figures_count_each_scene_once():
    late = FoundEvent("06010", 4.0, cleared_in_time=False, trouble="06010 did not end")
    missed = FoundEvent("09009", None, cleared_in_time=True, trouble="09009 not reported")
    group = summed(
        "every 30s",
        "made-up",
        [
            SceneOutcome("a", 0.5, (FoundEvent("06010", 2.0, cleared_in_time=True), late), ()),
            SceneOutcome("b", 0.25, (missed,), (FalseAlarm("06010", 12.0, "kerb"),)),
            SceneOutcome("c", 0.25, (), ()),
        ],
        {"the model does not know fishing_rod": 2},
    )
    assert (group.scenes, group.camera_days) == (3, 1.0)
    assert group.recall == pytest.approx(2 / 3)
    assert group.precision == pytest.approx(2 / 3)
    heaps, parking = group.types
    assert (heaps.expected, heaps.found, heaps.false_alarms, heaps.cleared_wrongly) == (2, 2, 1, 1)
    assert (heaps.false_alarms_per_camera_day, heaps.median_delay_seconds) == (1.0, 3.0)
    assert (parking.found, parking.median_delay_seconds) == (0, None)
    figures = EventFigures(
        machine="a machine", material="drawn", model=None, seconds=1.0, groups=(group,)
    )
    text = printed(
        type_table(group, CATALOGUE.types), trouble_table(figures), summary_table(figures)
    )
    assert "06010 reported at 12 s in zone kerb, not expected" in text
    assert "2 left out  the model does not know fishing_rod" in text
    assert "0.667" in text


def test_nothing_expected_and_nothing_reported_is_no_perfect_score():
    group = summed("quiet hour", "made-up", [SceneOutcome("quiet", 0.04, (), ())], {})
    assert (group.precision, group.recall) == (None, None)


def test_a_plan_is_run_in_processes_and_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("CITYPATROL_SHARED", str(tmp_path / "nowhere"))
    report = tmp_path / "figures.json"
    arguments = ["--pace", "30s", "--scene", "angling", "--scene", "fire-lane"]
    answer = CliRunner().invoke(bench, ["events", *arguments, "--report", str(report)])
    assert answer.exit_code == 0, answer.output
    figures = EventFigures.model_validate(json.loads(report.read_text()))
    told, asked = figures.groups
    assert (told.group, told.source, told.scenes) == ("every 30s", "made-up", 2)
    assert (told.expected, told.found, told.false_alarms) == (2, 2, 0)
    assert (asked.source, asked.scenes) == ("model", 0)
    assert sum(asked.left_out.values()) == 2
    assert "drawn pictures show nothing that a model knows" in " ".join(answer.output.split())


def test_a_scene_that_is_none_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("CITYPATROL_SHARED", str(tmp_path / "nowhere"))
    plan = EventPlan(ExportSettings(registry=str(tmp_path)), only=("flood",))
    with pytest.raises(CityPatrolError, match="no scene's name begins with flood"):
        measure_events(plan, lambda: None)


def test_a_pace_that_is_none_is_named():
    assert chosen_paces(["30s"]) == (EVERY_HALF_MINUTE,)
    with pytest.raises(CityPatrolError, match="'2s' is none; there are 1s, 30s, 5min"):
        chosen_paces(["2s"])
