"""Events that ask for confirmation, for tests: a catalogue, looks and who records them."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from api.contract.confirmations import EventConfirmation
from api.contract.events import EventFeature, ModelReference
from detector.confirmation.confirmation_settings import ConfirmationSettings
from detector.confirmation.confirmations import Confirmations
from detector.confirmation.second_model_opener import SecondModelOpener
from detector.confirmation.verdict import Verdict
from detector.delivery.outbox import Outbox
from detector.detections import Detections
from detector.inference.settings import DetectorSettings
from detector.sighting import ChangeKind, Sighting, SightingChange
from detector.worker.event_recorder import EventRecorder, Look
from models.registry.settings import RegistrySettings
from streams.camera import Camera
from streams.frame import Frame, Picture
from streams.kit.stage_costs import StageCosts
from tests.colour_model import ColourSquare, colour_square_picture
from tests.colour_versions import HEIGHT, WIDTH, square_box
from tests.detector.confirmation.vision_server import KEY, VisionServer
from tests.events import make_sighting
from tests.watching import catalogue_of

QUESTION = "Does a car stand where parking is forbidden?"
VISION = {"by": "vision_endpoint", "question": QUESTION}
SQUARE = ColourSquare("car", 0.5, 0.5)
PICTURE = colour_square_picture([SQUARE], WIDTH, HEIGHT)
MODEL = ModelReference(name="m", version="1", sha256="0" * 64)


def endpoint(server: VisionServer, **changes: object) -> ConfirmationSettings:
    """Settings that ask this server."""
    usual = {"vision_url": server.url, "vision_model": "eye", "vision_key": KEY}
    return ConfirmationSettings(**(usual | changes))


class AskingEvents:
    """Records events of type 90001, whose rule asks for a confirmation; used in ``with``.

    Each use is a run of a worker on the outbox; a later one goes on where it was left.

    Args:
        outbox: Where the events go.
        asks: The rule's confirmation.
        settings: The vision endpoint; without it there is none.
        registry: The second models.
    """

    def __init__(
        self,
        outbox: Outbox,
        asks: dict[str, object],
        settings: ConfirmationSettings | None = None,
        registry: Path = Path("nowhere"),
    ) -> None:
        self.outbox = outbox
        self._lock = threading.Lock()
        models = SecondModelOpener(
            RegistrySettings(registry=str(registry)), DetectorSettings(), StageCosts()
        )
        catalogue = catalogue_of(c90001={"classes": ["car"], "confirmation": asks})
        self.confirmations = Confirmations(
            catalogue, settings or ConfirmationSettings(), models, self._confirm
        )
        self._recorder = EventRecorder(
            outbox, "2026.3", 3600.0, outbox.standing(), self.confirmations
        )

    def __enter__(self) -> "AskingEvents":
        self.confirmations.__enter__()
        with self._lock:
            self._recorder.ask_again()
        return self

    def __exit__(self, *exception: object) -> None:
        self.confirmations.__exit__(*exception)

    def open(self, camera_id: str = "gate", picture: Picture | None = PICTURE) -> str:
        """Let an event open; returns its id."""
        sighting = replace(
            make_sighting(),
            issue_code="90001",
            boxes=np.array([square_box(SQUARE)], np.float32),
        )
        self.happen(ChangeKind.OPENED, sighting, camera_id, picture)
        return sighting.event_id

    def happen(
        self,
        kind: ChangeKind,
        sighting: Sighting,
        camera_id: str = "gate",
        picture: Picture | None = PICTURE,
    ) -> None:
        """Let something happen to an event."""
        camera = Camera.model_validate(
            {"camera_id": camera_id, "name": "C", "stream_url": "rtsp://h/x", "lon": 1, "lat": 2}
        )
        frame = None if picture is None else Frame(camera_id, picture, sighting.last_seen, 0)
        found = Detections(sighting.boxes, sighting.scores, np.array([0]), ("car",))
        look = Look(camera, frame, found, {"car": MODEL})
        with self._lock:
            self._recorder.record(look, SightingChange(kind, sighting, sighting.last_seen))

    def clear(self, event_id: str) -> None:
        """Let an event clear a minute after it was last seen."""
        (standing,) = (one for one in self.outbox.standing() if one.sighting.event_id == event_id)
        last_seen = standing.sighting.last_seen + timedelta(minutes=1)
        self.happen(ChangeKind.CLEARED, replace(standing.sighting, last_seen=last_seen))

    def event(self, event_id: str) -> EventFeature:
        """The latest revision of an event."""
        (found,) = (one for one in self.outbox.waiting(100) if one.id == event_id)
        return found

    def asked(self, event_id: str) -> EventConfirmation:
        """What an event says of its confirmation."""
        confirmation = self.event(event_id).properties.confirmation
        assert confirmation is not None
        return confirmation

    def _confirm(self, event_id: str, verdict: Verdict) -> None:
        with self._lock:
            self._recorder.confirm(event_id, verdict)
