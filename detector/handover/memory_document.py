"""The memory document: what a worker knows of a camera, as another worker takes it up."""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.contract.confirmations import EventConfirmation
from api.contract.events import EvidenceReference, ModelReference
from api.contract.memories import LARGEST_STATE
from detector.delivery.standing_events import StandingEvent, evidence_text
from detector.evidence.picture_worth import PictureWorth
from detector.rules.judgement.watch_state import WatchState
from detector.sighting import SightingRecord
from streams.kit.errors import CityPatrolError

# Boxes and times repeat themselves: such text shrinks to a fifth, with room for what does not.
_LARGEST_TEXT = 16 * LARGEST_STATE


class UnreadableMemoryError(CityPatrolError):
    """What another worker left cannot be read by this one."""


class StandingRecord(BaseModel):
    """A ``StandingEvent`` as plain values."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: Annotated[int, Field(ge=1)]
    evidence: tuple[EvidenceReference, ...]
    sighting: SightingRecord
    model: ModelReference | None
    confirmation: EventConfirmation | None
    worth: PictureWorth | None

    @classmethod
    def of(cls, event: StandingEvent) -> Self:
        """The record of an event."""
        return cls(
            revision=event.revision,
            evidence=json.loads(event.evidence),
            sighting=event.sighting.record(),
            model=event.model,
            confirmation=event.confirmation,
            worth=event.worth,
        )

    def event(self, camera_id: str) -> StandingEvent:
        """The event it is the record of.

        Raises:
            ValueError: Its values do not fit together.
        """
        return StandingEvent(
            camera_id,
            self.revision,
            evidence_text(self.evidence),
            self.sighting.sighting(),
            self.model,
            self.confirmation,
            self.worth,
        )


class MemoryDocument(BaseModel):
    """What a worker knows of a camera, but for its health.

    Attributes:
        schema_version: Of this layout; a document of another one is not taken up.
        watches: What the watch of each of its views knows, by the view's name.
        standing: Its events that have not cleared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Annotated[int, Field(ge=1, le=1)] = 1
    watches: dict[str, WatchState]
    standing: tuple[StandingRecord, ...]

    @classmethod
    def of(cls, watches: Mapping[str, WatchState], standing: Sequence[StandingEvent]) -> Self:
        """The document of what is known."""
        return cls(watches=dict(watches), standing=tuple(map(StandingRecord.of, standing)))

    @property
    def latest_look(self) -> datetime | None:
        """The latest look it knows of, or None if there was none."""
        looks = [record.sighting.last_seen for record in self.standing]
        looks += [state.latest_look for state in self.watches.values()]
        return max(looks, default=None)

    def events(self, camera_id: str) -> list[StandingEvent]:
        """Its events that have not cleared, of a camera of that id.

        Raises:
            UnreadableMemoryError: The values of one do not fit together.
        """
        try:
            return [record.event(camera_id) for record in self.standing]
        except ValueError as error:
            raise UnreadableMemoryError(str(error)) from None

    def packed(self) -> bytes:
        """The document as ``unpacked`` reads it."""
        return zlib.compress(self.model_dump_json().encode())

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """Read what ``packed`` wrote.

        Raises:
            UnreadableMemoryError: It is damaged, too large, or of another layout.
        """
        try:
            inflating = zlib.decompressobj()
            text = inflating.decompress(packed, _LARGEST_TEXT)
            if inflating.unconsumed_tail:
                raise UnreadableMemoryError(f"it has more than {_LARGEST_TEXT} characters")
            return cls.model_validate_json(text)
        except zlib.error as error:
            raise UnreadableMemoryError(f"it is no packed document: {error}") from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(map(str, first["loc"]))
            raise UnreadableMemoryError(
                f"{field or 'its text'}: {first['msg']}; do both workers have the same version?"
            ) from None
