from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.objects.presence import PRESENT_SHARE, Presence
from streams.look_moment import LookMoment
from tests.watching import NOON


def shown(pattern: str, step: float = 2.0) -> Presence:
    """The presence after looks that showed it (x) or not (-), the first being an x."""
    presence = Presence.begun(LookMoment(NOON, 0.0))
    for number, mark in enumerate(pattern[1:], start=1):
        moment = LookMoment(NOON + timedelta(seconds=step * number), step)
        if mark == "x":
            presence.see(moment)
        else:
            presence.miss(moment)
    return presence


@pytest.mark.parametrize(
    ("pattern", "dwell", "looks_seen", "missed"),
    [("x", 0, 1, 0), ("xxx", 4, 3, 0), ("xx-x", 6, 3, 0), ("xxx--", 4, 3, 2)],
)
def test_dwell_runs_from_the_first_to_the_latest_look_that_showed_it(
    pattern, dwell, looks_seen, missed
):
    presence = shown(pattern)
    assert (presence.dwell_seconds, presence.looks_seen, presence.missed) == (
        dwell,
        looks_seen,
        missed,
    )
    assert presence.last_seen - presence.first_seen == timedelta(seconds=dwell)


@pytest.mark.parametrize(
    ("pattern", "seconds", "looks", "lasted"),
    [
        ("xxx", 4, 3, True),
        ("xxx", 4.1, 3, False),
        ("xxx", 4, 4, False),
        ("xxx-", 4, 3, False),
        ("x", 0, 1, True),
    ],
)
def test_time_and_looks_must_both_suffice(pattern, seconds, looks, lasted):
    assert shown(pattern).has_lasted(seconds, looks) is lasted


@pytest.mark.parametrize(
    ("pattern", "broken"),
    [
        ("x", False),
        ("x-", False),
        ("x--", True),
        ("x-x-", True),
        ("xx-", False),
        ("xx--", True),
        ("xxxxx---", False),
        ("xxxxxxxx-----", True),
        ("xx-xx-xx-xx-", False),
    ],
)
def test_the_more_often_it_was_seen_the_longer_it_is_waited_for(pattern, broken):
    assert shown(pattern).is_broken(longest_patience=5) is broken


@given(st.text("x-", max_size=60))
def test_what_is_not_broken_was_seen_in_a_good_share_of_its_looks(marks):
    presence = shown("x" + marks)
    if presence.looks > 2 and not presence.is_broken(5) and presence.missed:
        assert presence.looks_seen >= PRESENT_SHARE * presence.looks


def test_a_clock_set_back_does_not_turn_times_round():
    presence = shown("xxx")
    presence.see(LookMoment(NOON - timedelta(hours=1), 2.0))
    assert presence.last_seen == NOON + timedelta(seconds=4)
