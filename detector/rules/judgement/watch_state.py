"""The watch state: what a camera's watch knows, as text that outlives the worker."""

import base64
from datetime import datetime
from typing import Annotated, Self

import numpy as np
import numpy.typing as npt
from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict, Field

from api.contract.events import EventId
from detector.objects.appearance import PATCH_PIXELS, Appearance
from detector.objects.object_memory import RememberedObject
from detector.objects.presence import Presence
from detector.sighting import SightingRecord

StoredBox = tuple[float, float, float, float]


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PresenceState(_Stored):
    """A ``Presence``."""

    first_seen: AwareDatetime
    last_seen: AwareDatetime
    dwell_seconds: float
    looks_seen: int
    looks: int
    missed: int
    missed_seconds: float

    @classmethod
    def of(cls, presence: Presence) -> Self:
        """The state of a presence."""
        return cls(**{name: getattr(presence, name) for name in cls.model_fields})

    def presence(self) -> Presence:
        """The presence it is the state of."""
        return Presence(**self.model_dump())


class AppearanceState(_Stored):
    """An ``Appearance``, and when it was learnt.

    Attributes:
        place: Its place.
        patch: Its patch, row by row.
        tones: Its tones, row by row.
        learnt_at: When.
    """

    place: StoredBox
    patch: Annotated[Base64Bytes, Field(min_length=PATCH_PIXELS**2, max_length=PATCH_PIXELS**2)]
    tones: Annotated[tuple[float, ...], Field(min_length=6, max_length=6)]
    learnt_at: AwareDatetime

    @classmethod
    def of(cls, appearance: Appearance, learnt_at: datetime) -> Self:
        """The state of an appearance."""
        tones = tuple(round(float(tone), 4) for tone in appearance.tones.ravel())
        return cls(
            place=stored_box(appearance.place),
            patch=base64.b64encode(appearance.patch.tobytes()),
            tones=tones,
            learnt_at=learnt_at,
        )

    def appearance(self) -> Appearance:
        """The appearance it is the state of."""
        patch = np.frombuffer(self.patch, np.int8).reshape(PATCH_PIXELS, PATCH_PIXELS)
        tones = np.array(self.tones, np.float32).reshape(2, 3)
        return Appearance(box_of(self.place), patch, tones)


class ObjectState(_Stored):
    """A ``RememberedObject``."""

    group: str
    place: StoredBox
    boxes_averaged: int
    presence: PresenceState
    appearance: AppearanceState | None = None
    learnt_as: str = ""
    seen_gone: bool = False

    @classmethod
    def of(cls, remembered: RememberedObject) -> Self:
        """The state of a remembered object."""
        return cls(
            group=remembered.group,
            place=stored_box(remembered.place),
            boxes_averaged=remembered.boxes_averaged,
            presence=PresenceState.of(remembered.presence),
            appearance=_appearance_state(remembered),
            learnt_as=remembered.learnt_as,
            seen_gone=remembered.seen_gone,
        )

    def remembered(self) -> RememberedObject:
        """The object it is the state of."""
        known = self.appearance
        return RememberedObject(
            group=self.group,
            place=box_of(self.place),
            presence=self.presence.presence(),
            boxes_averaged=self.boxes_averaged,
            appearance=None if known is None else known.appearance(),
            appearance_at=None if known is None else known.learnt_at,
            learnt_as=self.learnt_as,
            seen_gone=self.seen_gone,
        )


def _appearance_state(remembered: RememberedObject) -> AppearanceState | None:
    appearance, at = remembered.appearance, remembered.appearance_at
    # What was seen once mostly passes; what it looks like need not outlast a restart.
    if appearance is None or at is None or remembered.presence.looks_seen < 2:
        return None
    return AppearanceState.of(appearance, at)


class SuspicionState(_Stored):
    """A ``Suspicion``.

    Attributes:
        zone_id: The zone it is about, where the rule is about zones.
        object_index: The object it is about, in the state's objects, where the rule follows
            objects.
        presence: The looks in which the rule's conditions held.
        sighting: The open sighting it became.
    """

    zone_id: str | None = None
    object_index: int | None = None
    presence: PresenceState
    sighting: SightingRecord | None = None


class CoolDownState(_Stored):
    """One place where a rule is silent for a while."""

    zone_id: str | None
    place: StoredBox | None
    until: AwareDatetime


class PastSightingState(_Stored):
    """One place where a rule's sighting has cleared.

    Attributes:
        zone_id: Its zone.
        place: Where it stood, or None for the whole zone.
        cleared_at: When it was found gone.
        event_id: Its event.
        recurrence_number: What a return would be counted as.
    """

    zone_id: str | None
    place: StoredBox | None
    cleared_at: AwareDatetime
    event_id: EventId
    recurrence_number: Annotated[int, Field(ge=1)]


class RuleState(_Stored):
    """What one rule has its eye on.

    Attributes:
        issue_code: Its issue type.
        suspicions: What it has its eye on.
        cool_downs: Where it is silent.
        past_sightings: What has cleared, the latest last; older workers did not keep it.
    """

    issue_code: str
    suspicions: tuple[SuspicionState, ...]
    cool_downs: tuple[CoolDownState, ...]
    past_sightings: tuple[PastSightingState, ...] = ()


class WatchState(_Stored):
    """Everything a camera's watch knows.

    Attributes:
        schema_version: Of this layout; a state of another one is not taken up.
        latest_look: Time of the latest look that counted.
        objects: The remembered objects.
        rules: What each rule has its eye on.
    """

    schema_version: Annotated[int, Field(ge=1, le=1)] = 1
    latest_look: AwareDatetime
    objects: tuple[ObjectState, ...]
    rules: tuple[RuleState, ...]


def stored_box(box: npt.NDArray[np.float32]) -> StoredBox:
    """A box (4,) as numbers."""
    left, top, right, bottom = box.tolist()
    return left, top, right, bottom


def box_of(stored: StoredBox) -> npt.NDArray[np.float32]:
    """A box (4,) from numbers."""
    return np.array(stored, np.float32)
