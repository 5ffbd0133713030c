import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.look_moment import SET_BACK_AFTER_LOOKS, LookOrder
from tests.watching import NOON


def at(seconds: float):
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("interval", "gap", "elapsed"),
    [(1, 2, 2), (1, 60, 60), (1, 3600, 60), (30, 89, 89), (30, 3600, 90)],
)
def test_a_look_vouches_for_a_short_gap_only(interval, gap, elapsed):
    order = LookOrder("c1", interval)
    assert order.advance(NOON).elapsed_seconds == 0
    assert order.advance(at(gap)).elapsed_seconds == elapsed


@pytest.mark.parametrize("later", [0, -1, -3600])
def test_a_look_that_is_not_later_is_passed_over(later):
    order = LookOrder("c1", 1)
    order.advance(NOON)
    assert order.advance(at(later)) is None
    assert order.advance(at(1)).elapsed_seconds == 1


@given(st.lists(st.integers(-100, 100), max_size=60))
def test_moments_that_count_always_rise_unless_the_clock_was_set_back(seconds):
    order = LookOrder("c1", 1)
    counted = [moment for second in seconds if (moment := order.advance(at(second)))]
    falls = sum(
        later.captured_at <= earlier.captured_at for earlier, later in itertools.pairwise(counted)
    )
    assert falls <= (len(seconds) - len(counted)) / SET_BACK_AFTER_LOOKS
    assert all(0 <= moment.elapsed_seconds <= 60 for moment in counted)


def test_a_clock_that_was_set_back_is_believed_after_some_looks():
    order = LookOrder("c1", 1)
    order.advance(NOON)
    assert order.latest == NOON
    behind = [order.advance(at(second - 3600)) for second in range(SET_BACK_AFTER_LOOKS)]
    assert behind == [None] * SET_BACK_AFTER_LOOKS
    moment = order.advance(at(SET_BACK_AFTER_LOOKS - 3600))
    assert moment.elapsed_seconds == 1


def test_late_frames_out_of_order_are_no_new_clock():
    order = LookOrder("c1", 1)
    order.advance(NOON)
    assert all(order.advance(at(-second)) is None for second in range(1, 30))
    assert order.advance(at(1)) is not None
