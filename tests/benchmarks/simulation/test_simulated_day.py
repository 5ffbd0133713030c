"""When a simulated day is, of which nothing may lie in the future."""

from datetime import UTC, date, datetime

import pytest

from benchmarks.simulation.simulated_day import ZONE, past_working_morning


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 29), date(2026, 11, 13)),  # a Sunday; two weeks before is one, too
        (date(2026, 10, 18), date(2026, 9, 30)),  # two weeks before are the National Day's holidays
    ],
)
def test_the_day_is_a_working_one_two_weeks_ago(today: date, day: date):
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    assert past_working_morning(now) == datetime(day.year, day.month, day.day, 6, tzinfo=ZONE)
