"""The hours of a working day."""

import pytest

from api.clocks.clock_error import ClockError
from api.clocks.working_period import WorkingPeriod, read_periods


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("08:00-12:00,14:00-18:00", [(480, 720), (840, 1080)]),
        (" 8:30 - 12:00，13:00–24:00 ", [(510, 720), (780, 1440)]),
        ("00:00-12:00,12:00-24:00", [(0, 720), (720, 1440)]),
    ],
)
def test_periods_are_read(text: str, periods: list[tuple[int, int]]):
    assert read_periods(text) == tuple(WorkingPeriod(*one) for one in periods)


def test_period_is_written_as_it_is_read():
    assert str(WorkingPeriod(510, 1440)) == "08:30-24:00"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "there is no working period; write 08:00-12:00"),
        (" , ", "there is no working period"),
        ("8-12", "'8-12' cannot be read; write 08:00-12:00"),
        ("08:60-12:00", "'08:60-12:00': an hour has the minutes 00 to 59"),
        ("12:00-08:00", "12:00-08:00 must end after it starts"),
        ("08:00-08:00", "08:00-08:00 must end after it starts"),
        ("22:00-06:00", "write one over midnight as two: 22:00-24:00 and 00:00-06:00"),
        ("20:00-24:01", "within 00:00-24:00"),
        ("08:00-12:00,11:59-18:00", "11:59-18:00 starts before 08:00-12:00 has ended"),
        ("14:00-18:00,08:00-12:00", "08:00-12:00 starts before 14:00-18:00 has ended"),
    ],
)
def test_periods_that_are_none_are_refused(text: str, problem: str):
    with pytest.raises(ClockError, match=problem):
        read_periods(text)
