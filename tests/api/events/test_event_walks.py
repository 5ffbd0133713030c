"""Lists of rare types are found by an index, and are the same as by a walk over all events."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, Select, create_engine, text
from sqlalchemy.dialects import postgresql

from api.contract.confirmations import ConfirmationStatus
from api.contract.events import EventStatus
from api.database.database import database_address, migrate
from api.database.embedded_postgres import EmbeddedPostgres
from api.database.list_plans import BY_ORDERED_WALK
from api.database.tables import events
from api.events.event_query import Box, Cursor, EventFilter, newest_first
from api.events.event_row import stored_events
from api.events.event_walks import MOST_WALKS, newest_page, walked_codes
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.words import IssueKind
from tests.api.conftest import new_database
from tests.api.events.test_event_indexes import MANY_EVENTS

EVENTS = 20_000
LIMIT = 101
CATALOGUE = load_catalogue(CatalogueSettings())
OF_CAMERAS = [code for code, one in CATALOGUE.types.items() if one.kind is IssueKind.CAMERA]
OF_THE_STREET = [code for code, one in CATALOGUE.types.items() if one.kind is IssueKind.EVENT]
CAMERA = frozenset({IssueKind.CAMERA})
HERE = events.c.unit_grid.in_([f"{number:015d}" for number in range(0, 300, 3)])
MIDDLE = Cursor(datetime(2025, 5, 1, tzinfo=UTC), "01JD8Z6Q3V5W7X9Y1A00000000")


def filled(url: str, codes: list[str]) -> Iterator[Connection]:
    migrate(database_address(url))
    engine = create_engine(database_address(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(MANY_EVENTS), {"codes": codes, "count": EVENTS})
        connection.execute(text("VACUUM ANALYZE events"))
        connection.execute(text(BY_ORDERED_WALK.text.replace("LOCAL ", "")))
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def healthy(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    """A year in which no camera had a fault."""
    with new_database(postgres) as url:
        yield from filled(url, OF_THE_STREET[:60])


@pytest.fixture(scope="module")
def faulty(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    """A year in which every sixth event was a fault of a camera."""
    with new_database(postgres) as url:
        yield from filled(url, [*OF_THE_STREET[:50], *OF_CAMERAS[:10]])


def page(
    wanted: EventFilter, *reach: ColumnElement[bool], cursor: Cursor | None = None
) -> Select[Any]:
    conditions = [*wanted.conditions(CATALOGUE), *reach]
    return newest_page(conditions, walked_codes(wanted, CATALOGUE), cursor, LIMIT)


def rows_looked_at(connection: Connection, statement: Select[Any]) -> float:
    asked = statement.compile(
        dialect=postgresql.dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}
    )
    explained = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {asked}".replace("%", "%%")
    ).scalar_one()
    plan = explained if isinstance(explained, list) else json.loads(explained)
    return _looked_at(plan[0]["Plan"])


def _looked_at(plan: dict[str, Any]) -> float:
    below = sum(_looked_at(one) for one in plan.get("Plans", []))
    if plan.get("Relation Name") != events.name:
        return below
    read = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return below + read * plan["Actual Loops"]


RARE = [
    EventFilter(kinds=CAMERA),
    EventFilter(kinds=CAMERA, status=EventStatus.CLEARED),
    EventFilter(kinds=CAMERA, since=datetime(2025, 2, 1, tzinfo=UTC)),
    EventFilter(kinds=CAMERA, until=datetime(2025, 9, 1, tzinfo=UTC)),
    EventFilter(kinds=CAMERA, box=Box(113.9, 22.5, 113.95, 22.55)),
    EventFilter(kinds=CAMERA, issue_codes=(OF_THE_STREET[0],)),
    EventFilter(kinds=CAMERA, issue_codes=(*OF_CAMERAS[:3], OF_THE_STREET[0])),
    EventFilter(kinds=frozenset({IssueKind.EVENT}), issue_codes=tuple(OF_CAMERAS[:2])),
    EventFilter(issue_codes=("00001", OF_CAMERAS[0])),
]


@pytest.mark.parametrize("wanted", RARE)
@pytest.mark.parametrize("cursor", [None, MIDDLE], ids=["first page", "later page"])
@pytest.mark.parametrize("reach", [(), (HERE,)], ids=["everywhere", "here"])
def test_what_is_not_there_is_not_looked_for_in_all_events(
    healthy: Connection,
    wanted: EventFilter,
    cursor: Cursor | None,
    reach: tuple[ColumnElement[bool], ...],
):
    statement = page(wanted, *reach, cursor=cursor)
    assert healthy.execute(statement).all() == []
    assert rows_looked_at(healthy, statement) == 0


def test_a_page_of_each_type_at_most_is_looked_at(faulty: Connection):
    looked_at = rows_looked_at(faulty, page(EventFilter(kinds=CAMERA)))
    # And once more those of the page.
    assert looked_at <= LIMIT * (len(OF_CAMERAS) + 1)


@pytest.mark.parametrize(
    "wanted",
    [
        *RARE,
        EventFilter(issue_codes=(*OF_CAMERAS[:2], OF_CAMERAS[0], OF_THE_STREET[3])),
    ],
)
@pytest.mark.parametrize("cursor", [None, MIDDLE], ids=["first page", "later page"])
@pytest.mark.parametrize("reach", [(), (HERE,)], ids=["everywhere", "here"])
def test_walks_by_type_find_the_same_as_one_over_all(
    faulty: Connection,
    wanted: EventFilter,
    cursor: Cursor | None,
    reach: tuple[ColumnElement[bool], ...],
):
    assert walked_codes(wanted, CATALOGUE) is not None
    conditions = [*wanted.conditions(CATALOGUE), *reach]
    plain = newest_first(stored_events(), conditions, cursor).limit(LIMIT)
    found = faulty.execute(page(wanted, *reach, cursor=cursor)).all()
    assert found == faulty.execute(plain).all()


@pytest.mark.parametrize(
    "wanted",
    [
        EventFilter(),
        EventFilter(kinds=frozenset({IssueKind.EVENT})),
        EventFilter(kinds=frozenset({IssueKind.COMPONENT})),
        EventFilter(kinds=frozenset(IssueKind)),
        EventFilter(issue_codes=(OF_CAMERAS[0],)),
        EventFilter(issue_codes=(OF_CAMERAS[0],) * 2),
        EventFilter(issue_codes=tuple(CATALOGUE.types)[: MOST_WALKS + 1]),
        EventFilter(kinds=CAMERA, camera_id="c-7"),
        EventFilter(kinds=CAMERA, unit_grid="000000000000007"),
        EventFilter(kinds=CAMERA, status=EventStatus.OPEN),
        EventFilter(kinds=CAMERA, recurrence_of="01JD8Z6Q3V5W7X9Y1A00000007"),
        EventFilter(kinds=CAMERA, confirmations=frozenset({ConfirmationStatus.CONFIRMED})),
    ],
)
def test_what_an_index_has_in_its_order_takes_one_walk(wanted: EventFilter):
    assert walked_codes(wanted, CATALOGUE) is None
