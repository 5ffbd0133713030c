"""Evidence pictures show what was sighted."""

import hashlib
from dataclasses import replace

import cv2
import numpy as np
import pytest

from api.contract.events import EvidenceKind
from detector.detections import Detections
from detector.evidence.evidence import EvidencePicture, annotate, preview, take_evidence
from streams.frame import Frame, Picture
from streams.zone import Zone, ZoneKind
from tests.events import NOON

ZONE = Zone(zone_id="kerb", kind=ZoneKind.NO_PARKING, polygon=((0, 0.5), (1, 0.5), (1, 1)))


def grey_frame(width: int = 640, height: int = 360) -> Frame:
    return Frame("gate", np.full((height, width, 3), 90, np.uint8), NOON, 0)


def one_box(*box: float) -> Detections:
    return Detections(
        boxes=np.array([box], np.float32),
        scores=np.array([0.8], np.float32),
        class_ids=np.array([0]),
        class_names=("car",),
    )


def decoded(picture: EvidencePicture) -> Picture:
    return cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_event_gets_frame_annotated_frame_and_crop():
    found = one_box(0.25, 0.25, 0.5, 0.5)

    pictures = take_evidence(grey_frame(), found, found.boxes, [ZONE])

    kinds = [picture.kind for picture in pictures]
    assert kinds == [EvidenceKind.FRAME, EvidenceKind.ANNOTATED, EvidenceKind.CROP]
    for picture in pictures:
        assert picture.sha256 == hashlib.sha256(picture.jpeg).hexdigest()
        assert picture.captured_at == NOON
    frame, annotated, crop = (decoded(picture) for picture in pictures)
    assert frame.shape == annotated.shape == (360, 640, 3)
    assert np.abs(frame.astype(int) - 90).max() < 4
    assert np.abs(annotated.astype(int) - 90).max() > 80
    assert 160 < crop.shape[1] < 640


@pytest.mark.parametrize(
    "box",
    [(0.0, 0.0, 0.01, 0.01), (0.99, 0.99, 1.0, 1.0), (0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 0.5, 0.5)],
)
@pytest.mark.parametrize("size", [(1920, 1080), (16, 12), (2, 2)])
def test_crop_at_any_edge_is_a_picture(box: tuple[float, ...], size: tuple[int, int]):
    found = one_box(*box)

    *_, crop = take_evidence(grey_frame(*size), found, found.boxes, [])

    assert min(decoded(crop).shape[:2]) >= 1


def test_doubtful_detection_is_not_drawn():
    frame, found = grey_frame(), one_box(0.1, 0.1, 0.9, 0.9)
    doubtful = replace(found, scores=np.array([0.3], np.float32))

    drawn = annotate(frame.picture, doubtful, doubtful.boxes[:0], [])

    assert (drawn == frame.picture).all()


def test_annotating_leaves_the_frame_as_it_was():
    frame, found = grey_frame(), one_box(0.1, 0.1, 0.9, 0.9)

    annotate(frame.picture, found, found.boxes, [ZONE])

    assert (frame.picture == 90).all()


def test_preview_is_small_and_keeps_its_shape():
    found = one_box(0.25, 0.25, 0.5, 0.5)

    jpeg = preview(grey_frame(1920, 1080).picture, found, found.boxes, [ZONE])

    shown = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert shown.shape == (360, 640, 3)
    assert np.abs(shown.astype(int) - 90).max() > 80
