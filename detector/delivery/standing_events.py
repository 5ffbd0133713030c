"""Standing events: tables of the outbox that outlast a restart, until the event clears."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel

from api.contract.confirmations import EventConfirmation
from api.contract.events import EventFeature, EvidenceReference, ModelReference
from detector.evidence.picture_worth import PictureWorth
from detector.sighting import Sighting

SCHEMA = """
CREATE TABLE IF NOT EXISTS standing (
    event_id TEXT PRIMARY KEY, camera_id TEXT NOT NULL, revision INTEGER NOT NULL,
    evidence TEXT NOT NULL, sighting TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS standing_models (event_id TEXT PRIMARY KEY, model TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS standing_confirmations (
    event_id TEXT PRIMARY KEY, confirmation TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS standing_pictures (event_id TEXT PRIMARY KEY, worth TEXT NOT NULL);
"""
"""Older outboxes have only the first of these tables, or the first few."""
_TABLES = ("standing", "standing_models", "standing_confirmations", "standing_pictures")
_SELECTION = (
    "SELECT camera_id, revision, evidence, sighting, model, confirmation, worth FROM standing "
    "LEFT JOIN standing_models USING (event_id) "
    "LEFT JOIN standing_confirmations USING (event_id) "
    "LEFT JOIN standing_pictures USING (event_id)"
)


@dataclass(frozen=True, slots=True)
class StandingEvent:
    """An event that has not cleared, as the worker must remember it over a restart.

    Attributes:
        camera_id: The camera that sees it.
        revision: The last revision that was put into the outbox.
        evidence: JSON list of its evidence references.
        sighting: What the issue rules know of it.
        model: The model version that found it, or None if a worker kept it that did not yet
            remember that.
        confirmation: What its last revision said of its confirmation.
        worth: How well its best picture shows it, or None if it has no picture, or a worker
            kept it that did not yet remember that.
    """

    camera_id: str
    revision: int
    evidence: str
    sighting: Sighting
    model: ModelReference | None = None
    confirmation: EventConfirmation | None = None
    worth: PictureWorth | None = None


def keep(
    database: sqlite3.Connection,
    feature: EventFeature,
    sighting: Sighting,
    worth: PictureWorth | None,
) -> None:
    """Keep how an event stands after a revision, or forget it if that says it has cleared."""
    said = feature.properties
    if said.cleared_at is not None:
        _forget(database, feature.id)
        return
    evidence = evidence_text(said.evidence)
    _keep(
        database,
        StandingEvent(
            *(said.camera_id, said.revision, evidence, sighting),
            *(said.model, said.confirmation, worth),
        ),
    )


def take_over(
    database: sqlite3.Connection, camera_id: str, events: Iterable[StandingEvent]
) -> list[str]:
    """Let exactly these events of a camera stand; returns the ids of those that stood before."""
    before = database.execute(
        "SELECT event_id FROM standing WHERE camera_id = ?", (camera_id,)
    ).fetchall()
    for (event_id,) in before:
        _forget(database, event_id)
    for event in events:
        _keep(database, event)
    return [event_id for (event_id,) in before]


def note_answer(database: sqlite3.Connection, feature: EventFeature) -> None:
    """Keep the revision of an event that says how it was confirmed, if it stands."""
    if feature.properties.cleared_at is None:
        _keep_part(database, "standing_confirmations", feature.id, feature.properties.confirmation)
        database.execute(
            "UPDATE standing SET revision = ? WHERE event_id = ?",
            (feature.properties.revision, feature.id),
        )


def every(database: sqlite3.Connection) -> list[StandingEvent]:
    """Every event that stands, the oldest first."""
    return _read(database.execute(f"{_SELECTION} ORDER BY event_id"))


def of_camera(database: sqlite3.Connection, camera_id: str) -> list[StandingEvent]:
    """The events of a camera that stand, the oldest first."""
    statement = f"{_SELECTION} WHERE camera_id = ? ORDER BY event_id"
    return _read(database.execute(statement, (camera_id,)))


def evidence_text(evidence: Iterable[EvidenceReference]) -> str:
    """Evidence references as the JSON list that a ``StandingEvent`` keeps."""
    return json.dumps([item.model_dump(mode="json") for item in evidence])


def _read(rows: sqlite3.Cursor) -> list[StandingEvent]:
    return [
        StandingEvent(
            camera_id,
            revision,
            evidence,
            Sighting.from_json(sighting),
            None if model is None else ModelReference.model_validate_json(model),
            None if asked is None else EventConfirmation.model_validate_json(asked),
            None if worth is None else PictureWorth.model_validate_json(worth),
        )
        for camera_id, revision, evidence, sighting, model, asked, worth in rows
    ]


def _keep(database: sqlite3.Connection, event: StandingEvent) -> None:
    sighting = event.sighting
    event_id = sighting.event_id
    database.execute(
        "INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?, ?)",
        (event_id, event.camera_id, event.revision, event.evidence, sighting.to_json()),
    )
    _keep_part(database, "standing_models", event_id, event.model)
    _keep_part(database, "standing_confirmations", event_id, event.confirmation)
    _keep_part(database, "standing_pictures", event_id, event.worth)


def _keep_part(
    database: sqlite3.Connection, table: str, event_id: str, part: BaseModel | None
) -> None:
    if part is not None:
        database.execute(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 - one of ours
            (event_id, part.model_dump_json()),
        )


def _forget(database: sqlite3.Connection, event_id: str) -> None:
    for table in _TABLES:
        database.execute(f"DELETE FROM {table} WHERE event_id = ?", (event_id,))  # noqa: S608
