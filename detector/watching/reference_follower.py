"""The reference follower: keeps cameras held to the pictures that operators gave."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

import structlog

from api.contract.references import CameraReference
from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.watching.camera_watches import CameraWatches
from streams.camera import Camera
from streams.camera_health.given_reference import GivenReference
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)


class ReferenceFollower:
    """Asks the API for changed reference pictures. Belongs to the thread that keeps the cameras.

    Args:
        client: The API.
        watches: The cameras' watches.
    """

    def __init__(self, client: ApiClient, watches: CameraWatches) -> None:
        self._client = client
        self._watches = watches
        self._fault = ""
        # A picture that cannot be used is fetched once, and again when another is given.
        self._unusable: set[tuple[str, str, str]] = set()

    def follow(self, cameras: Iterable[Camera]) -> None:
        """Hold these cameras to their pictures as the API has them now."""
        try:
            references = self._client.camera_references()
        except (ApiUnavailableError, ApiRefusedError) as error:
            if str(error) != self._fault:
                log.warning("references_not_read", reason=str(error))
            self._fault = str(error)
            return
        self._fault = ""
        of_camera: dict[str, list[CameraReference]] = defaultdict(list)
        for reference in references:
            of_camera[reference.camera_id].append(reference)
        for camera in cameras:
            self._hold(camera, of_camera.get(camera.camera_id, []))

    def _hold(self, camera: Camera, references: list[CameraReference]) -> None:
        wanted = {one.preset: one.sha256 for one in references if one.preset in camera.view_names}
        held = self._watches.given_references(camera.camera_id)
        if wanted == held:
            return
        given = {
            one.preset: picture
            for one in references
            if wanted.get(one.preset) not in {None, held.get(one.preset)}
            and (picture := self._fetched(one)) is not None
        }
        # Where a picture could not be had, the one before counts on.
        for name in wanted.keys() - given.keys():
            wanted[name] = held.get(name, "")
        usable = {name: sha256 for name, sha256 in wanted.items() if sha256}
        self._watches.hold_to(camera.camera_id, usable, given)

    def _fetched(self, reference: CameraReference) -> GivenReference | None:
        key = (reference.camera_id, reference.preset, reference.sha256)
        if key in self._unusable:
            return None
        try:
            jpeg = self._client.reference_picture(reference.camera_id, reference.preset)
            if hashlib.sha256(jpeg).hexdigest() != reference.sha256:
                return None
            return GivenReference.of(reference.preset, reference.sha256, jpeg, reference.given_at)
        except ApiUnavailableError as error:
            log.warning("reference_not_read", camera_id=reference.camera_id, reason=str(error))
        except CityPatrolError as error:
            self._unusable.add(key)
            log.warning("reference_not_used", camera_id=reference.camera_id, reason=str(error))
        return None
