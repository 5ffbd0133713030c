"""Figures that are counted from the cases themselves, each by a moment of theirs."""

from collections.abc import Iterable, Iterator

from sqlalchemy import and_, case, func

from api.contract.case_words import CaseSource, CaseState
from api.database.case_tables import case_flow, cases
from api.figures.fact_source import (
    Dimensions,
    FactSource,
    all_rows,
    number_of,
    was_open_within,
    where,
    within,
)
from api.figures.figure_question import FigureQuestion, Grouping

CLOSED = (CaseState.CLOSED.value, CaseState.FORCED_CLOSE.value)
TAKEN_BACK = (CaseState.CANCELLED.value, CaseState.NOT_ACCEPTED.value, CaseState.MERGED.value)
PUBLIC_SOURCES = (
    CaseSource.HOTLINE.value,
    CaseSource.WECHAT.value,
    CaseSource.POLICE_110.value,
    CaseSource.OPEN311.value,
)
IS_CLOSED = cases.c.state.in_(CLOSED)
IS_VIDEO = cases.c.source == CaseSource.VIDEO.value
# What each step of the record counts as.
COUNTED_ACTIONS = {
    "return_to_acceptor": "back",
    "return_to_dispatcher": "back",
    "approve_suspension": "hang",
    "approve_delay": "delay",
    "supervise": "supervise",
}


def case_facts(question: FigureQuestion) -> Iterator[FactSource]:
    """Give what is counted of cases in a period."""
    own = (_reported(question), _registered(question), _dispatched(question), _ended(question))
    if question.group is Grouping.DAY:
        yield from own
    else:
        yield _in_one_pass(own, question)
    yield _steps(question)


def _in_one_pass(sources: Iterable[FactSource], question: FigureQuestion) -> FactSource:
    """Count what cases count by moments of their own while reading each of them once.

    Only where lines are not days: then a case is in the same line for all of its moments.
    """
    counters = {
        name: where(value, *source.conditions)
        for source in sources
        for name, value in source.counters.items()
    }
    return FactSource(
        cases, (was_open_within(question),), Dimensions(cases.c.reported_at), counters
    )


def _reported(question: FigureQuestion) -> FactSource:
    registered = cases.c.registered_at.is_not(None)
    fixed = and_(cases.c.self_handled, cases.c.state == CaseState.CLOSED.value)
    beyond_the_first = func.greatest(cases.c.event_count - 1, 0)
    return FactSource(
        rows=cases,
        conditions=(within(cases.c.reported_at, question),),
        dimensions=Dimensions(cases.c.reported_at),
        counters={
            "report": all_rows(),
            "public_report": number_of(cases.c.source.in_(PUBLIC_SOURCES)),
            "self_handled": number_of(cases.c.self_handled.is_(True)),
            "recurrence": number_of(cases.c.recurrence_of.is_not(None)),
            "valid_report": number_of(registered | fixed),
            "video_report": number_of(IS_VIDEO),
            "confirmed_true": number_of(IS_VIDEO & registered),
            "duplicates_suppressed": func.sum(beyond_the_first).filter(
                cases.c.state != CaseState.MERGED.value
            ),
        },
    )


def _registered(question: FigureQuestion) -> FactSource:
    return FactSource(
        rows=cases,
        conditions=(within(cases.c.registered_at, question),),
        dimensions=Dimensions(cases.c.registered_at),
        counters={
            "register": all_rows(),
            "accurate_register": number_of(cases.c.state.not_in(TAKEN_BACK)),
            "auto_register": number_of(cases.c.auto_registered.is_(True)),
        },
    )


def _dispatched(question: FigureQuestion) -> FactSource:
    elsewhere = cases.c.departments_count > 1
    return FactSource(
        rows=cases,
        conditions=(within(cases.c.dispatched_at, question),),
        dimensions=Dimensions(cases.c.dispatched_at),
        counters={
            "first_dispatch": all_rows(),
            "accurate_dispatch": number_of(IS_CLOSED & ~elsewhere),
            "wrong_dispatch": number_of(elsewhere),
            "auto_dispatch": number_of(cases.c.auto_dispatched.is_(True)),
        },
    )


def _ended(question: FigureQuestion) -> FactSource:
    kept = cases.c.handled_in_time
    return FactSource(
        rows=cases,
        conditions=(within(cases.c.ended_at, question),),
        dimensions=Dimensions(cases.c.ended_at),
        counters={
            "need_archive": number_of(IS_CLOSED),
            "archive": number_of(IS_CLOSED),
            "in_time_archive": number_of(IS_CLOSED & (kept | cases.c.timeout_exempt)),
            "overtime_archive": number_of(IS_CLOSED & ~kept),
            "rework": number_of(IS_CLOSED & (cases.c.rework_count > 0)),
            "cancel": number_of(cases.c.state == CaseState.CANCELLED.value),
        },
    )


def _steps(question: FigureQuestion) -> FactSource:
    counted_as = case(COUNTED_ACTIONS, value=case_flow.c.action)
    return FactSource(
        rows=case_flow.join(cases, cases.c.case_id == case_flow.c.case_id),
        conditions=(
            case_flow.c.action.in_(COUNTED_ACTIONS),
            within(case_flow.c.at, question),
        ),
        dimensions=Dimensions(case_flow.c.at),
        counters={
            name: number_of(counted_as == name) for name in sorted(set(COUNTED_ACTIONS.values()))
        },
    )
