"""Kept questions: a table of the outbox, so that no event waits for a verdict for ever."""

import sqlite3

from api.contract.events import EventFeature
from detector.delivery.open_question import OpenQuestion, QuestionRecord

SCHEMA = """
CREATE TABLE IF NOT EXISTS questions (
    event_id TEXT PRIMARY KEY, record TEXT NOT NULL, jpeg BLOB NOT NULL, feature TEXT NOT NULL);
"""
"""``feature`` is the event's last revision: an answer may come when it stands no more."""


def keep(database: sqlite3.Connection, feature: EventFeature, asks: OpenQuestion | None) -> None:
    """Keep a new question of an event, or the new revision of an event that has one."""
    written = feature.model_dump_json()
    if asks is not None:
        database.execute(
            "INSERT OR REPLACE INTO questions VALUES (?, ?, ?, ?)",
            (feature.id, asks.record.model_dump_json(), asks.jpeg, written),
        )
    else:
        database.execute(
            "UPDATE questions SET feature = ? WHERE event_id = ?", (written, feature.id)
        )


def every(database: sqlite3.Connection) -> list[OpenQuestion]:
    """The questions that have no answer yet, the oldest event's first."""
    rows = database.execute("SELECT record, jpeg FROM questions ORDER BY event_id").fetchall()
    return [OpenQuestion(QuestionRecord.model_validate_json(record), jpeg) for record, jpeg in rows]


def asked_about(database: sqlite3.Connection, event_id: str) -> EventFeature | None:
    """The last revision of an event whose question has no answer yet."""
    row = database.execute(
        "SELECT feature FROM questions WHERE event_id = ?", (event_id,)
    ).fetchone()
    return None if row is None else EventFeature.model_validate_json(row[0])


def forget(database: sqlite3.Connection, event_id: str) -> None:
    """Forget a question, as its answer is kept with its event."""
    database.execute("DELETE FROM questions WHERE event_id = ?", (event_id,))
