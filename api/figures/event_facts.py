"""Figures that are counted from events and from what people said of them."""

from collections.abc import Collection, Iterator
from typing import Any, get_args

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, cast, func, literal, null

from api.contract.case_words import CaseSource
from api.contract.cases import VerdictReason
from api.database.case_tables import case_events, cases, verdicts
from api.database.tables import events
from api.figures.fact_source import (
    THING,
    Dimensions,
    DistinctSource,
    FactSource,
    Lines,
    all_rows,
    minutes,
    number_of,
    time_between,
    within,
)
from api.figures.figure_question import FigureQuestion, Grouping

REASONS: tuple[str, ...] = get_args(VerdictReason)
_VIDEO = literal(CaseSource.VIDEO.value)


def event_facts(question: FigureQuestion, camera_faults: Collection[str]) -> Iterator[FactSource]:
    """Give what is counted of events.

    Args:
        question: The period.
        camera_faults: Issue codes that are faults of cameras, which are no alarms.
    """
    yield _alarms(question, camera_faults)
    yield FactSource(
        rows=_verdicts(),
        conditions=(within(verdicts.c.given_at, question),),
        dimensions=_verdict_dimensions(),
        counters={
            "verdict": all_rows(),
            "false_alarm": number_of(verdicts.c.reason.is_not(None)),
            **{f"false_alarm_{one}": number_of(verdicts.c.reason == one) for one in REASONS},
        },
    )


def verdicts_by_model(question: FigureQuestion, lines: Lines) -> Select[Any]:
    """Return the statement that counts verdicts by the model version and the reason."""
    name, version = verdicts.c.model["name"].astext, verdicts.c.model["version"].astext
    source = FactSource(
        rows=_verdicts(),
        conditions=(within(verdicts.c.given_at, question),),
        dimensions=_verdict_dimensions(),
        counters={},
    )
    counted = source.counting(question, lines).add_columns(
        name.label("model_name"),
        version.label("model_version"),
        verdicts.c.reason,
        func.count().label("verdicts"),
    )
    by = ("model_name", "model_version", verdicts.c.reason)
    return counted.group_by(*by).order_by(*by)


def _alarms(question: FigureQuestion, camera_faults: Collection[str]) -> FactSource:
    days = 1 if question.group is Grouping.DAY else question.days
    counters = {
        "alarms": all_rows(),
        "delay": time_between(events.c.first_seen, events.c.received_at),
    }

    def totals(cameras: Subquery) -> dict[str, ColumnElement[Any]]:
        row = cameras.c
        return {
            "alarms": cast(func.sum(row.alarms), BigInteger),
            "alarm_camera_days": func.count(row[THING].distinct()) * days,
            "delay_minutes": minutes(func.sum(row.delay)),
        }

    conditions = (
        within(events.c.first_seen, question),
        events.c.issue_code.not_in(sorted(camera_faults)),
    )
    places = {Grouping.AREA, Grouping.DEPARTMENT}
    if question.group not in places and not question.wanted.asks_for_places:
        nowhere = null()
        alone = Dimensions(events.c.first_seen, events.c.issue_code, _VIDEO, nowhere, nowhere)
        return DistinctSource(events, conditions, alone, counters, events.c.camera_id, totals)
    rows = events.outerjoin(case_events, case_events.c.event_id == events.c.event_id).outerjoin(
        cases, cases.c.case_id == case_events.c.case_id
    )
    placed = Dimensions(events.c.first_seen, events.c.issue_code, _VIDEO)
    return DistinctSource(rows, conditions, placed, counters, events.c.camera_id, totals)


def _verdicts() -> Any:  # noqa: ANN401 - SQLAlchemy's own join
    return verdicts.outerjoin(cases, cases.c.case_id == verdicts.c.case_id)


def _verdict_dimensions() -> Dimensions:
    return Dimensions(verdicts.c.given_at, verdicts.c.issue_code, _VIDEO)
