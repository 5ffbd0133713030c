"""Previews: the newest picture of each camera, with boxes drawn, for the camera tiles."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import structlog

from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.detections import Detections
from detector.evidence.evidence import preview
from detector.sighting import Sighting
from streams.camera import Camera
from streams.frame import Frame
from streams.kit.errors import CityPatrolError
from streams.kit.stage_costs import Stage, StageCosts

log = structlog.get_logger(__name__)

PAUSE_AFTER_FAILURE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """What a camera tile is to show."""

    camera: Camera
    frame: Frame
    detections: Detections
    sightings: Sequence[Sighting]


class PreviewPublisher:
    """One thread that sends each camera's newest picture to the API, best effort.

    Holds one picture per camera; a newer one replaces one that was not sent yet. A preview is
    worth nothing a second later, so what cannot be sent is dropped. ``show`` may be called from
    any thread. Use it in ``with``.

    Args:
        client: The API.
        interval_seconds: Least time between two previews of a camera.
        costs: Where the CPU time is booked, as evidence.
    """

    def __init__(self, client: ApiClient, interval_seconds: float, costs: StageCosts) -> None:
        self._client = client
        self._interval = interval_seconds
        self._costs = costs
        self._waiting: dict[str, PreviewPicture] = {}
        self._shown_at: dict[str, float] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="previews", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join()

    @property
    def alive(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    def show(self, picture: PreviewPicture) -> None:
        """Offer a camera's newest picture; never blocks on the network."""
        camera_id = picture.camera.camera_id
        taken = picture.frame.captured_at.timestamp()
        with self._changed:
            if taken - self._shown_at.get(camera_id, 0.0) < self._interval:
                return
            self._shown_at[camera_id] = taken
            self._waiting[camera_id] = picture
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping.is_set())
                if self._stopping.is_set():
                    return
                camera_id = next(iter(self._waiting))
                picture = self._waiting.pop(camera_id)
            self._send(picture)

    def _send(self, picture: PreviewPicture) -> None:
        try:
            with self._costs.measure(Stage.EVIDENCE):
                jpeg = _draw(picture)
            self._client.send_preview(picture.camera.camera_id, jpeg, picture.frame.captured_at)
            self._failing = False
        except ApiUnavailableError as error:
            if not self._failing:
                log.warning("previews_not_sent", reason=str(error))
            self._failing = True
            self._stopping.wait(PAUSE_AFTER_FAILURE_SECONDS)
        except (ApiRefusedError, CityPatrolError) as error:
            log.warning("preview_refused", camera_id=picture.camera.camera_id, reason=str(error))


def _draw(picture: PreviewPicture) -> bytes:
    boxes = [sighting.boxes for sighting in picture.sightings]
    stacked = np.concatenate(boxes) if boxes else np.zeros((0, 4), np.float32)
    frame = picture.frame.picture
    return preview(frame, picture.detections, stacked, picture.camera.zones)
