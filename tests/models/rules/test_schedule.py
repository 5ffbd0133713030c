from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.rules.schedule import DateSpan, Holidays, HoursWindow, Schedule

FRIDAY = datetime(2026, 5, 8, tzinfo=UTC)
CLOCK = st.times().map(lambda value: value.replace(second=0, microsecond=0))
DAY = st.dates(date(2024, 1, 1), date(2028, 12, 31))


def at(day: datetime, clock: str) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return day.replace(hour=hours, minute=minutes)


@pytest.mark.parametrize(
    ("window", "inside", "outside"),
    [
        ("07:00-22:00", ["07:00", "12:00", "21:59"], ["06:59", "22:00", "23:00"]),
        ("22:00-06:00", ["22:00", "00:00", "05:59"], ["06:00", "12:00", "21:59"]),
        ("00:00-24:00", ["00:00", "12:00", "23:59"], []),
    ],
)
def test_a_window_holds_from_its_start_to_before_its_end(window, inside, outside):
    hours = HoursWindow.model_validate(window)
    assert all(hours.contains(time.fromisoformat(clock)) for clock in inside)
    assert not any(hours.contains(time.fromisoformat(clock)) for clock in outside)


@given(start=CLOCK, end=CLOCK, moment=CLOCK)
def test_a_window_and_its_complement_share_no_moment(start, end, moment):
    one = HoursWindow(start=start, end=end)
    other = HoursWindow(start=end, end=start)
    if start == end:
        assert one.contains(moment)
    else:
        assert one.contains(moment) != other.contains(moment)


@given(day=DAY, start=DAY, end=DAY)
def test_a_date_span_and_the_rest_of_the_year_make_the_year(day, start, end):
    span = DateSpan(start=f"{start:%m-%d}", end=f"{end:%m-%d}")
    assert span.contains(start)
    assert span.contains(end)
    after, before = end + timedelta(days=1), start - timedelta(days=1)
    if f"{after:%m-%d}" != span.start and "02-29" not in {f"{after:%m-%d}", f"{before:%m-%d}"}:
        rest = DateSpan(start=f"{after:%m-%d}", end=f"{before:%m-%d}")
        if f"{day:%m-%d}" != "02-29":
            assert span.contains(day) != rest.contains(day)


@pytest.mark.parametrize(
    ("day", "closed"),
    [("2026-03-01", True), ("2026-06-30", True), ("2026-02-28", False), ("2026-07-01", False)],
)
def test_a_closed_season_has_both_its_ends(day, closed):
    season = Schedule.model_validate({"dates": ["03-01..06-30"]})
    moment = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)
    assert season.contains(moment, ()) is closed


@pytest.mark.parametrize(("day", "inside"), [("12-31", True), ("01-01", True), ("02-02", False)])
def test_a_span_runs_over_new_year(day, inside):
    span = DateSpan.model_validate("12-15..01-31")
    assert span.contains(date.fromisoformat(f"2026-{day}")) is inside


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins():
    friday_night = Schedule.model_validate({"hours": ["22:00-06:00"], "days": ["friday"]})
    saturday = FRIDAY + timedelta(days=1)
    assert friday_night.contains(at(FRIDAY, "23:00"), ())
    assert friday_night.contains(at(saturday, "05:00"), ())
    assert not friday_night.contains(at(FRIDAY, "05:00"), ())
    assert not friday_night.contains(at(saturday, "23:00"), ())


@pytest.mark.parametrize(
    ("meaning", "on_holiday", "otherwise"),
    [
        (Holidays.INCLUDED, True, True),
        (Holidays.ONLY, True, False),
        (Holidays.EXCEPTED, False, True),
    ],
)
def test_public_holidays(meaning, on_holiday, otherwise):
    schedule = Schedule(holidays=meaning)
    assert schedule.contains(FRIDAY, {FRIDAY.date()}) is on_holiday
    assert schedule.contains(FRIDAY, {date(2026, 1, 1)}) is otherwise


def test_an_empty_schedule_always_holds():
    assert Schedule().always
    assert Schedule().contains(FRIDAY, ())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"hours": ["7-22"]}, r'"22:00-06:00", in quotes'),
        ({"hours": ["25:00-26:00"]}, "hour value"),
        ({"dates": ["3-1..6-30"]}, r'"03-01\.\.06-30"'),
        ({"dates": ["02-30..03-01"]}, "there is no day 02-30"),
        ({"days": ["holiday"]}, "monday"),
    ],
)
def test_what_is_no_schedule_is_explained(fields, said):
    with pytest.raises(ValidationError, match=said):
        Schedule.model_validate(fields)
