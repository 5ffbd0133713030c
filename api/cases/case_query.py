"""Which cases a reader asks for, and where in the list it stands."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    TextClause,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from api.cases.reach import EVERYWHERE, Reach
from api.cases.word_pairs import pairs_of
from api.contract.case_words import CaseSource, CaseState, Light
from api.database.case_tables import case_events, cases
from api.database.list_plans import BY_ESTIMATE, BY_ORDERED_WALK
from models.words import ULID_PATTERN
from streams.kit.errors import CityPatrolError

CASE_ID = re.compile(ULID_PATTERN)


class CaseCursorError(CityPatrolError):
    """A cursor that did not come from ``next_cursor``."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a reader asks for; None and empty ask for nothing in particular.

    Attributes:
        states: It is in one of these.
        is_open: Whether it has ended.
        lights: Its running clock stands like this.
        issue_codes: Its type.
        sources: Its channel.
        department_id: Who handles it.
        handler: Who is on it.
        unit_grid: Its cell.
        text: Its number, or a part of what the reporter said.
        since: Reported at or after.
        until: Reported before.
        event_id: It is about this event.
        text_pairs: Those pairs of letters of the text that an index is asked for; empty for all.
    """

    states: tuple[CaseState, ...] = ()
    is_open: bool | None = None
    lights: tuple[Light, ...] = ()
    issue_codes: tuple[str, ...] = ()
    sources: tuple[CaseSource, ...] = ()
    department_id: str | None = None
    handler: str | None = None
    unit_grid: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    event_id: str | None = None
    text_pairs: tuple[str, ...] = ()

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """Return the SQL conditions for rows of ``cases`` at a moment."""
        columns = cases.c
        asked: list[tuple[object, Callable[[], ColumnElement[bool]]]] = [
            (self.states, lambda: columns.state.in_([state.value for state in self.states])),
            (self.is_open, lambda: columns.ended_at.is_(None)),
            (self.is_open is False, lambda: columns.ended_at.is_not(None)),
            (self.lights, lambda: or_(*(_shows(light, now) for light in self.lights))),
            (self.issue_codes, lambda: columns.issue_code.in_(self.issue_codes)),
            (self.sources, lambda: columns.source.in_([one.value for one in self.sources])),
            (self.department_id, lambda: columns.department_id == self.department_id),
            (self.handler, lambda: columns.handler == self.handler),
            (self.unit_grid, lambda: columns.unit_grid == self.unit_grid),
            (self.text, lambda: _says(self.text or "", self.text_pairs)),
            (self.since, lambda: columns.reported_at >= self.since),
            (self.until, lambda: columns.reported_at < self.until),
            (self.event_id, lambda: columns.case_id.in_(_of_event(self.event_id or ""))),
        ]
        return [condition() for is_asked, condition in asked if is_asked]


def newest_first(wanted: CaseFilter, reach: Reach, now: datetime) -> Select[Any]:
    """Return the query for what somebody asks for and may see, newest first."""
    conditions = (reach.condition(), *wanted.conditions(now))
    order = cases.c.reported_at.desc(), cases.c.case_id.desc()
    return select(cases).where(*conditions).order_by(*order)


def list_plan(wanted: CaseFilter, reach: Reach) -> TextClause:
    """Return how a page of that query shall be planned; to be executed before it."""
    # Open cases are few, and in their order in an index: they are walked through wherever they lie.
    is_near = reach.path == EVERYWHERE or wanted.is_open is True
    is_ordered = wanted.text is None and is_near
    return BY_ORDERED_WALK if is_ordered else BY_ESTIMATE


def _of_event(event_id: str) -> Select[tuple[str]]:
    return select(case_events.c.case_id).where(case_events.c.event_id == event_id)


def _says(text: str, pairs: tuple[str, ...]) -> ColumnElement[bool]:
    columns = cases.c
    # What is said contains a text only if it contains each pair of its letters: those are in an
    # index, which knows words of any language. It comes second: cut up is only what does contain
    # the text, where no index is asked.
    grams = cast(list(pairs or pairs_of(text)), ARRAY(Text))
    return or_(
        columns.number.startswith(text, autoescape=True),
        columns.external_number == text,
        and_(
            columns.description.contains(text, autoescape=True),
            func.text_grams(columns.description).op("@>")(grams),
        ),
    )


def _shows(light: Light, now: datetime) -> ColumnElement[bool]:
    columns = cases.c
    runs = columns.due_at.is_not(None)
    match light:
        case Light.GREEN:
            return and_(runs, columns.yellow_at >= now)
        case Light.YELLOW:
            return and_(runs, columns.yellow_at < now, columns.due_at >= now)
        case Light.RED:
            return and_(runs, columns.due_at < now)


@dataclass(frozen=True, slots=True)
class CaseCursor:
    """Where a page ended.

    Attributes:
        reported_at: Of its last case.
        case_id: Of its last case.
    """

    reported_at: datetime
    case_id: str

    def token(self) -> str:
        """Write it so that it fits into a query."""
        said = json.dumps([self.reported_at.astimezone(UTC).isoformat(), self.case_id])
        return base64.urlsafe_b64encode(said.encode()).decode()

    @classmethod
    def parse(cls, token: str) -> Self:
        """Read what ``token`` wrote.

        Raises:
            CaseCursorError: It is none.
        """
        try:
            moment, case_id = json.loads(base64.urlsafe_b64decode(token.encode()))
            reported_at = datetime.fromisoformat(moment)
            is_sound = reported_at.tzinfo is not None and CASE_ID.fullmatch(case_id)
        except (ValueError, TypeError, RecursionError):
            is_sound = None
        if not is_sound:
            raise CaseCursorError("is no cursor; pass the next_cursor of the page before")
        return cls(reported_at, case_id)

    def condition(self) -> ColumnElement[bool]:
        """Return the SQL condition for what comes after it, newest first."""
        mark = tuple_(literal(self.reported_at), literal(self.case_id))
        return tuple_(cases.c.reported_at, cases.c.case_id) < mark
