"""Which events a reader asks for, and where in the list it stands."""

import base64
import json
import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, TextClause, tuple_

from api.contract.confirmations import ConfirmationStatus
from api.contract.events import EventStatus
from api.database.list_plans import BY_ESTIMATE, BY_ORDERED_WALK
from api.database.tables import events
from api.events.event_row import UNKNOWN_KIND
from api.grids.ground_reach import EVERYWHERE, GroundReach
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import ULID_PATTERN, IssueKind
from streams.kit.errors import CityPatrolError

EVENT_ID = re.compile(ULID_PATTERN)


class CursorError(CityPatrolError):
    """A cursor that did not come from ``next_cursor``."""


class BoxError(CityPatrolError):
    """A box that is none."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of WGS-84 degrees; its borders belong to it.

    Attributes:
        west: Least longitude.
        south: Least latitude.
        east: Greatest longitude.
        north: Greatest latitude.
    """

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``minlon,minlat,maxlon,maxlat``.

        Raises:
            BoxError: It is no such thing; says why.
        """
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise BoxError("write four numbers: minlon,minlat,maxlon,maxlat") from None
        if not all(math.isfinite(value) for value in (west, south, east, north)):
            raise BoxError("write finite numbers")
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise BoxError(
                "minlon must not exceed maxlon nor minlat maxlat, within -180..180 and -90..90"
            )
        return cls(west, south, east, north)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list of events, newest first: just after one event.

    Attributes:
        first_seen: That event's first_seen.
        event_id: Its id.
    """

    first_seen: datetime
    event_id: str

    def token(self) -> str:
        """Write it as the opaque text that readers pass back."""
        content = json.dumps([self.first_seen.astimezone(UTC).isoformat(), self.event_id])
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, token: str) -> Self:
        """Read what ``token`` wrote.

        Raises:
            CursorError: It is something else.
        """
        try:
            padded = token + "=" * (-len(token) % 4)
            moment, event_id = json.loads(
                base64.b64decode(padded.encode("ascii"), b"-_", validate=True)
            )
            first_seen = datetime.fromisoformat(moment).astimezone(UTC)
            is_event = EVENT_ID.fullmatch(event_id) is not None
        except (ValueError, TypeError, OverflowError, RecursionError):
            is_event = False
        if not is_event:
            raise CursorError(
                "is no cursor; pass the next_cursor of the page before, or none for the first page"
            )
        return cls(first_seen, event_id)


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What must hold of an event; what is empty or None is not asked.

    Attributes:
        issue_codes: It is of one of these types.
        kinds: Its type is of one of these kinds.
        camera_id: This camera saw it.
        unit_grid: It lies in this cell.
        status: It stands or is cleared.
        since: first_seen at or after this time.
        until: first_seen before this time.
        box: It lies in this rectangle.
        confirmations: Its confirmation has one of these statuses.
        recurrence_of: It is the next one after this event, which cleared at the same place.
        reach: It lies on this ground.
    """

    issue_codes: tuple[str, ...] = ()
    kinds: frozenset[IssueKind] = frozenset()
    camera_id: str | None = None
    unit_grid: str | None = None
    status: EventStatus | None = None
    since: datetime | None = None
    until: datetime | None = None
    box: Box | None = None
    confirmations: frozenset[ConfirmationStatus] = frozenset()
    recurrence_of: str | None = None
    reach: GroundReach = EVERYWHERE

    def conditions(self, catalogue: IssueCatalogue) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions that all must hold.

        Args:
            catalogue: Which kind each type is of.
        """
        columns = events.c
        found: list[ColumnElement[bool]] = []
        if self.issue_codes:
            found.append(columns.issue_code.in_(self.issue_codes))
        if self.kinds:
            found.append(of_kinds(self.kinds, catalogue))
        named = (
            (columns.camera_id, self.camera_id),
            (columns.unit_grid, self.unit_grid),
            (columns.recurrence_of, self.recurrence_of),
        )
        found += [column == name for column, name in named if name is not None]
        if self.status is EventStatus.OPEN:
            found.append(columns.cleared_at.is_(None))
        if self.status is EventStatus.CLEARED:
            found.append(columns.cleared_at.is_not(None))
        if self.since is not None:
            found.append(columns.first_seen >= self.since)
        if self.until is not None:
            found.append(columns.first_seen < self.until)
        if self.box is not None:
            found.append(columns.lon.between(self.box.west, self.box.east))
            found.append(columns.lat.between(self.box.south, self.box.north))
        if self.confirmations:
            wanted = sorted(status.value for status in self.confirmations)
            found.append(columns.confirmation["status"].astext.in_(wanted))
        if not self.reach.is_everywhere:
            found.append(self.reach.condition(columns.unit_grid))
        return found


def list_plan(wanted: EventFilter) -> TextClause:
    """Return how a page of events shall be planned; to be executed before it."""
    return BY_ORDERED_WALK if wanted.reach.is_everywhere else BY_ESTIMATE


def of_kinds(kinds: Collection[IssueKind], catalogue: IssueCatalogue) -> ColumnElement[bool]:
    """Return the SQL condition that an event's type is of one of these kinds."""
    words = frozenset(kind.value for kind in kinds)
    # Types of an older catalogue are in no list, so that they are told by what they are not.
    if UNKNOWN_KIND in kinds:
        others = [code for code, issue in catalogue.types.items() if issue.kind.value not in words]
        return events.c.issue_code.not_in(others)
    return events.c.issue_code.in_(
        [code for code, issue in catalogue.types.items() if issue.kind.value in words]
    )


def codes_asked(wanted: EventFilter, catalogue: IssueCatalogue) -> tuple[str, ...] | None:
    """Return the types of which a filter's events can be, each once; None if it names none.

    It names none either where types of an older catalogue, which nobody can list, are among them.
    """
    kinds = wanted.kinds
    if wanted.issue_codes:
        return tuple(
            code
            for code in dict.fromkeys(wanted.issue_codes)
            if not kinds or _kind(code, catalogue) in kinds
        )
    if not kinds or UNKNOWN_KIND in kinds:
        return None
    return tuple(code for code, issue in catalogue.types.items() if issue.kind in kinds)


def _kind(code: str, catalogue: IssueCatalogue) -> IssueKind:
    issue = catalogue.types.get(code)
    return UNKNOWN_KIND if issue is None else issue.kind


def newest_first(
    statement: Select[Any], conditions: Collection[ColumnElement[bool]], cursor: Cursor | None
) -> Select[Any]:
    """Filter a query over events and order it newest first, going on after ``cursor``."""
    columns = events.c
    statement = statement.where(*conditions)
    if cursor is not None:
        statement = statement.where(
            tuple_(columns.first_seen, columns.event_id)
            < tuple_(cursor.first_seen, cursor.event_id)
        )
    return statement.order_by(columns.first_seen.desc(), columns.event_id.desc())
