"""A case that was counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.figures.case_record import (
    CaseRecord,
    ClockRecord,
    EventRecord,
    StepRecord,
    VerdictRecord,
)
from benchmarks.figures.recomputed import Fact, Recomputed, Span

START = datetime(2026, 11, 9, tzinfo=UTC)
SPAN = Span(START, START + timedelta(days=7), START + timedelta(days=30))


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


# Reported, registered at once, sent to one department and, given back, to another one, which is
# late; closed.
CASE = CaseRecord(
    case_id="a",
    state="closed",
    source="video",
    issue_code="09001",
    department_path="/roads/",
    event_count=3,
    steps=(
        StepRecord("report", None, "reported", at(0)),
        StepRecord("register", "reported", "pending_dispatch", at(0.5)),
        StepRecord("dispatch", "pending_dispatch", "pending_handle", at(0.6), "clean"),
        StepRecord("return_to_dispatcher", "pending_handle", "pending_dispatch", at(1)),
        StepRecord("dispatch", "pending_dispatch", "pending_handle", at(1.1), "roads"),
        StepRecord("assign", "pending_handle", "handling", at(2)),
        StepRecord("submit_result", "handling", "handle_finished", at(9)),
        StepRecord("confirm", "handle_finished", "pending_check", at(10)),
        StepRecord("request_post_check", "pending_check", "checking", at(11)),
        StepRecord("check_passed", "checking", "pending_close", at(12)),
        StepRecord("close", "pending_close", "closed", at(13)),
        StepRecord("appeal", "closed", "closed", at(900)),
    ),
    clocks=(
        ClockRecord("accept", "urgent_hour", at(0), at(0.25), finished_at=at(0.5)),
        ClockRecord("dispatch", "urgent_hour", at(0.5), at(0.75), finished_at=at(0.6)),
        ClockRecord("handle", "work_hour", at(0.6), at(5), False, at(1.1), 1440.0, "/clean/"),
        ClockRecord("dispatch", "urgent_hour", at(1), at(1.25), finished_at=at(1.1)),
        ClockRecord("handle", "work_hour", at(1.1), at(5), False, at(10), 21600.0, "/roads/"),
        ClockRecord("post_check", "urgent_hour", at(11), at(11.5), finished_at=at(12)),
    ),
)
COUNTS = {
    "report": 1,
    "video_report": 1,
    "confirmed_true": 1,
    "valid_report": 1,
    "duplicates_suppressed": 2,
    "accept": 1,
    "register": 1,
    "accurate_register": 1,
    "triaged": 1,
    "triage_minutes": 30,
    "first_dispatch": 1,
    "wrong_dispatch": 1,
    "back": 1,
    "need_dispatch": 2,
    "dispatch": 2,
    "in_time_dispatch": 2,
    "need_dispose": 1,
    "dispose": 1,
    "overtime_dispose": 1,
    "working_disposals": 1,
    "working_minutes": 360,
    "wall_minutes": 534,
    "need_check": 1,
    "check": 1,
    "archive": 1,
    "need_archive": 1,
    "overtime_archive": 1,
}


def everything(fact: Fact) -> str:
    return "all"


def test_a_case_counts_as_by_hand():
    again = Recomputed(SPAN, everything, days=7)
    again.add_cases([CASE])
    assert {name: count for name, count in again.lines["all"].items() if count} == pytest.approx(
        COUNTS
    )


def test_a_line_that_is_not_asked_about_is_left_out():
    def of_clean(fact: Fact) -> str | None:
        return "clean" if fact.department_path == "/clean/" else None

    again = Recomputed(SPAN, of_clean, days=7)
    again.add_cases([CASE])
    assert dict(again.lines) == {}


def test_events_count_by_camera_and_verdicts_by_reason():
    again = Recomputed(SPAN, everything, days=7)
    again.add_events(EventRecord(f"c-{n % 2}", "09001", at(n), at(n + 0.1)) for n in range(5))
    again.add_verdicts([VerdictRecord("09001", at(1), None), VerdictRecord("09001", at(1), "test")])
    assert again.lines["all"] == pytest.approx(
        {
            "alarms": 5,
            "delay_minutes": 30,
            "alarm_camera_days": 14,
            "verdict": 2,
            "false_alarm": 1,
            "false_alarm_test": 1,
        }
    )
