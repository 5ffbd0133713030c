"""Every filter of the list of events, alone and with another one, walks an index."""

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.dialects import postgresql

from api.contract.confirmations import ConfirmationStatus
from api.contract.events import EventStatus
from api.database.database import database_address, migrate
from api.database.embedded_postgres import EmbeddedPostgres
from api.database.list_plans import BY_ESTIMATE, BY_ORDERED_WALK
from api.events.event_query import Box, EventFilter, list_plan
from api.events.event_walks import newest_page, walked_codes
from api.grids.ground_reach import GroundPart, GroundReach
from api.routes.examples import ISSUE_CODE
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.words import IssueKind
from tests.api.conftest import new_database

EVENTS = 20_000
CATALOGUE = load_catalogue(CatalogueSettings())
SELECTIVE = {
    "issue_codes": (ISSUE_CODE,),
    "kinds": frozenset({IssueKind.CAMERA}),
    "camera_id": "c-7",
    "unit_grid": "000000000000007",
    "status": EventStatus.OPEN,
    "since": datetime(2026, 1, 1, tzinfo=UTC),
    "until": datetime(2025, 1, 1, tzinfo=UTC),
    "box": Box(113.9, 22.5, 113.901, 22.501),
    "confirmations": frozenset({ConfirmationStatus.CONFIRMED}),
    "recurrence_of": "01JD8Z6Q3V5W7X9Y1A00000007",
}
# No match, one in a hundred, one in seven: as in a district's year.
MANY_EVENTS = """
INSERT INTO events (event_id, revision, schema_version, catalogue_version, issue_code, camera_id,
    camera_name, unit_grid, lon, lat, location_source, accuracy_m, first_seen, last_seen,
    cleared_at, observed_count, score, detections, evidence, model, confirmation)
SELECT '01JD8Z6Q3V5W7X9Y1A' || lpad(n::text, 8, '0'), 1, 1, '1',
    (CAST(:codes AS text[]))[1 + n % 60], 'c-' || n % 1000, 'name', lpad((n % 300)::text, 15, '0'),
    113.9 + random() * 0.1, 22.5 + random() * 0.1, 'pose', 5, t, t,
    CASE WHEN n % 50 > 0 THEN t END, 1, 0.8, '[]', '[]', '{}',
    CASE n % 7 WHEN 0 THEN '{"status": "refuted"}'::jsonb WHEN 1 THEN '{"status": "unsure"}'
    END
FROM (SELECT n, timestamptz '2025-01-01' + n * interval '20 min' AS t
    FROM generate_series(1, :count) AS n) AS numbered
"""


@pytest.fixture(scope="module")
def district_year(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    with new_database(postgres) as url:
        migrate(database_address(url))
        engine = create_engine(database_address(url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            codes = [ISSUE_CODE, *list(CATALOGUE.types)[:59]]
            connection.execute(text(MANY_EVENTS), {"codes": codes, "count": EVENTS})
            connection.execute(text("VACUUM ANALYZE events"))
            connection.execute(text(BY_ORDERED_WALK.text.replace("LOCAL ", "")))
            yield connection
        engine.dispose()


def plan(connection: Connection, wanted: EventFilter) -> str:
    codes = walked_codes(wanted, CATALOGUE)
    statement = newest_page(wanted.conditions(CATALOGUE), codes, None, 101)
    written = statement.compile(
        dialect=postgresql.dialect(paramstyle="named"), compile_kwargs={"literal_binds": True}
    )
    explain = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {written}"
    return "\n".join(connection.exec_driver_sql(explain.replace("%", "%%")).scalars())


@pytest.mark.parametrize(
    "names",
    [*itertools.combinations(SELECTIVE, 1), *itertools.combinations(SELECTIVE, 2)],
    ids="+".join,
)
def test_no_filter_reads_the_whole_table(district_year: Connection, names: tuple[str, ...]):
    found = plan(district_year, EventFilter(**{name: SELECTIVE[name] for name in names}))
    assert "Seq Scan on events" not in found
    removed = [int(count) for count in re.findall(r"Rows Removed by Filter: (\d+)", found)]
    assert sum(removed) < EVENTS / 4, found


def test_a_confirmation_that_no_event_has_is_looked_up(district_year: Connection):
    wanted = EventFilter(confirmations=frozenset({ConfirmationStatus.CONFIRMED}))
    assert "using ix_events_confirmation" in plan(district_year, wanted)


@pytest.mark.parametrize("prefix", ["000000000000007", "999999"], ids=["few", "none"])
def test_ground_of_a_unit_is_looked_up(district_year: Connection, prefix: str):
    wanted = EventFilter(reach=GroundReach((GroundPart(prefix),)))
    assert list_plan(wanted) is BY_ESTIMATE
    district_year.exec_driver_sql("SET enable_bitmapscan = on")
    try:
        found = plan(district_year, wanted)
    finally:
        district_year.exec_driver_sql("SET enable_bitmapscan = off")
    assert "Seq Scan on events" not in found
    removed = [int(count) for count in re.findall(r"Rows Removed by Filter: (\d+)", found)]
    assert sum(removed) < EVENTS / 4, found
