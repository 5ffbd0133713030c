"""The issue watches of all cameras, kept as the list of cameras changes."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from detector.detections import Detections
from detector.issue_watch import IssueWatch
from detector.memory_store import MemoryStore
from detector.outbox import StandingEvent
from detector.rules.kept_watch import KeptWatch
from detector.rules.picture_geometry import PictureSize
from detector.sighting import ChangeKind, Sighting, SightingChange
from models.issue_catalogue import IssueCatalogue
from streams.camera import Camera
from streams.errors import CityPatrolError
from streams.frame import Frame

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WatchOutcome:
    """What one look at a camera came to.

    Attributes:
        camera: The camera as it was configured at that look.
        changes: What happened to sightings, in order.
        open_sightings: Those that stand after the look.
    """

    camera: Camera
    changes: Sequence[SightingChange]
    open_sightings: Sequence[Sighting]


@dataclass(frozen=True, slots=True)
class _Watched:
    camera: Camera
    watch: IssueWatch


class CameraWatches:
    """One ``IssueWatch`` per camera.

    ``follow`` may be called from another thread than ``look``; a lock keeps them apart.

    Args:
        catalogue: What the cameras' issue types mean.
        time_zone: Where the hours of rules are meant.
        standing: Events of an earlier run that have not cleared.
        memory: Where the watches' states are kept.
    """

    def __init__(
        self,
        catalogue: IssueCatalogue,
        time_zone: ZoneInfo,
        standing: Iterable[StandingEvent],
        memory: MemoryStore,
    ) -> None:
        self._catalogue = catalogue
        self._memory = memory
        self._time_zone = time_zone
        self._lock = threading.Lock()
        self._watched: dict[str, _Watched] = {}
        self._standing: dict[str, list[Sighting]] = {}
        for event in standing:
            self._standing.setdefault(event.camera_id, []).append(event.sighting)

    def follow(self, cameras: Iterable[Camera]) -> list[Camera]:
        """Watch exactly these cameras from now on and return those that can be watched.

        A camera whose settings changed keeps its standing sightings. One that asks for what the
        catalogue does not know is left out, with an error in the log.
        """
        accepted = []
        with self._lock:
            earlier, self._watched = self._watched, {}
            for camera in cameras:
                known = earlier.get(camera.camera_id)
                try:
                    watched = (
                        known
                        if known is not None and known.camera == camera
                        else self._watch(camera, known)
                    )
                except CityPatrolError as error:
                    log.error(  # noqa: TRY400 - the text says it all
                        "camera_not_watched", camera_id=camera.camera_id, reason=str(error)
                    )
                    continue
                self._watched[camera.camera_id] = watched
                accepted.append(camera)
            for camera_id in earlier.keys() - self._watched.keys():
                watch = earlier[camera_id].watch
                self._standing[camera_id] = list(watch.open_sightings())
                self._keep(camera_id, watch)
        return accepted

    def look(self, frame: Frame, detections: Detections) -> WatchOutcome | None:
        """Judge one analysed frame; None if its camera is no longer watched."""
        with self._lock:
            watched = self._watched.get(frame.camera_id)
            if watched is None:
                return None
            changes = watched.watch.look(
                detections, frame.captured_at, PictureSize(frame.width, frame.height)
            )
            ended_or_began = any(change.kind is not ChangeKind.CONTINUED for change in changes)
            if ended_or_began or self._memory.is_due(frame.camera_id):
                self._keep(frame.camera_id, watched.watch)
            return WatchOutcome(watched.camera, changes, watched.watch.open_sightings())

    def _watch(self, camera: Camera, known: _Watched | None) -> _Watched:
        if known is None:
            kept = KeptWatch(
                self._standing.get(camera.camera_id, ()), self._memory.load(camera.camera_id)
            )
        else:
            kept = KeptWatch(known.watch.open_sightings(), known.watch.state())
        watch = IssueWatch(camera, self._catalogue, self._time_zone, kept)
        self._standing.pop(camera.camera_id, None)
        return _Watched(camera, watch)

    def _keep(self, camera_id: str, watch: IssueWatch) -> None:
        state = watch.state()
        if state is not None:
            self._memory.save(camera_id, state)
