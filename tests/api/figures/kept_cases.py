"""Made cases, events and verdicts, written straight into the tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import create_engine

from api.database.case_tables import case_clocks, case_events, case_flow, cases, verdicts
from api.database.database import database_address
from api.database.dispatch_tables import organisation_units
from api.database.tables import events
from api.routes.examples import MODEL_SHA256
from tests.api.figures.made_cases import UNITS, MadeCase

EVENT = {
    "revision": 1,
    "schema_version": 1,
    "catalogue_version": "1",
    "camera_name": "name",
    "lon": 113.9,
    "lat": 22.5,
    "location_source": "pose",
    "accuracy_m": 5.0,
    "observed_count": 3,
    "score": 0.8,
    "detections": [],
    "evidence": [],
    "model": {},
}
VERDICT = {
    "verdict": "said",
    "score": 0.8,
    "model": {"name": "street", "version": "2026.11", "sha256": MODEL_SHA256},
    "given_by": "somebody",
}


def keep(
    database_url: str,
    made: Sequence[MadeCase],
    seen: Sequence[dict[str, Any]] = (),
    joined: Sequence[dict[str, Any]] = (),
    said: Sequence[dict[str, Any]] = (),
) -> None:
    """Write cases, and what else there is."""
    everything = [
        (organisation_units, units()),
        (cases, [one.case.row() for one in made]),
        (case_clocks, [row for one in made for row in one.clock_rows()]),
        (case_flow, [row for one in made for row in one.flow]),
        (events, [{**EVENT, **one, "last_seen": one["first_seen"]} for one in seen]),
        (case_events, [{"joined_by": "somebody", **one} for one in joined]),
        (verdicts, [{**VERDICT, **one} for one in said]),
    ]
    engine = create_engine(database_address(database_url))
    try:
        with engine.begin() as connection:
            for table, rows in everything:
                if rows:
                    connection.execute(table.insert(), rows)
    finally:
        engine.dispose()


def units() -> list[dict[str, Any]]:
    """The organisation that made cases know."""
    by_path = {path: name for name, path in UNITS.items()}
    return [
        {
            "unit_id": name,
            "name_zh": f"单位{name}",
            "name_en": f"Unit {name}",
            "kind": "department",
            "parent_id": by_path.get(path[: path.rstrip("/").rfind("/") + 1]),
            "path": path,
        }
        for name, path in UNITS.items()
    ]
