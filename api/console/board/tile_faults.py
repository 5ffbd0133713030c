"""Which faults a camera's tile shows: those that became events, and those reported just now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.console.board.event_facts import EventFacts
from api.contract.conditions import FaultState, KnownCondition, ReportedFault
from api.contract.events import StoredEventFeature


@dataclass(frozen=True, slots=True)
class TileFault:
    """A fault of a camera that stands or is suspected.

    Attributes:
        name: What it is called, with a word of doubt where it is only suspected.
        state: How sure it is.
        since: When it began, ISO 8601 with a zone.
        measured: What was measured, in words; empty if that is not known.
        blinds: Whether the camera cannot be trusted for it.
        severity: How bad it is; empty where no event says so.
        event_id: The event that reports it, if one does.
    """

    name: str
    state: FaultState
    since: str
    measured: str
    blinds: bool
    severity: str = ""
    event_id: str = ""


def tile_faults(
    facts: EventFacts, standing: Iterable[StoredEventFeature], conditions: Iterable[KnownCondition]
) -> dict[str, list[TileFault]]:
    """Put together what is wrong with cameras, by their ids.

    Args:
        facts: Words for events.
        standing: Open events of cameras.
        conditions: What workers say of cameras; what an event says too is said once.
    """
    reported = {one.camera_id: {fault.fault: fault for fault in one.faults} for one in conditions}
    found: dict[str, list[TileFault]] = {}
    for event in standing:
        camera_id = event.properties.camera_id
        names = [found_box.class_name for found_box in event.properties.detections]
        of_camera = reported.get(camera_id, {})
        now = [of_camera.pop(name) for name in names if name in of_camera]
        found.setdefault(camera_id, []).append(_of_event(facts, event, now))
    for camera_id, faults in reported.items():
        found.setdefault(camera_id, []).extend(_unreported(facts, faults))
    return found


def _of_event(facts: EventFacts, event: StoredEventFeature, now: list[ReportedFault]) -> TileFault:
    properties = event.properties
    return TileFault(
        name=facts.fault(event),
        state=FaultState.STANDING,
        since=properties.first_seen.isoformat(),
        measured="; ".join(fault.measured for fault in now) or properties.measured or "",
        # Where no worker says anything of the camera, it is not to be trusted.
        blinds=not now or any(fault.blinds for fault in now),
        severity=properties.severity,
        event_id=event.id,
    )


def _unreported(facts: EventFacts, faults: Mapping[str, ReportedFault]) -> list[TileFault]:
    return [
        TileFault(
            name=facts.reported_fault(fault),
            state=fault.state,
            since=fault.since.isoformat(),
            measured=fault.measured,
            blinds=fault.blinds,
        )
        for fault in faults.values()
    ]
