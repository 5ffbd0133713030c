"""Clocks of stages: pauses, extensions and lights."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.clocks.clock_error import ClockError
from api.clocks.deadline import deadline, limit_seconds
from api.clocks.stage_clock import Light, StageClock
from api.clocks.time_limit import TimeLimit, TimeUnit
from api.clocks.working_calendar import WorkingCalendar
from tests.api.clocks.minute_by_minute import MINUTE, calendars, elapsed_minutes, moments, spans

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar(
    holidays=frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
    workdays=frozenset({date(2026, 10, 10)}),
)
OPERATIONS = ("look", "pause", "resume", "extend", "finish", "reopen")


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}:00").replace(tzinfo=SHANGHAI)


def started(limit: str, moment: datetime) -> StageClock:
    return StageClock.start(TimeLimit.parse(limit), moment, CALENDAR)


# A Tuesday; lasts until 15:00 of the same day.
CLOCK = started("4 work_hour", at("09-29", "09:00"))
PAUSED = CLOCK.pause(at("09-29", "10:00"))
FINISHED = CLOCK.finish(at("09-29", "10:00"), CALENDAR)


@pytest.mark.parametrize(
    ("clock", "light"),
    [
        ("08:00", Light.GREEN),
        ("09:00", Light.GREEN),
        ("12:00", Light.GREEN),
        ("14:12", Light.GREEN),
        ("14:13", Light.YELLOW),
        ("15:00", Light.YELLOW),
        ("15:01", Light.RED),
    ],
)
def test_lights(clock: str, light: Light):
    assert CLOCK.light(at("09-29", clock)) is light


def test_deadline_at_noon_is_over_in_the_break():
    clock = started("4 work_hour", at("09-29", "08:00"))
    assert clock.light(at("09-29", "12:00")) is Light.YELLOW
    assert clock.light(at("09-29", "12:30")) is Light.RED
    assert clock.used_share(at("09-29", "12:30"), CALENDAR) == 1


@pytest.mark.parametrize(
    ("limit", "start", "paused", "resumed", "due"),
    [
        # Over a weekend: two hours of Friday and one of Monday, or all of it.
        ("8 work_hour", "10-16 14:00", "10-16 16:00", "10-19 09:00", "10-19 17:00"),
        ("48 urgent_hour", "10-16 14:00", "10-16 16:00", "10-19 09:00", "10-21 07:00"),
        # Over a night, in which no work is done.
        ("4 work_hour", "09-29 17:00", "09-29 18:00", "09-30 08:00", "09-30 11:00"),
        # Over the holidays and the weekend after them.
        ("1 work_day", "09-30 14:00", "09-30 17:00", "10-05 09:00", "10-05 16:00"),
        # Over the Saturday that is worked.
        ("1 work_day", "10-09 14:00", "10-10 08:00", "10-12 08:00", "10-12 12:00"),
        ("2 natural_day", "10-01 14:00", "10-02 14:00", "10-03 14:00", "10-04 14:00"),
    ],
)
def test_pause_moves_the_deadline_by_its_own_time(
    limit: str,
    start: str,
    paused: str,
    resumed: str,
    due: str,
):
    clock = started(limit, at(*start.split())).pause(at(*paused.split()))
    assert clock.resume(at(*resumed.split()), CALENDAR).due_at == at(*due.split())


def test_paused_clock_stands_still():
    for moment in (at("09-29", "10:00"), at("12-24", "10:00"), at("09-01", "10:00")):
        assert PAUSED.light(moment) is Light.GREEN
        assert PAUSED.used_share(moment, CALENDAR) == 0.25
        assert PAUSED.remaining_seconds(moment, CALENDAR) == 3 * 3600


def test_finished_clock_keeps_its_light():
    late = CLOCK.finish(at("09-29", "16:00"), CALENDAR)
    assert late.light(at("09-29", "10:00")) is Light.RED
    assert late.remaining_seconds(at("12-24", "10:00"), CALENDAR) == -3600
    assert late.used_share(at("12-24", "10:00"), CALENDAR) == 1.25
    assert FINISHED.light(at("12-24", "10:00")) is Light.GREEN


def test_clock_that_finishes_paused_does_not_count_the_pause():
    clock = PAUSED.finish(at("09-30", "09:00"), CALENDAR)
    assert (clock.paused_at, clock.finished_at) == (None, at("09-30", "09:00"))
    assert clock.used_seconds(at("10-30", "09:00"), CALENDAR) == 3600
    assert clock.light(at("10-30", "09:00")) is Light.GREEN


def test_reopened_clock_goes_on_where_it_finished():
    clock = FINISHED.reopen(at("09-30", "08:00"), CALENDAR)
    assert clock.is_running
    assert clock.due_at == at("09-30", "11:00")
    assert clock.used_seconds(at("09-30", "09:00"), CALENDAR) == 2 * 3600


def test_extension_adds_a_limit_to_the_deadline():
    clock = CLOCK.extend(CLOCK.limit, CALENDAR)
    assert clock.due_at == at("09-30", "09:00")
    assert clock.used_share(at("09-29", "15:00"), CALENDAR) == 0.5
    assert clock.light(at("09-29", "15:00")) is Light.GREEN
    assert clock.limit == CLOCK.limit


def test_extension_may_have_the_other_working_unit():
    clock = CLOCK.extend(TimeLimit(1, TimeUnit.WORK_DAY), CALENDAR)
    assert clock.due_at == at("09-30", "15:00")


def test_calendar_that_changes_moves_no_promised_deadline():
    changed = replace(CALENDAR, holidays=CALENDAR.holidays | {date(2026, 9, 29)})
    assert CLOCK.used_share(CLOCK.due_at, changed) == 1
    assert PAUSED.resume(at("09-29", "11:00"), changed).due_at == CLOCK.due_at


def test_clock_that_was_set_back_breaks_nothing():
    early = at("09-28", "09:00")
    assert CLOCK.used_seconds(early, CALENDAR) == 0
    assert CLOCK.remaining_seconds(early, CALENDAR) == 4 * 3600
    assert CLOCK.pause(early).paused_at == CLOCK.started_at
    assert CLOCK.finish(early, CALENDAR).finished_at == CLOCK.started_at
    assert PAUSED.resume(early, CALENDAR) == CLOCK
    assert PAUSED.finish(early, CALENDAR) == FINISHED
    assert FINISHED.reopen(early, CALENDAR) == CLOCK


@pytest.mark.parametrize(
    ("operate", "problem"),
    [
        (lambda: CLOCK.resume(CLOCK.due_at, CALENDAR), "cannot resume .* only a paused clock"),
        (lambda: FINISHED.resume(CLOCK.due_at, CALENDAR), "cannot resume .*finished at 2026-09-29"),
        (lambda: PAUSED.pause(CLOCK.due_at), "cannot pause .*paused since .*: resume it first"),
        (lambda: FINISHED.pause(CLOCK.due_at), "cannot pause .*finished at .*: reopen it first"),
        (lambda: FINISHED.finish(CLOCK.due_at, CALENDAR), "cannot finish .*: reopen it first"),
        (lambda: FINISHED.extend(CLOCK.limit, CALENDAR), "cannot extend .*: reopen it first"),
        (lambda: CLOCK.reopen(CLOCK.due_at, CALENDAR), "cannot reopen .* still open"),
        (lambda: PAUSED.reopen(CLOCK.due_at, CALENDAR), "cannot reopen .* still open"),
        (
            lambda: CLOCK.extend(TimeLimit(2, TimeUnit.URGENT_HOUR), CALENDAR),
            "cannot extend the clock of 4 work_hour .* by 2 urgent_hour: one counts day and night",
        ),
    ],
)
def test_illegal_operation_is_named(operate: Callable[[], StageClock], problem: str):
    with pytest.raises(ClockError, match=problem):
        operate()


@pytest.mark.parametrize(
    "changes",
    [
        {"allowed_seconds": 0.0},
        {"due_at": CLOCK.started_at - MINUTE},
        {"yellow_at": CLOCK.due_at + MINUTE},
        {"yellow_at": CLOCK.started_at - MINUTE},
        {"paused_at": CLOCK.started_at - MINUTE},
        {"finished_at": CLOCK.started_at - MINUTE},
        {"finished_at": CLOCK.due_at, "paused_at": CLOCK.due_at},
    ],
)
def test_clock_that_contradicts_itself_is_refused(changes: dict):
    with pytest.raises(ClockError, match="contradicts itself"):
        replace(CLOCK, **changes)


def test_moment_without_a_zone_is_refused():
    naive = datetime(2026, 9, 29)
    for use in (CLOCK.light, CLOCK.pause):
        with pytest.raises(ClockError, match="has no time zone"):
            use(naive)


def test_moments_are_kept_in_utc():
    assert {CLOCK.started_at.tzinfo, CLOCK.due_at.tzinfo, PAUSED.paused_at.tzinfo} == {UTC}
    assert replace(CLOCK, started_at=CLOCK.started_at.astimezone(SHANGHAI)) == CLOCK


@given(calendars(), moments(), spans(), st.sampled_from(TimeUnit))
@settings(max_examples=60)
def test_pause_without_length_changes_nothing(
    calendar: WorkingCalendar, start: datetime, span: timedelta, unit: TimeUnit
):
    clock = StageClock.start(TimeLimit(1, unit), start, calendar)
    moment = start.astimezone(UTC) + span
    assert clock.pause(moment).resume(moment, calendar) == clock
    assert clock.finish(moment, calendar).reopen(moment, calendar) == clock


@dataclass
class SlowClock:
    """What a clock must show, counted minute by minute."""

    allowed: float
    used: int = 0
    runs: bool = True

    def shows(self, clock: StageClock, moment: datetime, calendar: WorkingCalendar) -> None:
        # A deadline outside working hours may be off by a microsecond after a pause.
        assert clock.used_seconds(moment, calendar) == pytest.approx(self.used * 60, abs=1e-4)
        share, light = self.used * 60 / self.allowed, clock.light(moment)
        # Just at a border, outside working hours, it depends on whether the mark has passed.
        if abs(share - 0.8) > 1e-6 and abs(share - 1) > 1e-6:
            assert light is (
                Light.GREEN if share < 0.8 else Light.YELLOW if share < 1 else Light.RED
            )


@given(
    calendars(),
    moments(),
    st.sampled_from(TimeUnit),
    st.sampled_from([0.25, 0.5, 1, 2, 5]),
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(OPERATIONS)), max_size=10),
)
@settings(max_examples=150)
def test_clock_shows_what_each_minute_adds(
    calendar: WorkingCalendar,
    start: datetime,
    unit: TimeUnit,
    amount: float,
    steps: list[tuple[int, str]],
):
    now, limit = start.astimezone(UTC), TimeLimit(amount, unit)
    clock = StageClock.start(limit, now, calendar)
    slow = SlowClock(limit_seconds(limit, calendar))
    for minutes, operation in steps:
        earlier, now = now, now + minutes * MINUTE
        if slow.runs:
            slow.used += elapsed_minutes(earlier, now, unit, calendar)
        slow.shows(clock, now, calendar)
        before = clock.light(now)
        match operation:
            case "pause" if clock.is_running:
                clock, slow.runs = clock.pause(now), False
            case "resume" if clock.paused_at is not None:
                clock, slow.runs = clock.resume(now, calendar), True
            case "finish" if clock.finished_at is None:
                clock, slow.runs = clock.finish(now, calendar), False
            case "reopen" if clock.finished_at is not None:
                clock, slow.runs = clock.reopen(now, calendar), True
            case "extend" if clock.finished_at is None:
                clock = clock.extend(limit, calendar)
                slow.allowed += limit_seconds(limit, calendar)
                before = clock.light(now)
        assert clock.light(now) is before
        slow.shows(clock, now, calendar)


@given(calendars(), moments(), st.sampled_from(TimeUnit), spans())
@settings(max_examples=60)
def test_clock_without_pauses_is_due_at_its_deadline(
    calendar: WorkingCalendar, start: datetime, unit: TimeUnit, span: timedelta
):
    limit = TimeLimit(2, unit)
    clock = StageClock.start(limit, start, calendar)
    assert clock.due_at == deadline(start, limit, calendar)
    moment = start.astimezone(UTC) + span
    paused = clock.pause(start).resume(moment, calendar)
    assert paused.remaining_seconds(moment, calendar) == limit_seconds(limit, calendar)
