"""A country's days with a city's own over them."""

from datetime import UTC, date, datetime

import pytest

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.city_calendar import city_calendar, city_days
from api.clocks.clock_settings import ClockSettings
from api.clocks.working_period import WorkingPeriod

CHINA = ClockSettings()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        # The government's arrangement of 2026: a Thursday, a Friday moved from a Sunday, that
        # Sunday, the weekend between, and the next ordinary day.
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),
        (date(2026, 1, 3), False),
        (date(2026, 1, 4), True),
        (date(2026, 1, 5), True),
        # Spring Festival with a Saturday to make up on either side.
        (date(2026, 2, 14), True),
        (date(2026, 2, 20), False),
        (date(2026, 2, 28), True),
        # The National Day's Saturday.
        (date(2026, 10, 10), True),
        (date(2026, 10, 17), False),
    ],
)
def test_country_decides_where_the_city_says_nothing(day: date, works: bool):
    assert city_calendar(CHINA).is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 1), DayKind.WORKDAY),
        (date(2026, 10, 10), DayKind.HOLIDAY),
        (date(2026, 10, 13), DayKind.HOLIDAY),
        (date(2026, 10, 17), DayKind.WORKDAY),
        # Before and after the years that the country's calendar is asked for.
        (date(2019, 10, 1), DayKind.HOLIDAY),
        (date(2070, 10, 4), DayKind.WORKDAY),
    ],
)
def test_imported_day_wins(day: date, kind: DayKind):
    calendar = city_calendar(CHINA, [CalendarDay(day, kind)])
    assert calendar.is_working_day(day) is (kind is DayKind.WORKDAY)


def test_days_come_in_order_and_once():
    own = [
        CalendarDay(date(2026, 10, 13), DayKind.HOLIDAY, "市运会"),
        CalendarDay(date(2026, 10, 1), DayKind.WORKDAY, "值班"),
    ]
    days = city_days("CN", own)
    assert [one.day for one in days] == sorted({one.day for one in days})
    assert set(own) <= set(days)


def test_settings_decide_on_hours_zone_and_weekend():
    settings = ClockSettings(
        time_zone="Asia/Jerusalem", working_periods="09:00-17:00", holidays_country="IL"
    )
    calendar = city_calendar(settings)
    assert calendar.periods == (WorkingPeriod(540, 1020),)
    # A Friday and a Sunday without a holiday.
    assert not calendar.is_working_day(date(2026, 6, 5))
    assert calendar.is_working_day(date(2026, 6, 7))
    assert calendar.local_day(datetime(2026, 6, 5, 22, tzinfo=UTC)) == date(2026, 6, 6)
