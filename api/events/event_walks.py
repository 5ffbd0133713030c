"""How a page of events is found: by one ordered walk through an index, or by one for each type.

PostgreSQL walks through all events to find a page of several types. Where these are rare, it comes
to the end of a district's years: seconds. Each type has its events in their order in an index, so
that a page of each is read there, and the newest of these are the page.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, cast, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from api.contract.events import EventStatus
from api.database.tables import events
from api.events.event_query import Cursor, EventFilter, codes_asked, newest_first
from api.events.event_row import stored_events
from models.catalogue.issue_catalogue import IssueCatalogue

# Where another condition holds seldom, each walk reads as far as one over all would, and further
# where its type is rare: so many times longer at worst. The faults of cameras are 11 types; the
# components are 63, and so many of all events that one walk finds them soon.
MOST_WALKS = 20


def newest_page(
    conditions: Collection[ColumnElement[bool]],
    codes: Sequence[str] | None,
    cursor: Cursor | None,
    limit: int,
) -> Select[Any]:
    """Return the query for the newest rows of ``stored_events`` that meet conditions.

    Args:
        conditions: What must hold of each event.
        codes: What ``walked_codes`` says of the filter.
        cursor: After which event they come; None is from the newest on.
        limit: How many.
    """
    if codes is None:
        return newest_first(stored_events(), conditions, cursor).limit(limit)
    found = _merged_walks(conditions, codes, cursor, limit)
    columns = events.c
    return (
        stored_events()
        .join(found, found.c.event_id == columns.event_id)
        .order_by(columns.first_seen.desc(), columns.event_id.desc())
    )


def walked_codes(wanted: EventFilter, catalogue: IssueCatalogue) -> tuple[str, ...] | None:
    """Return the types whose events are read one type after the other; None for one walk over all.

    A single type has its walk anyway, and so has what few events have: a camera, a cell, an event
    before, a status.
    """
    few = (wanted.camera_id, wanted.unit_grid, wanted.recurrence_of)
    if any(few) or wanted.confirmations or wanted.status is EventStatus.OPEN:
        return None
    codes = codes_asked(wanted, catalogue)
    if codes is None or len(codes) == 1 or len(codes) > MOST_WALKS:
        return None
    return codes


def _merged_walks(
    conditions: Collection[ColumnElement[bool]],
    codes: Sequence[str],
    cursor: Cursor | None,
    limit: int,
) -> Subquery:
    # One parameter, so that it is the same statement for any number of them.
    listed = func.unnest(cast(literal(list(codes), ARRAY(Text)), ARRAY(Text)))
    code = listed.table_valued("issue_code").render_derived(name="code")
    of_code = select(events.c.event_id, events.c.first_seen).where(
        events.c.issue_code == code.c.issue_code
    )
    walk = newest_first(of_code, conditions, cursor).limit(limit).lateral("walk")
    return (
        select(walk.c.event_id)
        .select_from(code.join(walk, true()))
        .order_by(walk.c.first_seen.desc(), walk.c.event_id.desc())
        .limit(limit)
        .subquery("found")
    )
