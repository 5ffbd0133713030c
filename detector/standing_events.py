"""Standing events: tables of the outbox that outlast a restart, until the event clears."""

import json
import sqlite3
from dataclasses import dataclass

from api.confirmation_contract import EventConfirmation
from api.contract import EventFeature, ModelReference
from detector.picture_worth import PictureWorth
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
        for table in _TABLES:
            database.execute(f"DELETE FROM {table} WHERE event_id = ?", (feature.id,))  # noqa: S608
        return
    evidence = json.dumps([item.model_dump(mode="json") for item in said.evidence])
    database.execute(
        "INSERT OR REPLACE INTO standing VALUES (?, ?, ?, ?, ?)",
        (feature.id, said.camera_id, said.revision, evidence, sighting.to_json()),
    )
    database.execute(
        "INSERT OR REPLACE INTO standing_models VALUES (?, ?)",
        (feature.id, said.model.model_dump_json()),
    )
    _keep_confirmation(database, feature)
    if worth is not None:
        database.execute(
            "INSERT OR REPLACE INTO standing_pictures VALUES (?, ?)",
            (feature.id, worth.model_dump_json()),
        )


def note_answer(database: sqlite3.Connection, feature: EventFeature) -> None:
    """Keep the revision of an event that says how it was confirmed, if it stands."""
    if feature.properties.cleared_at is None:
        _keep_confirmation(database, feature)
        database.execute(
            "UPDATE standing SET revision = ? WHERE event_id = ?",
            (feature.properties.revision, feature.id),
        )


def every(database: sqlite3.Connection) -> list[StandingEvent]:
    """Every event that stands, the oldest first."""
    rows = database.execute(
        "SELECT camera_id, revision, evidence, sighting, model, confirmation, worth FROM standing "
        "LEFT JOIN standing_models USING (event_id) "
        "LEFT JOIN standing_confirmations USING (event_id) "
        "LEFT JOIN standing_pictures USING (event_id) ORDER BY event_id"
    ).fetchall()
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


def _keep_confirmation(database: sqlite3.Connection, feature: EventFeature) -> None:
    confirmation = feature.properties.confirmation
    if confirmation is not None:
        database.execute(
            "INSERT OR REPLACE INTO standing_confirmations VALUES (?, ?)",
            (feature.id, confirmation.model_dump_json()),
        )
