"""What a look at a camera tells of a spot that was handled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from api.contract.repair_checks import RepairCheck, RepairSeen
from detector.detections import Detections
from detector.geometry.boxes import overlaps
from detector.sighting import Sighting, looked_for
from detector.watching.camera_watches import WatchOutcome
from streams.camera import Camera
from streams.frame import Frame


@dataclass(frozen=True, slots=True)
class CameraLook:
    """One judged look at a camera.

    Attributes:
        frame: The picture.
        detections: What was found in it.
        outcome: What came of it.
        camera: The camera as its operator configured it, with all its views.
    """

    frame: Frame
    detections: Detections
    outcome: WatchOutcome
    camera: Camera


def boxes_of(check: RepairCheck) -> npt.NDArray[np.float32]:
    """Return where the event was: shape (k, 4), fractions of the picture."""
    return np.array([one.box for one in check.detections], np.float32).reshape(-1, 4)


def seen_at(check: RepairCheck, look: CameraLook) -> RepairSeen | None:
    """Say what a look tells of a spot; None if it does not tell.

    Absent is only what its rule judged, and where nothing like it was found either: a thing that
    has just come back is no event yet.
    """
    outcome = look.outcome
    if not outcome.health.trusted:
        return RepairSeen.UNHEALTHY
    if not _is_in_view(check, look) or check.issue_code not in outcome.judged:
        return None
    standing = [one for one in outcome.open_sightings if _is_the_same(check, one)]
    if any(one.last_seen >= look.frame.captured_at for one in standing):
        return RepairSeen.PRESENT
    if standing or _is_suspected(check, look.detections):
        return None
    return RepairSeen.ABSENT


def _is_in_view(check: RepairCheck, look: CameraLook) -> bool:
    if not look.camera.presets:
        return True
    seen = look.outcome.camera
    drawn = {zone.zone_id for zone in seen.zones} | {line.line_id for line in seen.lines}
    # In which view an event without a zone was, nobody knows any more.
    return check.zone_id is not None and check.zone_id in drawn


def _is_the_same(check: RepairCheck, sighting: Sighting) -> bool:
    if sighting.event_id == check.event_id:
        return True
    if (sighting.issue_code, sighting.zone_id) != (check.issue_code, check.zone_id):
        return False
    places = boxes_of(check)
    return len(places) == 0 or bool(overlaps(places, sighting.boxes).iou.any())


def _is_suspected(check: RepairCheck, detections: Detections) -> bool:
    """Whether anything of the event's classes was found where it was."""
    names = {one.class_name for one in check.detections}
    if any(looked_for(name) != name for name in names):
        # Of what was missing, finding it is what was wanted.
        return False
    wanted = [
        index for index, _ in enumerate(detections.scores) if detections.class_name(index) in names
    ]
    if not wanted:
        return False
    return bool(overlaps(boxes_of(check), detections.boxes[wanted]).same_place.any())
