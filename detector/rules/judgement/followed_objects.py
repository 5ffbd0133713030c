"""Followed objects: what a rule about single things keeps, and takes up after a restart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from detector.objects.object_memory import RememberedObject
from detector.rules.judgement.suspicion import Suspicion
from detector.rules.judgement.watch_state import RuleState, SuspicionState
from detector.rules.watched_rule import WatchedRule
from detector.sighting import Sighting


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
