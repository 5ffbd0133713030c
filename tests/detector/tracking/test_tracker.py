"""The tracker: one thing keeps its number, two things keep theirs."""

from collections.abc import Sequence

import numpy as np
import pytest

from detector.tracking.tracker import LOST_AFTER_SECONDS, TrackedBoxes, Tracker

NOTHING = TrackedBoxes(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
IRREGULAR = [0.1, 0.5, 0.2, 0.7, 0.1, 0.4] * 4


def boxes(*feet: tuple[float, float], group: int = 0) -> TrackedBoxes:
    """Boxes of things a tenth of the picture wide at these foot points."""
    corners = [(x - 0.05, y - 0.12, x + 0.05, y) for x, y in feet]
    return TrackedBoxes(
        np.array(corners, np.float32).reshape(-1, 4), np.full(len(feet), group, np.int64)
    )


def ids(tracker: Tracker, found: TrackedBoxes, seconds: float, faint=NOTHING) -> list[int]:
    step = tracker.advance(found, faint, seconds)
    return tracker.ids[step.rows].tolist()


def ids_of_one(steps: Sequence[float], speed: float, hidden=(), faint=()) -> set[int]:
    """Numbers that one thing gets on its way from left to right."""
    tracker, now, seen = Tracker(), 0.0, set()
    random = np.random.default_rng(3)
    for index, seconds in enumerate(steps):
        now += seconds
        shown = boxes((0.05 + speed * now + random.normal(0, 0.002), 0.6))
        if index in hidden:
            ids(tracker, NOTHING, seconds)
        elif index in faint:
            ids(tracker, NOTHING, seconds, shown)
        else:
            seen.update(ids(tracker, shown, seconds))
    return seen


@pytest.mark.parametrize("steps", [[0.04] * 60, [0.2] * 20, IRREGULAR, [1.0] * 9])
def test_one_thing_keeps_its_number(steps):
    assert len(ids_of_one(steps, speed=0.08)) == 1


def test_what_is_hidden_for_some_looks_keeps_its_number():
    assert len(ids_of_one([0.2] * 25, speed=0.15, hidden=range(10, 17))) == 1


def test_what_is_seen_faintly_is_followed_through_it():
    # Longer than any track waits that sees nothing.
    looks = range(8, 8 + int(LOST_AFTER_SECONDS / 0.2) + 3)
    assert len(ids_of_one([0.2] * 30, speed=0.1, faint=looks)) == 1
    assert len(ids_of_one([0.2] * 30, speed=0.1, hidden=looks)) == 2


def test_what_was_seen_but_once_is_not_waited_for():
    assert len(ids_of_one([0.2] * 3, speed=0.0, hidden=[1])) == 2


@pytest.mark.parametrize("steps", [[0.1] * 80, IRREGULAR])
def test_two_that_cross_paths_keep_their_numbers(steps):
    tracker, now = Tracker(), 0.0
    first, second = set(), set()
    for seconds in steps:
        now += seconds
        # One behind the other; while they meet, the nearer one hides the farther.
        near, far = (0.1 + 0.1 * now, 0.62), (0.9 - 0.1 * now, 0.55)
        hidden = abs(near[0] - far[0]) < 0.05
        found = ids(tracker, boxes(near) if hidden else boxes(near, far), seconds)
        first.add(found[0])
        second.update(found[1:])
    assert len(first) == len(second) == 1
    assert first != second


def test_a_thing_does_not_become_one_of_another_group():
    tracker = Tracker()
    (car,) = ids(tracker, boxes((0.5, 0.5)), 0.2)
    (person,) = ids(tracker, boxes((0.5, 0.5), group=1), 0.2)
    assert person != car


def test_what_goes_farther_than_it_can_be_followed_is_not_guessed_at():
    tracker = Tracker()
    (before,) = ids(tracker, boxes((0.2, 0.5)), 1.0)
    (after,) = ids(tracker, boxes((0.5, 0.5)), 1.0)
    assert after != before
