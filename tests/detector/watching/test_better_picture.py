"""A lasting event gets a better picture, and a cleared one the picture of its place."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from api.contract.events import EventProperties, EvidenceKind
from detector.delivery.outbox import Outbox
from detector.detections import Detections
from detector.evidence.evidence import SIGHTING_COLOUR
from detector.evidence.picture_worth import BETTER_AFTER, MAXIMUM_BETTER
from detector.sighting import ChangeKind, Sighting, SightingChange
from detector.worker.event_recorder import EventRecorder, Look
from streams.frame import Frame
from tests.detector.worker.test_event_recorder import CAMERA, MODEL
from tests.events import make_sighting

HOURS = 3600.0
THREE = [EvidenceKind.FRAME, EvidenceKind.ANNOTATED, EvidenceKind.CROP]
SMALL, LARGE = (0.3, 0.3, 0.4, 0.4), (0.25, 0.25, 0.45, 0.45)


class Lasting:
    """One event, looked at again and again; no refresh is due meanwhile."""

    def __init__(self, outbox: Outbox, score: float = 0.5, light: int = 100, box=SMALL) -> None:
        self.outbox = outbox
        self.sighting = self._shown(make_sighting(), score, box)
        self.restart()
        self._record(ChangeKind.OPENED, light)

    def restart(self) -> None:
        self.recorder = EventRecorder(self.outbox, "2026.1", HOURS, self.outbox.standing())

    def show(self, score: float = 0.5, light: int | None = 100, box=SMALL, after=BETTER_AFTER):
        later = replace(
            self.sighting,
            last_seen=self.sighting.last_seen + after,
            score=max(self.sighting.score, score),
        )
        self.sighting = self._shown(later, score, box)
        self._record(ChangeKind.CONTINUED, light)

    def clear(self, light: int | None = 100) -> None:
        self._record(ChangeKind.CLEARED, light, at=self.sighting.last_seen + BETTER_AFTER)

    @property
    def said(self) -> EventProperties:
        (feature,) = self.outbox.waiting(10)
        return feature.properties

    @property
    def kinds(self) -> list[EvidenceKind]:
        return [reference.kind for reference in self.said.evidence]

    @staticmethod
    def _shown(sighting: Sighting, score: float, box) -> Sighting:
        return replace(
            sighting, scores=np.array([score], np.float32), boxes=np.array([box], np.float32)
        )

    def _record(self, kind: ChangeKind, light: int | None, at: datetime | None = None) -> None:
        at = at or self.sighting.last_seen
        frame = None
        if light is not None:
            frame = Frame("gate", np.full((90, 160, 3), light, np.uint8), at, 0)
        found = Detections(self.sighting.boxes, self.sighting.scores, np.array([0]), ("car",))
        look = Look(CAMERA, frame, found, {"car": MODEL})
        self.recorder.record(look, SightingChange(kind, self.sighting, at))


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox(tmp_path, 1 << 30) as opened:
        yield opened


@pytest.mark.parametrize(
    ("opened", "later"),
    [
        pytest.param({"score": 0.5}, {"score": 0.7}, id="surer"),
        pytest.param({"box": SMALL}, {"box": LARGE}, id="nearer, or no longer hidden"),
        pytest.param({"light": 20}, {"light": 120}, id="in daylight"),
    ],
)
def test_a_clearly_better_look_adds_its_pictures_at_once(outbox: Outbox, opened, later):
    event = Lasting(outbox, **opened)
    first = event.said.evidence

    event.show(**later)

    assert event.said.revision == 2
    assert event.said.evidence[:3] == first
    assert event.kinds == THREE * 2
    assert {one.captured_at for one in event.said.evidence[3:]} == {event.sighting.last_seen}
    kept = {picture.sha256 for picture in outbox.pictures_of(event.sighting.event_id)}
    assert kept == {one.sha256 for one in event.said.evidence}


@pytest.mark.parametrize(
    ("opened", "later"),
    [
        pytest.param({"score": 0.5}, {"score": 0.6}, id="a little surer"),
        pytest.param({"box": LARGE}, {"score": 0.9, "box": SMALL}, id="surer but half hidden"),
        pytest.param({"score": 0.8}, {"score": 0.5, "box": LARGE}, id="larger but doubtful"),
        pytest.param({"score": 0.5}, {"score": 0.9, "light": 20}, id="surer but dark"),
        pytest.param({"light": 100}, {"light": 200}, id="lighter where it was light enough"),
        pytest.param({}, {"score": 0.9, "after": BETTER_AFTER / 2}, id="within the minute"),
        pytest.param({}, {"score": 0.9, "light": None}, id="no frame"),
    ],
)
def test_other_looks_add_none(outbox: Outbox, opened, later):
    event = Lasting(outbox, **opened)

    event.show(**later)

    assert (event.said.revision, event.kinds) == (1, THREE)


def test_an_event_gets_so_many_better_pictures_and_no_more_also_over_restarts(outbox: Outbox):
    event = Lasting(outbox, score=0.1)
    for score in (0.3, 0.5, 0.7, 0.9):
        event.restart()
        event.show(score=score)
    event.clear()

    assert event.kinds == THREE * (1 + MAXIMUM_BETTER) + [EvidenceKind.CLEARED]
    assert event.said.revision == 1 + MAXIMUM_BETTER + 1


def test_an_event_without_a_picture_takes_the_first_there_is(outbox: Outbox):
    event = Lasting(outbox, light=None)
    assert event.kinds == []

    event.show(after=timedelta(seconds=1))

    assert event.kinds == THREE


def test_the_cleared_place_is_shown_with_a_frame_where_it_was(outbox: Outbox):
    event = Lasting(outbox, box=LARGE)

    event.clear(light=60)

    reference = event.said.evidence[-1]
    assert event.kinds == [*THREE, EvidenceKind.CLEARED]
    assert reference.captured_at == event.said.cleared_at
    (jpeg,) = (
        picture.jpeg
        for picture in outbox.pictures_of(event.sighting.event_id)
        if picture.sha256 == reference.sha256
    )
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture.shape == (90, 160, 3)
    assert abs(int(picture[35, 60].mean()) - 60) < 10
    edge = picture[round(0.45 * 90), 56].astype(int)
    assert edge.argmax() == int(np.argmax(SIGHTING_COLOUR))
    assert edge.max() - edge.min() > 60


def test_clearing_without_a_frame_adds_nothing(outbox: Outbox):
    event = Lasting(outbox)

    event.clear(light=None)

    assert event.kinds == THREE
    assert event.said.cleared_at is not None
