"""Limits as they are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.clocks.clock_error import ClockError
from api.clocks.time_limit import LARGEST_AMOUNT, TimeLimit, TimeUnit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("2 urgent_hour", TimeLimit(2, TimeUnit.URGENT_HOUR)),
        ("0.25 urgent_hour", TimeLimit(0.25, TimeUnit.URGENT_HOUR)),
        ("  15   work_day ", TimeLimit(15, TimeUnit.WORK_DAY)),
        ("1 natural_day", TimeLimit(1, TimeUnit.NATURAL_DAY)),
    ],
)
def test_limit_is_read(text: str, limit: TimeLimit):
    assert TimeLimit.parse(text) == limit


@given(st.floats(1e-9, LARGEST_AMOUNT), st.sampled_from(TimeUnit))
def test_written_limit_is_read_as_it_was(amount: float, unit: TimeUnit):
    limit = TimeLimit(amount, unit)
    assert TimeLimit.parse(str(limit)) == limit


def test_whole_amount_is_written_without_a_point():
    assert str(TimeLimit(4.0, TimeUnit.WORK_HOUR)) == "4 work_hour"


@pytest.mark.parametrize("text", ["", "4", "work_hour", "4 hours", "four work_hour", "4 work hour"])
def test_what_is_no_limit_is_refused(text: str):
    with pytest.raises(ClockError, match=r"cannot be read; write an amount and one of urgent_hour"):
        TimeLimit.parse(text)


@pytest.mark.parametrize("amount", [0, -1, math.nan, math.inf, LARGEST_AMOUNT + 1])
def test_amount_out_of_bounds_is_refused(amount: float):
    with pytest.raises(ClockError, match=r"work_day: write more than 0 and at most 3660"):
        TimeLimit(amount, TimeUnit.WORK_DAY)


def test_units_that_run_day_and_night():
    assert [unit.value for unit in TimeUnit if unit.is_continuous] == ["urgent_hour", "natural_day"]
