"""The API's figures of a simulated day beside those recomputed from its cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from benchmarks.figures.case_record import CaseRecord, ClockRecord, StepRecord
from benchmarks.figures.recomputed import Fact, Recomputed, Span
from benchmarks.simulation.played_case import PlayedCase
from demo.staff_client import StaffClient

# A mean of minutes is summed in another order.
NEARLY = 1e-6
_LINES: dict[str, Callable[[Fact], str]] = {
    "none": lambda _: "",
    "source": lambda fact: fact.source,
    "issue_type": lambda fact: fact.issue_code,
}
# Counted from events and verdicts, which the record of cases does not tell of.
_OF_EVENTS = ("alarm", "delay_minutes", "verdict", "false_alarm")


@dataclass(frozen=True, slots=True)
class FigureComparison:
    """How the two compare.

    Attributes:
        compared: How many figures there are.
        differing: Those that differ, in words.
    """

    compared: int
    differing: tuple[str, ...]


async def compared_figures(staff: StaffClient, played: Sequence[PlayedCase]) -> FigureComparison:
    """Ask for the figures of all cases' time in several groupings, and recompute each."""
    records = [_record(one) for one in played]
    start = min(record.reported_at for record in records) - timedelta(hours=1)
    until = start + timedelta(days=3)
    compared, differing = 0, list[str]()
    for group, line in _LINES.items():
        query = f"from={quote(start.isoformat())}&until={quote(until.isoformat())}&group={group}"
        answer = await staff.document("evaluator", f"/v1/figures?{query}")
        span = Span(start, until, datetime.fromisoformat(answer["as_of"]))
        recomputed = Recomputed(span, line, days=(until - start) / timedelta(days=1))
        recomputed.add_cases(records)
        for name, given, own in _pairs(answer, recomputed):
            compared += 1
            if abs(given - own) > NEARLY * max(1.0, abs(own)):
                differing.append(f"{group} {name}: {given} and {own}")
    return FigureComparison(compared, tuple(differing))


def _pairs(answer: dict[str, Any], recomputed: Recomputed) -> list[tuple[str, float, float]]:
    given = {one["key"]: one["counters"] for one in answer["lines"]}
    found = []
    for key in sorted(given.keys() | recomputed.lines.keys()):
        counters, own = given.get(key, {}), recomputed.lines[key]
        names = sorted(counters.keys() | own.keys())
        found += [
            (f"{key} {name}".strip(), counters.get(name, 0.0), own.get(name, 0.0))
            for name in names
            if not name.startswith(_OF_EVENTS)
        ]
    return found


def _record(one: PlayedCase) -> CaseRecord:
    document, history = one.document, one.history
    return CaseRecord(
        case_id=document.case_id,
        state=document.state.value,
        source=document.source.value,
        issue_code=document.issue_code,
        steps=tuple(
            StepRecord(
                action=step.action,
                from_state=None if step.from_state is None else step.from_state.value,
                to_state=step.to_state.value,
                at=step.at,
                department_id=_text(step.details.get("department_id")),
            )
            for step in history.flow
        ),
        clocks=tuple(
            ClockRecord(
                stage=clock.stage.value,
                limit_unit=clock.limit_unit,
                started_at=clock.started_at,
                due_at=clock.due_at,
                is_paused=clock.paused_at is not None,
                finished_at=clock.finished_at,
                used_seconds=clock.used_seconds,
            )
            for clock in history.clocks
        ),
        timeout_exempt=document.timeout_exempt,
        self_handled=document.self_handled,
        auto_registered=document.auto_registered,
        auto_dispatched=document.auto_dispatched,
        event_count=document.event_count,
        is_return=document.recurrence_of is not None,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
