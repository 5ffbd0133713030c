"""Figures that are counted from tasks: the clocks of the stages of cases.

A task counts in a period in which it was done; one that was not, in the period that it was due
in. A task that ended without being done, as its case was voided or went to another department,
counts nowhere.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    or_,
    select,
    true,
)

from api.clocks.time_limit import TimeUnit
from api.contract.case_words import CaseState, Stage
from api.database.case_tables import case_clocks, cases
from api.database.dispatch_tables import organisation_units
from api.figures.case_facts import IS_CLOSED, IS_VIDEO, TAKEN_BACK
from api.figures.fact_source import (
    Condition,
    Dimensions,
    FactSource,
    all_rows,
    minutes,
    number_of,
    time_between,
    was_open_within,
    within,
)
from api.figures.figure_question import FigureQuestion

# In which ends of a case an open task of it ended, too, without being done. Rejecting and merging
# a report is what its acceptance is for.
_UNDONE_ACCEPTANCE = (CaseState.CANCELLED.value, CaseState.FORCED_CLOSE.value)
_UNDONE = (*TAKEN_BACK, CaseState.FORCED_CLOSE.value)
_WORKING = tuple(unit.value for unit in TimeUnit if not unit.is_continuous)
# A case in these has a department whose deadline runs or ran.
_AFTER_DISPATCH = (
    CaseState.PENDING_HANDLE.value,
    CaseState.HANDLING.value,
    CaseState.HANDLE_FINISHED.value,
    CaseState.PENDING_CHECK.value,
    CaseState.CHECKING.value,
    CaseState.PENDING_CLOSE.value,
)


def task_facts(question: FigureQuestion, as_of: datetime) -> Iterator[FactSource]:
    """Give what is counted of tasks.

    Args:
        question: The period.
        as_of: The moment by which a task is overdue: the end of the period, or now if it has
            not ended.
    """
    went_straight = and_(cases.c.return_count == 0, cases.c.departments_count <= 1)
    # By the indexes of the clocks, shared among processes.
    tasks = _done(question).union_all(_waiting(question)).cte("tasks")
    yield _tasks(tasks, question, as_of, went_straight)
    # Whether a task ended undone needs a second look at the few cases that came back. They are
    # counted apart, from the cases on: a statement with such looks is never shared.
    tasks = _done_or_waiting(question).cte("tasks")
    yield _tasks(tasks, question, as_of, and_(~went_straight, ~_went_elsewhere(tasks)))
    yield _due_cases(question, as_of)


def _tasks(
    tasks: FromClause, question: FigureQuestion, as_of: datetime, which: Condition
) -> FactSource:
    row = tasks.c
    return FactSource(
        rows=_with_cases(tasks, question),
        conditions=(which, ~_ended_with_case(tasks)),
        dimensions=Dimensions(
            moment=case((row.done, row.finished_at), else_=row.due_at),
            department_path=_department(tasks),
        ),
        counters={**_office_counters(tasks), **_handling_counters(tasks, as_of)},
    )


def _office_counters(tasks: FromClause) -> dict[str, ColumnElement[Any]]:
    """What is counted of accepting, dispatching and checking."""
    row = tasks.c
    accepted = and_(row.stage == Stage.ACCEPT.value, row.done)
    first_of_video = and_(accepted, row.number == 1, IS_VIDEO)
    in_time = and_(row.done, row.finished_at <= row.due_at)
    registered = and_(accepted, row.number == 1, in_time, cases.c.registered_at.is_not(None))
    dispatch = row.stage == Stage.DISPATCH.value
    check = row.stage == Stage.POST_CHECK.value
    return {
        "accept": number_of(accepted),
        "in_time_register": number_of(registered),
        "triaged": number_of(first_of_video),
        "triage_minutes": minutes(time_between(row.started_at, row.finished_at, first_of_video)),
        "need_dispatch": number_of(dispatch),
        "dispatch": number_of(and_(dispatch, row.done)),
        "in_time_dispatch": number_of(and_(dispatch, in_time)),
        "need_check": number_of(check),
        "check": number_of(and_(check, row.done)),
        "in_time_check": number_of(and_(check, in_time)),
    }


def _handling_counters(tasks: FromClause, as_of: datetime) -> dict[str, ColumnElement[Any]]:
    row = tasks.c
    handle = row.stage == Stage.HANDLE.value
    handled = and_(handle, row.done)
    kept = row.finished_at <= row.due_at
    working = and_(handled, row.limit_unit.in_(_WORKING))
    return {
        "need_dispose": number_of(handle),
        "dispose": number_of(handled),
        "in_time_dispose": number_of(and_(handled, or_(kept, cases.c.timeout_exempt))),
        "overtime_dispose": number_of(and_(handled, ~kept)),
        "to_dispose": number_of(and_(handle, ~row.done)),
        "overtime_to_dispose": number_of(and_(handle, ~row.done, row.due_at < as_of)),
        "working_disposals": number_of(working),
        "working_minutes": func.sum(row.used_seconds / 60).filter(working),
        "wall_minutes": minutes(time_between(row.started_at, row.finished_at, handled)),
    }


def _done(question: FigureQuestion) -> Select[Any]:
    return _clocks(true(), _is_done(question))


def _waiting(question: FigureQuestion) -> Select[Any]:
    return _clocks(false(), _is_waiting(question))


def _done_or_waiting(question: FigureQuestion) -> Select[Any]:
    done = func.coalesce(within(case_clocks.c.finished_at, question), false())
    return _clocks(done, or_(_is_done(question), _is_waiting(question)))


def _is_done(question: FigureQuestion) -> Condition:
    stages = (Stage.ACCEPT, Stage.DISPATCH, Stage.HANDLE, Stage.POST_CHECK)
    return and_(
        case_clocks.c.stage.in_([stage.value for stage in stages]),
        within(case_clocks.c.finished_at, question),
    )


def _is_waiting(question: FigureQuestion) -> Condition:
    stages = (Stage.DISPATCH, Stage.HANDLE, Stage.POST_CHECK)
    clock = case_clocks.c
    return and_(
        clock.stage.in_([stage.value for stage in stages]),
        within(clock.due_at, question),
        or_(
            clock.finished_at >= question.until,
            and_(clock.finished_at.is_(None), clock.paused_at.is_(None)),
        ),
        # Follows from the rest, and is what the index knows.
        or_(clock.finished_at.is_(None), clock.finished_at > clock.due_at),
    )


def _clocks(done: ColumnElement[Any], condition: Condition) -> Select[Any]:
    clock = case_clocks.c
    return select(
        *(clock.case_id, clock.number, clock.stage, clock.department_id, clock.limit_unit),
        *(clock.started_at, clock.due_at, clock.finished_at, clock.used_seconds),
        done.label("done"),
    ).where(condition)


def _with_cases(tasks: FromClause, question: FigureQuestion) -> FromClause:
    # Follows from the rest, and keeps the cases of other years out of the join.
    here = and_(cases.c.case_id == tasks.c.case_id, was_open_within(question))
    return tasks.join(cases, here).outerjoin(
        organisation_units, organisation_units.c.unit_id == tasks.c.department_id
    )


def _department(tasks: FromClause) -> ColumnElement[Any]:
    """Whoever the handling was with then; of the other stages, whoever handles the case now."""
    then = case((tasks.c.stage == Stage.HANDLE.value, organisation_units.c.path), else_=None)
    return func.coalesce(then, cases.c.department_path)


def _ended_with_case(tasks: FromClause) -> Condition:
    """Whether a task ended undone because its case ended."""
    row = tasks.c
    acceptance = row.stage == Stage.ACCEPT.value
    # Moments first, which most tasks fail by, and which are sooner compared than words.
    return and_(
        or_(row.finished_at.is_(None), row.finished_at >= cases.c.ended_at),
        or_(
            cases.c.state.in_(_UNDONE_ACCEPTANCE),
            and_(~acceptance, cases.c.state.in_(_UNDONE)),
        ),
    )


def _went_elsewhere(tasks: FromClause) -> ColumnElement[Any]:
    """Whether a task ended undone because its case went back or to another department."""
    row = tasks.c
    return case(
        (
            and_(row.stage == Stage.DISPATCH.value, cases.c.return_count > 0),
            _is_followed_by_acceptance(tasks),
        ),
        (
            and_(row.stage == Stage.HANDLE.value, cases.c.departments_count > 1),
            _is_followed_by_another_handling(tasks),
        ),
        else_=false(),
    )


def _is_followed_by_acceptance(tasks: FromClause) -> ColumnElement[Any]:
    later = case_clocks.alias("next_clock")
    # A scalar rather than EXISTS, which the planner might answer by reading all clocks there are.
    stage = (
        select(later.c.stage)
        .where(later.c.case_id == tasks.c.case_id, later.c.number == tasks.c.number + 1)
        .scalar_subquery()
    )
    return func.coalesce(stage == Stage.ACCEPT.value, False)


def _is_followed_by_another_handling(tasks: FromClause) -> ColumnElement[Any]:
    later = case_clocks.alias("later_handling")
    return exists().where(
        later.c.case_id == tasks.c.case_id,
        later.c.number > tasks.c.number,
        later.c.stage == Stage.HANDLE.value,
        later.c.started_at <= tasks.c.finished_at,
    )


def _due_cases(question: FigureQuestion, as_of: datetime) -> FactSource:
    """Cases whose latest handling was due in the period and that were not closed by its end."""
    # Looked up for each case: those open at a moment are few, of which the planner knows nothing.
    clock = (
        select(case_clocks.c.due_at)
        .where(
            case_clocks.c.case_id == cases.c.case_id,
            case_clocks.c.stage == Stage.HANDLE.value,
        )
        .order_by(case_clocks.c.number.desc())
        .limit(1)
        .lateral("latest_handling")
    )
    due_at = clock.c.due_at
    open_still = and_(
        cases.c.state.in_(_AFTER_DISPATCH),
        cases.c.ended_at.is_(None),
    )
    closed_later = and_(
        IS_CLOSED,
        cases.c.ended_at >= question.until,
        # Follows from the due date, and is what the index knows.
        cases.c.reported_at < question.until,
    )
    return FactSource(
        rows=cases.join(clock, true()),
        conditions=(or_(open_still, closed_later), within(due_at, question)),
        dimensions=Dimensions(moment=due_at),
        counters={
            "need_archive": all_rows(),
            "overtime_to_archive": number_of(due_at < as_of),
        },
    )
