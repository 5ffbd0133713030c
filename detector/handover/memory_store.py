"""The memory store: what is known of each camera, on the worker's disk."""

import sqlite3
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import structlog
from pydantic import ValidationError
from ulid import ULID

from detector.rules.judgement.watch_state import WatchState
from streams.ground_view import FIRST_VIEW
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# A worker that is killed loses at most this much of what its watches learnt; a camera looked
# at 25 times a second must not write 25 times.
SAVE_EVERY_SECONDS = 1.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS watch_states (
    camera_id TEXT NOT NULL, view TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (camera_id, view));
CREATE TABLE IF NOT EXISTS health (camera_id TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS holder (holder TEXT NOT NULL);
"""


class MemoryStore:
    """Watch states in SQLite. Any thread may call; a lock admits one at a time. Use in ``with``.

    Unlike the outbox it does not wait for the disk: after a power cut the last seconds may be
    missing, which costs a little dwell and no event.

    Args:
        folder: Where ``memory.sqlite`` lies; the outbox of the folder must be held.

    Raises:
        CityPatrolError: The file cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "memory.sqlite"
        self._lock = threading.Lock()
        self._saved_at: dict[str, float] = {}
        try:
            self._database = sqlite3.connect(
                self._path, check_same_thread=False, isolation_level=None
            )
            self._database.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA
            )
            _take_up_older(self._database)
            self._holder = _holder(self._database)
        except sqlite3.Error as error:
            raise CityPatrolError(f"memory {self._path} cannot be opened: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._database.close()

    @property
    def holder(self) -> str:
        """Id of this memory: the same over restarts, another one in every folder."""
        return self._holder

    def is_due(self, camera_id: str) -> bool:
        """Whether a camera's state was last saved ``SAVE_EVERY_SECONDS`` ago or more."""
        saved_at = self._saved_at.get(camera_id)
        return saved_at is None or time.monotonic() - saved_at >= SAVE_EVERY_SECONDS

    def save(self, camera_id: str, view: str, state: WatchState) -> None:
        """Keep the state of one view of a camera.

        A disk that does not take it is reported, and tried again.
        """
        self._saved_at[camera_id] = time.monotonic()
        statement = "INSERT OR REPLACE INTO watch_states VALUES (?, ?, ?)"
        self._write(statement, camera_id, view, state.model_dump_json())

    def save_health(self, camera_id: str, state: str) -> None:
        """Keep the state of a camera's health, as ``CameraHealth.to_json`` gave it."""
        self._write("INSERT OR REPLACE INTO health VALUES (?, ?)", camera_id, state)

    def load_health(self, camera_id: str) -> str | None:
        """The state of a camera's health, or None if none was kept."""
        row = self._read("SELECT state FROM health WHERE camera_id = ?", camera_id)
        return None if row is None else str(row[0])

    def load(self, camera_id: str) -> dict[str, WatchState]:
        """The state of each view of a camera, by its name; those that can be read."""
        statement = "SELECT view, state FROM watch_states WHERE camera_id = ? ORDER BY view"
        with self._lock:
            rows = self._database.execute(statement, (camera_id,)).fetchall()
        states = {}
        for view, text in rows:
            try:
                states[view] = WatchState.model_validate_json(text)
            except ValidationError as error:
                reason = str(error).split("\n", 1)[0]
                log.warning("memory_not_taken_up", camera_id=camera_id, view=view, reason=reason)
        return states

    def take_over(self, camera_id: str, states: Mapping[str, WatchState]) -> None:
        """Keep exactly these states of a camera's views."""
        self._write("DELETE FROM watch_states WHERE camera_id = ?", camera_id)
        for view, state in states.items():
            self.save(camera_id, view, state)

    def _write(self, statement: str, camera_id: str, *values: str) -> None:
        try:
            with self._lock:
                self._database.execute(statement, (camera_id, *values))
        except sqlite3.Error as error:
            log.error("memory_not_saved", camera_id=camera_id, reason=str(error))  # noqa: TRY400

    def _read(self, statement: str, camera_id: str) -> tuple[str] | None:
        with self._lock:
            row: tuple[str] | None = self._database.execute(statement, (camera_id,)).fetchone()
        return row


def _holder(database: sqlite3.Connection) -> str:
    database.execute(
        "INSERT INTO holder SELECT ? WHERE NOT EXISTS (SELECT 1 FROM holder)", (str(ULID()),)
    )
    return str(database.execute("SELECT holder FROM holder").fetchone()[0])


def _take_up_older(database: sqlite3.Connection) -> None:
    """Move the states of a worker that knew one view of a camera only."""
    older = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'watches'"
    if database.execute(older).fetchone() is not None:
        database.execute(
            "INSERT OR IGNORE INTO watch_states SELECT camera_id, ?, state FROM watches",
            (FIRST_VIEW,),
        )
        database.execute("DROP TABLE watches")
