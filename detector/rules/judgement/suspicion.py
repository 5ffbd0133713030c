"""Suspicion: something a rule has its eye on, until it lasts and becomes a sighting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

import numpy as np
import numpy.typing as npt
from ulid import ULID

from detector.objects.class_groups import FoundObjects
from detector.objects.object_memory import RememberedObject
from detector.objects.presence import Presence
from detector.rules.judgement.watch_state import PresenceState, RuleState, SuspicionState
from detector.rules.watched_rule import WatchedRule
from detector.sighting import ChangeKind, Recurrence, Sighting, SightingChange
from streams.look_moment import LookMoment


class Undecided(Enum):
    """What a rule says of a look that does not show whether it holds."""

    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, eq=False)
class ShownBoxes:
    """The boxes of one look that make a sighting.

    Attributes:
        boxes: float32 array of shape (k, 4), k >= 1, picture fractions.
        class_names: Visual class of each.
        scores: float32 array of shape (k,).
    """

    boxes: npt.NDArray[np.float32]
    class_names: tuple[str, ...]
    scores: npt.NDArray[np.float32]

    @property
    def best_score(self) -> float:
        """The highest score."""
        # A list of the few there are is quicker than an array's maximum.
        return float(max(self.scores.tolist()))

    @classmethod
    def one(cls, found: FoundObjects, index: int) -> Self:
        """The one at an index of what was found."""
        return cls(
            boxes=found.boxes[index : index + 1],
            class_names=(found.class_names[int(found.class_ids[index])],),
            scores=found.scores[index : index + 1],
        )

    @classmethod
    def chosen(cls, found: FoundObjects, indices: Sequence[int]) -> Self:
        """Those at some indices of what was found."""
        if len(indices) == 1:
            return cls.one(found, indices[0])
        chosen = list(indices)
        class_ids = found.class_ids[chosen].tolist()
        return cls(
            boxes=found.boxes[chosen],
            class_names=tuple([found.class_names[class_id] for class_id in class_ids]),
            scores=found.scores[chosen],
        )


@dataclass(slots=True, eq=False)
class Suspicion:
    """What a rule knows of one object or zone.

    Attributes:
        watched: The rule.
        presence: The looks in which the rule's conditions held.
        sighting: The open sighting it became, or None.
    """

    watched: WatchedRule
    presence: Presence
    sighting: Sighting | None = field(default=None)

    @classmethod
    def standing(cls, watched: WatchedRule, sighting: Sighting) -> Self:
        """What a rule knew of an open sighting before a restart."""
        return cls(watched, presence_of(sighting), sighting)

    @classmethod
    def restored(cls, watched: WatchedRule, state: SuspicionState) -> Self:
        """What a rule had its eye on in an earlier run."""
        sighting = None if state.sighting is None else state.sighting.sighting()
        return cls(watched, state.presence.presence(), sighting)

    def state(self, zone_id: str | None, object_index: int | None) -> SuspicionState:
        """What a rule has its eye on, to be kept.

        Args:
            zone_id: The zone it is about, if the rule is about zones.
            object_index: The object it is about, if the rule follows objects.
        """
        return SuspicionState(
            zone_id=zone_id,
            object_index=object_index,
            presence=PresenceState.of(self.presence),
            sighting=None if self.sighting is None else self.sighting.record(),
        )

    @property
    def is_ripe(self) -> bool:
        """Whether it is no sighting yet but has lasted as long as its rule asks."""
        rule = self.watched.rule
        return self.sighting is None and self.presence.has_lasted(
            rule.dwell_seconds, rule.minimum_looks
        )

    def miss(self, moment: LookMoment) -> None:
        """Count a look in which the rule's conditions did not hold."""
        self.presence.miss(moment)

    @property
    def is_over(self) -> bool:
        """Whether it came to nothing, or its sighting is gone.

        A sighting outlasts any number of dips shorter than ``clear_after_looks`` or
        ``clear_after_seconds``; what is no
        sighting yet must also be there in a good share of its looks.
        """
        rule = self.watched.rule
        patience = rule.clear_after_looks
        if self.sighting is not None:
            return (
                self.presence.missed >= patience
                and self.presence.missed_seconds >= rule.clear_after_seconds
            )
        return self.presence.is_broken(patience)

    def open(
        self, zone_id: str | None, shown: ShownBoxes, recurrence: Recurrence | None
    ) -> SightingChange:
        """Make it a sighting that shows these boxes of this look.

        Args:
            zone_id: The zone it is in.
            shown: What of the look shows it.
            recurrence: What it is a return of.
        """
        sighting = Sighting(
            event_id=str(ULID.from_datetime(self.presence.last_seen)),
            issue_code=self.watched.issue_code,
            zone_id=zone_id,
            first_seen=self.presence.first_seen,
            last_seen=self.presence.last_seen,
            observed_count=self.presence.looks_seen,
            score=shown.best_score,
            boxes=shown.boxes,
            class_names=shown.class_names,
            scores=shown.scores,
            unwatched_seconds=self.presence.unwatched_seconds,
            recurrence=recurrence,
        )
        self.sighting = sighting
        return SightingChange(ChangeKind.OPENED, sighting, sighting.last_seen)

    def carry_on(self, sighting: Sighting, shown: ShownBoxes) -> SightingChange:
        """Refresh its open sighting with these boxes of this look."""
        # Written out since dataclasses.replace costs as much again, at every look that shows it.
        continued = Sighting(
            event_id=sighting.event_id,
            issue_code=sighting.issue_code,
            zone_id=sighting.zone_id,
            first_seen=sighting.first_seen,
            last_seen=self.presence.last_seen,
            observed_count=self.presence.looks_seen,
            score=max(sighting.score, shown.best_score),
            boxes=shown.boxes,
            class_names=shown.class_names,
            scores=shown.scores,
            unwatched_seconds=self.presence.unwatched_seconds,
            recurrence=sighting.recurrence,
        )
        self.sighting = continued
        return SightingChange(ChangeKind.CONTINUED, continued, continued.last_seen)


def presence_of(sighting: Sighting) -> Presence:
    """The presence that an open sighting stands for."""
    lasted = (sighting.last_seen - sighting.first_seen).total_seconds()
    return Presence(
        sighting.first_seen,
        sighting.last_seen,
        dwell_seconds=lasted - sighting.unwatched_seconds,
        looks_seen=sighting.observed_count,
        looks=sighting.observed_count,
    )


def cleared(sighting: Sighting, moment: LookMoment) -> SightingChange:
    """The end of a sighting that a look found gone."""
    return SightingChange(ChangeKind.CLEARED, sighting, max(moment.captured_at, sighting.last_seen))


def open_sightings(suspicions: Iterable[Suspicion]) -> list[Sighting]:
    """The sightings that stand among what a rule has its eye on."""
    return [suspicion.sighting for suspicion in suspicions if suspicion.sighting is not None]


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What a rule goes on with.

    Attributes:
        suspicions: By the object that each is about.
        left_over: Open sightings whose zone is gone.
    """

    suspicions: Mapping[RememberedObject, Suspicion]
    left_over: list[Sighting]


def kept_suspicions(
    suspicions: Mapping[RememberedObject, Suspicion], objects: Sequence[RememberedObject]
) -> tuple[SuspicionState, ...]:
    """Suspicions to be kept; those of objects that are forgotten go with them.

    Args:
        suspicions: By the object that each is about.
        objects: The camera's remembered objects.
    """
    index_of = {remembered: index for index, remembered in enumerate(objects)}
    return tuple(
        suspicion.state(None, index_of[remembered])
        for remembered, suspicion in suspicions.items()
        if remembered in index_of
    )


def taken_up(
    watched: WatchedRule, state: RuleState, objects: Sequence[RememberedObject]
) -> TakenUp:
    """What a rule had its eye on in an earlier run, on the objects that stand for it now."""
    known_zones = {zone.zone_id for zone in watched.zones}
    suspicions: dict[RememberedObject, Suspicion] = {}
    left_over: list[Sighting] = []
    for one in state.suspicions:
        suspicion = Suspicion.restored(watched, one)
        sighting = suspicion.sighting
        if sighting is not None and sighting.zone_id not in known_zones:
            left_over.append(sighting)
        elif one.object_index is not None and one.object_index < len(objects):
            suspicions[objects[one.object_index]] = suspicion
    return TakenUp(suspicions, left_over)
