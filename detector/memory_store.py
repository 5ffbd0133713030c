"""The memory store: what is known of each camera, on the worker's disk."""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Self

import structlog
from pydantic import ValidationError
from ulid import ULID

from detector.rules.watch_state import WatchState
from streams.errors import CityPatrolError

log = structlog.get_logger(__name__)

# A worker that is killed loses at most this much of what its watches learnt; a camera looked
# at 25 times a second must not write 25 times.
SAVE_EVERY_SECONDS = 1.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS watches (camera_id TEXT PRIMARY KEY, state TEXT NOT NULL);
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

    def save(self, camera_id: str, state: WatchState) -> None:
        """Keep a camera's state; a disk that does not take it is reported, and tried again."""
        self._saved_at[camera_id] = time.monotonic()
        self._write(
            "INSERT OR REPLACE INTO watches VALUES (?, ?)", camera_id, state.model_dump_json()
        )

    def save_health(self, camera_id: str, state: str) -> None:
        """Keep the state of a camera's health, as ``CameraHealth.to_json`` gave it."""
        self._write("INSERT OR REPLACE INTO health VALUES (?, ?)", camera_id, state)

    def load_health(self, camera_id: str) -> str | None:
        """The state of a camera's health, or None if none was kept."""
        row = self._read("SELECT state FROM health WHERE camera_id = ?", camera_id)
        return None if row is None else str(row[0])

    def load(self, camera_id: str) -> WatchState | None:
        """A camera's state, or None if there is none that can be read."""
        row = self._read("SELECT state FROM watches WHERE camera_id = ?", camera_id)
        if row is None:
            return None
        try:
            return WatchState.model_validate_json(row[0])
        except ValidationError as error:
            log.warning(
                "memory_not_taken_up", camera_id=camera_id, reason=str(error).split("\n", 1)[0]
            )
            return None

    def _write(self, statement: str, camera_id: str, state: str) -> None:
        try:
            with self._lock:
                self._database.execute(statement, (camera_id, state))
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
