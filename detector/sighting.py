"""A sighting: an issue rule holds now, and what of it was seen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.contract.events import EventId


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Which earlier event a sighting repeats.

    Attributes:
        event_id: The latest event of the same issue type that cleared at the same place.
        number: How often it has come back there, this time included; from 1.
    """

    event_id: str
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """An issue that stands before a camera, as of the latest look that showed it.

    Attributes:
        event_id: ULID, made when it opened; the same over restarts.
        issue_code: Code in the issue catalogue.
        zone_id: The camera's zone it is in or the line it crossed, or None if its rule has
            neither.
        first_seen: First look that showed it.
        last_seen: Latest look that showed it.
        observed_count: Number of looks that showed it.
        score: Highest detection score so far.
        boxes: float32 array of shape (k, 4), k >= 1: the boxes that made it in the latest
            look, left, top, right, bottom as fractions of the picture.
        class_names: Visual class of each box.
        scores: float32 array of shape (k,).
        unwatched_seconds: Of the time from first to last seen, how much no look vouches for:
            nobody knows whether it was there then.
        recurrence: Which earlier event it repeats, or None.
        measured: What was measured, in words, of a fault of the camera; empty where a model
            found it.

    Raises:
        ValueError: The arrays disagree in length, or the times have no zone or no order.
    """

    event_id: str
    issue_code: str
    zone_id: str | None
    first_seen: datetime
    last_seen: datetime
    observed_count: int
    score: float
    boxes: npt.NDArray[np.float32]
    class_names: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    unwatched_seconds: float = 0.0
    recurrence: Recurrence | None = None
    measured: str = ""

    def __post_init__(self) -> None:
        count = len(self.class_names)
        if count == 0 or self.boxes.shape != (count, 4) or self.scores.shape != (count,):
            raise ValueError(
                f"sighting {self.event_id}: boxes {self.boxes.shape}, scores {self.scores.shape} "
                f"and {count} class_names do not describe the same objects"
            )
        if self.first_seen.tzinfo is None or self.last_seen.tzinfo is None:
            raise ValueError(
                f"sighting {self.event_id}: first_seen {self.first_seen} or "
                f"last_seen {self.last_seen} has no zone"
            )
        if self.last_seen < self.first_seen:
            raise ValueError(
                f"sighting {self.event_id}: last_seen {self.last_seen} is before "
                f"first_seen {self.first_seen}"
            )

    @property
    def shows_best(self) -> bool:
        """Whether the latest look showed it with the highest score so far."""
        return float(self.scores.max()) >= self.score

    def record(self) -> "SightingRecord":
        """The sighting as plain values that ``SightingRecord.sighting`` turns back."""
        return SightingRecord(
            event_id=self.event_id,
            issue_code=self.issue_code,
            zone_id=self.zone_id,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            observed_count=self.observed_count,
            score=self.score,
            boxes=self.boxes.tolist(),
            class_names=self.class_names,
            scores=self.scores.tolist(),
            unwatched_seconds=self.unwatched_seconds,
            recurrence=self.recurrence,
            measured=self.measured,
        )

    def to_json(self) -> str:
        """The sighting as JSON text that ``from_json`` turns into an equal one."""
        return self.record().model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Sighting":
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: The text is no sighting; names the field.
        """
        return SightingRecord.model_validate_json(text).sighting()


_MISSING = "missing_"


def missing(class_name: str) -> str:
    """What a box is called that shows where a thing of a class should be."""
    return _MISSING + class_name


def looked_for(class_name: str) -> str:
    """The visual class a box is about, be it there or missing."""
    return class_name.removeprefix(_MISSING)


class ChangeKind(StrEnum):
    """What happened to a sighting at a look."""

    OPENED = "opened"
    CONTINUED = "continued"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class SightingChange:
    """One thing that happened to one sighting.

    Attributes:
        kind: ``opened`` once, ``continued`` at each later look that shows it, ``cleared`` once.
        sighting: The sighting after the change; a cleared one as it was last seen.
        changed_at: Time of the look, never before ``sighting.last_seen``.
    """

    kind: ChangeKind
    sighting: Sighting
    changed_at: datetime


class SightingRecord(BaseModel):
    """A ``Sighting`` as plain values, to be kept as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_id: EventId
    issue_code: str
    zone_id: str | None
    first_seen: AwareDatetime
    last_seen: AwareDatetime
    observed_count: int
    score: float
    boxes: list[tuple[float, float, float, float]]
    class_names: tuple[str, ...]
    scores: list[float]
    unwatched_seconds: float = 0.0
    recurrence: Recurrence | None = None
    measured: str = ""

    def sighting(self) -> Sighting:
        """The sighting it is the record of.

        Raises:
            ValueError: Its values do not fit together.
        """
        return Sighting(
            event_id=self.event_id,
            issue_code=self.issue_code,
            zone_id=self.zone_id,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            observed_count=self.observed_count,
            score=self.score,
            boxes=np.array(self.boxes, np.float32).reshape(-1, 4),
            class_names=self.class_names,
            scores=np.array(self.scores, np.float32),
            unwatched_seconds=self.unwatched_seconds,
            recurrence=self.recurrence,
            measured=self.measured,
        )
