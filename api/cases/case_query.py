"""Which cases a reader asks for, and where in the list it stands."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from sqlalchemy import ColumnElement, and_, literal, or_, tuple_

from api.contract.case_words import CaseSource, CaseState, Light
from api.database.case_tables import cases
from streams.kit.errors import CityPatrolError


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

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """Return the SQL conditions for rows of ``cases`` at a moment."""
        columns = cases.c
        found: list[ColumnElement[bool]] = []
        if self.states:
            found.append(columns.state.in_([state.value for state in self.states]))
        if self.is_open is not None:
            ended = columns.ended_at
            found.append(ended.is_(None) if self.is_open else ended.is_not(None))
        if self.lights:
            found.append(or_(*(_shows(light, now) for light in self.lights)))
        if self.issue_codes:
            found.append(columns.issue_code.in_(self.issue_codes))
        if self.sources:
            found.append(columns.source.in_([source.value for source in self.sources]))
        for name in ("department_id", "handler", "unit_grid"):
            if (value := getattr(self, name)) is not None:
                found.append(columns[name] == value)
        if self.text is not None:
            found.append(
                or_(
                    columns.number.startswith(self.text, autoescape=True),
                    columns.external_number == self.text,
                    columns.description.contains(self.text, autoescape=True),
                )
            )
        if self.since is not None:
            found.append(columns.reported_at >= self.since)
        if self.until is not None:
            found.append(columns.reported_at < self.until)
        return found


def _shows(light: Light, now: datetime) -> ColumnElement[bool]:
    columns = cases.c
    match light:
        case Light.GREEN:
            return columns.yellow_at >= now
        case Light.YELLOW:
            return and_(columns.yellow_at < now, columns.due_at >= now)
        case Light.RED:
            return columns.due_at < now


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
            if reported_at.tzinfo is None or not isinstance(case_id, str) or "\x00" in case_id:
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            raise CaseCursorError("is no cursor; pass the next_cursor of the page before") from None
        return cls(reported_at, case_id)

    def condition(self) -> ColumnElement[bool]:
        """Return the SQL condition for what comes after it, newest first."""
        mark = tuple_(literal(self.reported_at), literal(self.case_id))
        return tuple_(cases.c.reported_at, cases.c.case_id) < mark
