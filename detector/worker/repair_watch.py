"""The repair watch: looks at what was handled, and says to the API what was seen."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import structlog

from api.contract.repair_checks import RepairCheck, RepairCheckStatus, RepairLook, RepairSeen
from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.delivery.publishing_thread import PublishingThread
from detector.evidence.evidence import EvidencePicture, take_cleared_evidence
from detector.watching.repair_sight import CameraLook, boxes_of, seen_at
from streams.camera import Camera
from streams.camera_health.health_report import HealthReport

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A look that is to be sent.

    Attributes:
        look: What it showed.
        picture: Its picture, of one that tells something.
    """

    look: RepairLook
    picture: EvidencePicture | None


class RepairWatch(PublishingThread):
    """Follows what the API wants looked at again, and sends it one look at a time of each.

    ``follow`` belongs to the thread that keeps the cameras, ``note`` and ``note_silent`` to any;
    what is seen is sent in a thread of its own. Of each check no more than one look waits, and
    its next one is taken when the API says so.

    Args:
        client: The API.
    """

    def __init__(self, client: ApiClient) -> None:
        # What cannot be sent on leaving is seen again by whoever watches the camera then.
        super().__init__("repair look", drain_seconds=0.0)
        self._client = client
        self._lock = threading.Lock()
        self._checks: Mapping[str, RepairCheck] = MappingProxyType({})
        self._cameras: Mapping[str, Camera] = MappingProxyType({})
        self._waiting: dict[str, _Waiting] = {}
        self._fault = ""

    def follow(self, cameras: Iterable[Camera]) -> None:
        """Ask the API what is to be looked at, of these cameras."""
        watched = {camera.camera_id: camera for camera in cameras}
        try:
            listed = self._client.repair_checks()
        except (ApiUnavailableError, ApiRefusedError) as error:
            if str(error) != self._fault:
                log.warning("repair_checks_not_read", reason=str(error))
            self._fault = str(error)
            return
        self._fault = ""
        checks = {one.check_id: one for one in listed if one.camera_id in watched}
        with self._lock:
            self._checks = MappingProxyType(checks)
            self._cameras = MappingProxyType(watched)
            self._waiting = {key: one for key, one in self._waiting.items() if key in checks}

    def hastened(self, cameras: Sequence[Camera]) -> list[Camera]:
        """Return the cameras as they are to be read: sooner, where a look is awaited."""
        with self._lock:
            pauses = {one.camera_id: one.pause_seconds for one in self._checks.values()}
        return [
            camera.model_copy(update={"look_interval_seconds": pauses[camera.camera_id]})
            if 0 < pauses.get(camera.camera_id, 0) < camera.look_interval_seconds
            else camera
            for camera in cameras
        ]

    def note(self, look: CameraLook) -> None:
        """Take in what a look tells of the spots of its camera; never blocks on the network."""
        for check in self._to_be_looked_at(look.frame.camera_id, look.frame.captured_at):
            seen = seen_at(check, look)
            if seen is RepairSeen.UNHEALTHY:
                self._put_unhealthy(check, look.frame.captured_at, look.outcome.health)
            elif seen is not None:
                zones = [zone for zone in look.camera.zones if zone.zone_id == check.zone_id]
                picture = take_cleared_evidence(look.frame, boxes_of(check), zones)
                said = RepairLook(
                    looked_at=look.frame.captured_at, seen=seen, sha256=picture.sha256
                )
                self._put(check, _Waiting(said, picture))

    def camera(self, camera_id: str) -> Camera | None:
        """Return a watched camera as configured, if any of its spots is to be looked at."""
        with self._lock:
            if any(check.camera_id == camera_id for check in self._checks.values()):
                return self._cameras.get(camera_id)
        return None

    def note_silent(self, camera_id: str, health: HealthReport) -> None:
        """Take in that a camera sends no picture."""
        if not health.trusted:
            for check in self._to_be_looked_at(camera_id, health.at):
                self._put_unhealthy(check, health.at, health)

    def _to_be_looked_at(self, camera_id: str, at: datetime) -> list[RepairCheck]:
        with self._lock:
            return [
                check
                for check in self._checks.values()
                if check.camera_id == camera_id
                and check.look_after < at
                and check.check_id not in self._waiting
            ]

    def _put_unhealthy(self, check: RepairCheck, at: datetime, health: HealthReport) -> None:
        faults = ", ".join(str(one.fault) for one in (*health.standing, *health.suspected))
        said = RepairLook(looked_at=at, seen=RepairSeen.UNHEALTHY, faults=faults)
        self._put(check, _Waiting(said, None))

    def _put(self, check: RepairCheck, waiting: _Waiting) -> None:
        with self._lock:
            self._waiting[check.check_id] = waiting
        self._make_due(check.check_id)

    def _send(self, camera_id: str) -> bool:
        # What is due here is a check: a camera may have several.
        check_id = camera_id
        with self._lock:
            waiting = self._waiting.get(check_id)
        if waiting is None:
            return False
        try:
            if waiting.picture is not None:
                self._client.upload_evidence(waiting.picture.sha256, waiting.picture.jpeg)
            receipt = self._client.post_repair_look(check_id, waiting.look)
        except ApiRefusedError:
            self._forget(check_id)
            raise
        with self._lock:
            self._waiting.pop(check_id, None)
            known = self._checks.get(check_id)
            if known is not None:
                later = known.model_copy(
                    update={"look_after": receipt.look_after, "status": receipt.status}
                )
                self._checks = MappingProxyType({**self._checks, check_id: later})
        if receipt.status is not RepairCheckStatus.OPEN:
            self._forget(check_id)
        return True

    def _forget(self, check_id: str) -> None:
        """Look no more; until the API, asked again, still wants it."""
        with self._lock:
            self._waiting.pop(check_id, None)
            rest = {key: check for key, check in self._checks.items() if key != check_id}
            self._checks = MappingProxyType(rest)
