"""The outbox: events on the worker's disk until the API has them."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from api.contract.events import EventFeature, FieldError
from detector.delivery import kept_questions, standing_events
from detector.delivery.open_question import OpenQuestion
from detector.delivery.standing_events import StandingEvent
from detector.evidence.evidence import EvidencePicture
from detector.evidence.picture_worth import PictureWorth
from detector.sighting import Sighting
from streams.kit.errors import CityPatrolError
from streams.kit.folder_lock import FolderLock

_ERRORS = TypeAdapter(list[FieldError])

_SCHEMA = """
CREATE TABLE IF NOT EXISTS waiting (
    event_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, feature TEXT NOT NULL,
    queued_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (
    event_id TEXT PRIMARY KEY, feature TEXT NOT NULL, errors TEXT NOT NULL,
    refused_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pictures (sha256 TEXT PRIMARY KEY, jpeg BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS event_pictures (
    event_id TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (event_id, sha256));
"""


class OutboxError(CityPatrolError):
    """The outbox cannot be read or written at the moment (a full disk, say)."""


@dataclass(frozen=True, slots=True)
class WaitingPicture:
    """A JPEG that waits for its event's delivery, named by its hash."""

    sha256: str
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that the API will not take, with its reasons."""

    feature: EventFeature
    errors: Sequence[FieldError]
    refused_at: datetime


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many events wait and how many the API refused."""

    waiting: int
    refused: int


class Outbox:
    """Events and their pictures in SQLite, written before anything else knows of them.

    What was ``put`` survives a crash of the process and of the machine (WAL, synchronous
    FULL). An event waits at most once: a later revision takes the earlier one's place. Any
    thread may call; a lock admits one at a time. Use it in ``with``.

    Args:
        folder: Where ``outbox.sqlite`` lies; made if need be.
        maximum_bytes: Size at which ``wait_for_room`` begins to wait.

    Raises:
        CityPatrolError: Another worker uses the folder, or it cannot be written.
    """

    def __init__(self, folder: Path, maximum_bytes: int) -> None:
        self._folder = folder
        self._maximum_bytes = maximum_bytes
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._path = folder / "outbox.sqlite"
        with ExitStack() as stack:
            stack.enter_context(FolderLock(folder, "outbox folder"))
            self._database = stack.enter_context(closing(self._opened()))
            self._held = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._held.close()

    def _opened(self) -> sqlite3.Connection:
        try:
            database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            database.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                + _SCHEMA
                + standing_events.SCHEMA
                + kept_questions.SCHEMA
            )
        except sqlite3.Error as error:
            raise CityPatrolError(f"outbox {self._path} cannot be opened: {error}") from error
        return database

    def put(
        self,
        feature: EventFeature,
        sighting: Sighting,
        pictures: Sequence[EvidencePicture],
        question: OpenQuestion | None = None,
        worth: PictureWorth | None = None,
    ) -> None:
        """Keep a revision of an event, its new pictures and its standing, all or nothing.

        Args:
            feature: The revision.
            sighting: What the issue rules know of it.
            pictures: Those that are new in it.
            question: What is to be asked about it; kept until ``answer``.
            worth: How well the best of its pictures shows it.

        Raises:
            OutboxError: Nothing was kept; calling again is safe.
        """
        with self._transaction() as database:
            _let_wait(database, feature)
            kept_questions.keep(database, feature, question)
            for picture in pictures:
                database.execute(
                    "INSERT OR IGNORE INTO pictures VALUES (?, ?)", (picture.sha256, picture.jpeg)
                )
                database.execute(
                    "INSERT OR IGNORE INTO event_pictures VALUES (?, ?)",
                    (feature.id, picture.sha256),
                )
            standing_events.keep(database, feature, sighting, worth)
            self._changed.notify_all()

    def standing(self) -> list[StandingEvent]:
        """Every event that has been put and has not cleared."""
        with self._reading() as database:
            return standing_events.every(database)

    def standing_of(self, camera_id: str) -> list[StandingEvent]:
        """Every event of a camera that has been put and has not cleared."""
        with self._reading() as database:
            return standing_events.of_camera(database, camera_id)

    def take_over(self, camera_id: str, events: Sequence[StandingEvent]) -> None:
        """Let exactly these events of a camera stand, as another worker left them.

        What waits for delivery is delivered all the same. Questions about events that stood
        here are dropped: whoever watched the camera since has seen to them.

        Raises:
            OutboxError: Nothing was kept; calling again is safe.
        """
        with self._transaction() as database:
            for event_id in standing_events.take_over(database, camera_id, events):
                kept_questions.forget(database, event_id)

    def open_questions(self) -> list[OpenQuestion]:
        """Every question that was put with an event and has no answer."""
        with self._reading() as database:
            return kept_questions.every(database)

    def asked_about(self, event_id: str) -> EventFeature | None:
        """The last revision of an event whose question has no answer; it may have cleared."""
        with self._reading() as database:
            return kept_questions.asked_about(database, event_id)

    def answer(self, feature: EventFeature) -> None:
        """Keep the revision of an event that carries the answer to its question.

        Raises:
            OutboxError: Nothing was kept; calling again is safe.
        """
        with self._transaction() as database:
            _let_wait(database, feature)
            kept_questions.forget(database, feature.id)
            standing_events.note_answer(database, feature)
            self._changed.notify_all()

    def waiting(self, maximum: int, timeout: float = 0.0) -> list[EventFeature]:
        """Return up to ``maximum`` waiting events, longest waiting first.

        Waits up to ``timeout`` seconds for the first one.
        """
        with self._reading() as database:
            rows = _oldest(database, maximum)
            if not rows and timeout > 0:
                self._changed.wait(timeout)
                rows = _oldest(database, maximum)
        return [EventFeature.model_validate_json(feature) for (feature,) in rows]

    def pictures_of(self, event_id: str) -> list[WaitingPicture]:
        """The event's pictures that the API may not have yet."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT sha256, jpeg FROM event_pictures JOIN pictures USING (sha256) "
                "WHERE event_id = ? ORDER BY sha256",
                (event_id,),
            ).fetchall()
        return [WaitingPicture(sha256, jpeg) for sha256, jpeg in rows]

    def delivered(self, features: Sequence[EventFeature]) -> None:
        """Forget events that the API has committed, and their pictures, which it has too.

        A later revision that came in meanwhile stays, with the pictures that are new in it.
        """
        with self._transaction() as database:
            for feature in features:
                self._forget(database, feature)
            self._changed.notify_all()

    def defer(self, features: Sequence[EventFeature]) -> None:
        """Let events wait behind all others: the API will take them, but not yet."""
        with self._transaction() as database:
            database.executemany(
                "UPDATE waiting SET queued_at = ? WHERE event_id = ?",
                [(_now(), feature.id) for feature in features],
            )

    def refuse(self, feature: EventFeature, errors: Sequence[FieldError]) -> None:
        """Set an event aside that the API will never take, with its reasons and pictures."""
        reasons = _ERRORS.dump_json(list(errors)).decode()
        with self._transaction() as database:
            database.execute(
                "INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?)",
                (feature.id, feature.model_dump_json(), reasons, _now()),
            )
            database.execute(
                "DELETE FROM waiting WHERE event_id = ? AND revision <= ?",
                (feature.id, feature.properties.revision),
            )

    def refused(self) -> list[RefusedEvent]:
        """Every event that was set aside, longest ago first; of each its latest revision."""
        with self._reading() as database:
            rows = database.execute(
                "SELECT feature, errors, refused_at FROM refused ORDER BY refused_at, event_id"
            ).fetchall()
        return [
            RefusedEvent(
                EventFeature.model_validate_json(feature),
                _ERRORS.validate_json(errors),
                datetime.fromisoformat(refused_at),
            )
            for feature, errors, refused_at in rows
        ]

    def retry_refused(self) -> int:
        """Let every refused event wait for delivery again; return how many there were."""
        refused = self.refused()
        with self._transaction() as database:
            for event in refused:
                feature = event.feature
                database.execute(
                    "INSERT OR IGNORE INTO waiting VALUES (?, ?, ?, ?)",
                    (feature.id, feature.properties.revision, feature.model_dump_json(), _now()),
                )
            database.execute("DELETE FROM refused")
            self._changed.notify_all()
        return len(refused)

    def counts(self) -> OutboxCounts:
        """How many events wait and how many were refused."""
        with self._reading() as database:
            waiting, refused = database.execute(
                "SELECT (SELECT count(*) FROM waiting), (SELECT count(*) FROM refused)"
            ).fetchone()
        return OutboxCounts(waiting=waiting, refused=refused)

    def has_room(self) -> bool:
        """Whether what waits is smaller than the outbox may grow."""
        with self._reading() as database:
            pages, free, size = (
                database.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
        return bool((pages - free) * size < self._maximum_bytes)

    def wait_for_room(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds until there is room; say whether there is."""
        if self.has_room():
            return True
        with self._changed:
            self._changed.wait(timeout)
        return self.has_room()

    @staticmethod
    def _forget(database: sqlite3.Connection, feature: EventFeature) -> None:
        sent = (feature.id, feature.properties.revision)
        database.execute("DELETE FROM waiting WHERE event_id = ? AND revision <= ?", sent)
        for sha256 in sorted({item.sha256 for item in feature.properties.evidence}):
            database.execute(
                "DELETE FROM event_pictures WHERE event_id = ? AND sha256 = ?",
                (feature.id, sha256),
            )
            database.execute(
                "DELETE FROM pictures WHERE sha256 = ?1 AND NOT EXISTS "
                "(SELECT 1 FROM event_pictures WHERE sha256 = ?1)",
                (sha256,),
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise OutboxError(f"outbox {self._path} cannot be read: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                yield self._database
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                raise OutboxError(f"outbox {self._path} cannot be written: {error}") from error
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")


def _oldest(database: sqlite3.Connection, maximum: int) -> list[tuple[str]]:
    return database.execute(
        "SELECT feature FROM waiting ORDER BY queued_at, event_id LIMIT ?", (maximum,)
    ).fetchall()


def _let_wait(database: sqlite3.Connection, feature: EventFeature) -> None:
    database.execute(
        "INSERT INTO waiting VALUES (?, ?, ?, ?) ON CONFLICT (event_id) DO UPDATE SET "
        "revision = excluded.revision, feature = excluded.feature "
        "WHERE excluded.revision > waiting.revision",
        (feature.id, feature.properties.revision, feature.model_dump_json(), _now()),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat()
