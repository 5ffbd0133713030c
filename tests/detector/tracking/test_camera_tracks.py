"""Camera tracks: what makes them begin anew, and what does not."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from detector.detections import Detections
from detector.objects.class_groups import find_objects
from detector.tracking.camera_tracks import CameraTracks, LookBoxes, TrackNeeds
from detector.tracking.track_facts import TrackFacts
from tests.watching import NOON, car, detections

FEW = ("person", "car")
ALL = detections([]).class_names


def look(
    tracks: CameraTracks, seconds: float, class_names: tuple[str, ...] = ALL, ratio: float = 16 / 9
) -> TrackFacts:
    """Show one standing car ``seconds`` after noon."""
    shown = detections([car()])
    found = find_objects(
        Detections(shown.boxes, shown.scores, np.array([class_names.index("car")]), class_names),
        np.full(len(class_names), 0.4, np.float32),
    )
    faint = found.only(np.zeros(0, np.intp))
    now = NOON + timedelta(seconds=seconds)
    return tracks.follow(LookBoxes(found, faint, np.ones(1, np.bool_), now, ratio))


@pytest.fixture
def tracks() -> CameraTracks:
    """Tracks of cars, of which two looks have been seen."""
    begun = CameraTracks(TrackNeeds(frozenset({"car"}), (), None))
    assert not look(begun, 0.0).followed
    assert look(begun, 0.2).ids.tolist() == [1]
    return begun


@pytest.mark.parametrize("seconds", [0.3, 1.0, 1.7])
def test_looks_about_a_second_apart_are_followed(tracks: CameraTracks, seconds: float):
    assert look(tracks, seconds).ids.tolist() == [1]


@pytest.mark.parametrize("seconds", [1.8, 60.0, 0.1, -3600.0])
def test_after_a_gap_or_a_clock_set_back_nothing_is_known(tracks: CameraTracks, seconds: float):
    facts = look(tracks, seconds)
    assert not facts.followed
    assert facts.ids.tolist() == [-1]
    assert look(tracks, seconds + 0.2).followed


def test_models_that_come_and_go_do_not_break_a_track(tracks: CameraTracks):
    for step in range(2, 8):
        facts = look(tracks, 0.2 * step, FEW if step % 2 else ALL)
        assert (facts.followed, facts.ids.tolist()) == (True, [1])


def test_a_picture_of_another_shape_is_another_view(tracks: CameraTracks):
    assert not look(tracks, 0.4, ratio=4 / 3).followed


def test_where_nothing_was_found_the_looks_are_followed_all_the_same(tracks: CameraTracks):
    empty = find_objects(detections([]), np.full(len(ALL), 0.4, np.float32))
    boxes = LookBoxes(empty, empty, np.zeros(0, np.bool_), NOON, 16 / 9)
    for step in range(2, 30):
        now = NOON + timedelta(seconds=0.2 * step)
        assert tracks.follow(replace(boxes, captured_at=now)).followed
    assert look(tracks, 6.0).ids.tolist() == [2]
