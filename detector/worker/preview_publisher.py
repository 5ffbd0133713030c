"""Previews: the newest picture of each camera, with boxes drawn, for the camera tiles."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detector.delivery.api_client import ApiClient
from detector.delivery.publishing_thread import PublishingThread
from detector.detections import Detections
from detector.evidence.evidence import preview
from detector.sighting import Sighting
from streams.camera import Camera
from streams.frame import Frame
from streams.kit.stage_costs import Stage, StageCosts


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """What a camera tile is to show."""

    camera: Camera
    frame: Frame
    detections: Detections
    sightings: Sequence[Sighting]


class PreviewPublisher(PublishingThread):
    """Sends each camera's newest picture to the API, best effort, in a thread of its own.

    Holds one picture per camera; a newer one replaces one that was not sent yet. A preview is
    worth nothing a second later, so what cannot be sent is dropped. ``show`` may be called from
    any thread.

    Args:
        client: The API.
        interval_seconds: Least time between two previews of a camera.
        costs: Where the CPU time is booked, as evidence.
    """

    def __init__(self, client: ApiClient, interval_seconds: float, costs: StageCosts) -> None:
        super().__init__("preview", drain_seconds=0.0)
        self._client = client
        self._interval = interval_seconds
        self._costs = costs
        self._lock = threading.Lock()
        self._waiting: dict[str, PreviewPicture] = {}
        self._shown_at: dict[str, float] = {}

    def show(self, picture: PreviewPicture) -> None:
        """Offer a camera's newest picture; never blocks on the network."""
        camera_id = picture.camera.camera_id
        taken = picture.frame.captured_at.timestamp()
        with self._lock:
            if taken - self._shown_at.get(camera_id, 0.0) < self._interval:
                return
            self._shown_at[camera_id] = taken
            self._waiting[camera_id] = picture
        self._make_due(camera_id)

    def _send(self, camera_id: str) -> bool:
        with self._lock:
            picture = self._waiting.pop(camera_id, None)
        if picture is None:
            return False
        with self._costs.measure(Stage.EVIDENCE):
            jpeg = _draw(picture)
        self._client.send_preview(camera_id, jpeg, picture.frame.captured_at)
        return True


def _draw(picture: PreviewPicture) -> bytes:
    boxes = [sighting.boxes for sighting in picture.sightings]
    stacked = np.concatenate(boxes) if boxes else np.zeros((0, 4), np.float32)
    frame = picture.frame.picture
    return preview(frame, picture.detections, stacked, picture.camera.zones)
