"""Evidence: the pictures that let a person judge an event in seconds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
import numpy.typing as npt

from api.contract.events import EvidenceKind, EvidenceReference
from detector.detections import NOTHING_DETECTED, Detections
from detector.geometry.picture_crop import PictureCrop
from streams.camera_health.light_look import LightLook
from streams.frame import Frame, Picture
from streams.kit.errors import CityPatrolError
from streams.zone import Zone

Boxes = npt.NDArray[np.float32]

SIGHTING_COLOUR = (40, 60, 235)
DETECTION_COLOUR = (190, 190, 190)
ZONE_COLOUR = (0, 190, 255)

# Large enough to read a shop sign in a 1080p picture, a third of the bytes of quality 95.
EVIDENCE_QUALITY = 85
PREVIEW_QUALITY = 70
PREVIEW_WIDTH = 640

# What scores less is as often wrong as right, and only irritates who looks at the picture.
SHOWN_SCORE = 0.4

# OpenCV's letters are about 22 pixels high at scale 1; these can be read on a tile of the wall.
LABEL_SCALE = 0.5

# The crop shows its surroundings too: a box alone does not tell where it stands.
CROP_MARGIN = 0.35


@dataclass(frozen=True, slots=True)
class EvidencePicture:
    """A JPEG kept with an event.

    Attributes:
        kind: What it shows.
        jpeg: The encoded picture.
        sha256: Hexadecimal hash of ``jpeg``; its name everywhere.
        captured_at: Time of the frame it was made of.
    """

    kind: EvidenceKind
    jpeg: bytes
    sha256: str
    captured_at: datetime

    @property
    def reference(self) -> EvidenceReference:
        """How an event refers to this picture."""
        return EvidenceReference(kind=self.kind, sha256=self.sha256, captured_at=self.captured_at)


def take_evidence(
    frame: Frame, detections: Detections, boxes: Boxes, zones: Sequence[Zone]
) -> tuple[EvidencePicture, ...]:
    """Make the frame, the annotated frame and the crop of what was sighted.

    Args:
        frame: The frame in which it was sighted.
        detections: Everything the model found in it, drawn thin.
        boxes: (k, 4) fractions of the picture, k >= 1; what was sighted, drawn thick.
        zones: Zones drawn as outlines.
    """
    annotated = annotate(frame.picture, detections, boxes, zones)
    pictures = (
        (EvidenceKind.FRAME, frame.picture),
        (EvidenceKind.ANNOTATED, annotated),
        (EvidenceKind.CROP, _crop(frame.picture, boxes)),
    )
    return tuple(_evidence(kind, picture, frame.captured_at) for kind, picture in pictures)


def take_cleared_evidence(frame: Frame, boxes: Boxes, zones: Sequence[Zone]) -> EvidencePicture:
    """Make the picture of a place that was found cleared, framed where the sighting was.

    Args:
        frame: The frame in which it was found gone.
        boxes: (k, 4) fractions of the picture: where it was last seen.
        zones: Zones drawn as outlines.
    """
    drawn = annotate(frame.picture, NOTHING_DETECTED, boxes, zones)
    return _evidence(EvidenceKind.CLEARED, drawn, frame.captured_at)


def take_reference_evidence(look: LightLook) -> EvidencePicture:
    """Make the picture of what a camera's view should show."""
    return _evidence(EvidenceKind.REFERENCE, look.grey, look.learnt_at)


def annotate(
    picture: Picture, detections: Detections, boxes: Boxes, zones: Sequence[Zone]
) -> Picture:
    """Return a copy of the picture with zones, detections and sighted boxes drawn in."""
    drawn = picture.copy()
    size = np.array([picture.shape[1], picture.shape[0]], np.float32)
    thickness = max(1, round(picture.shape[1] / PREVIEW_WIDTH))
    for zone in zones:
        corners = (np.array(zone.polygon, np.float32) * size).round().astype(np.int32)
        cv2.polylines(drawn, [corners], isClosed=True, color=ZONE_COLOUR, thickness=thickness)
    shown = [index for index, score in enumerate(detections.scores) if score >= SHOWN_SCORE]
    for index in shown:
        _draw_box(drawn, detections.boxes[index], DETECTION_COLOUR, thickness)
    for box in boxes:
        _draw_box(drawn, box, SIGHTING_COLOUR, thickness * 2)
    for index in shown:
        label = f"{detections.class_name(index)} {detections.scores[index]:.2f}"
        _draw_label(drawn, detections.boxes[index], label, thickness)
    return drawn


def preview(picture: Picture, detections: Detections, boxes: Boxes, zones: Sequence[Zone]) -> bytes:
    """A small annotated JPEG for a camera tile, at most 640 pixels wide.

    It is made small first, so that lines and labels are as thick on every tile.
    """
    scale = min(1.0, PREVIEW_WIDTH / picture.shape[1])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small_picture = np.asarray(small, np.uint8)
    return encode_jpeg(annotate(small_picture, detections, boxes, zones), PREVIEW_QUALITY)


def encode_jpeg(picture: npt.NDArray[np.uint8] | cv2.typing.MatLike, quality: int) -> bytes:
    """Encode a BGR picture.

    Raises:
        CityPatrolError: The picture cannot be encoded.
    """
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise CityPatrolError(f"a picture of shape {picture.shape} could not be made a JPEG")
    return data.tobytes()


def _evidence(kind: EvidenceKind, picture: Picture, captured_at: datetime) -> EvidencePicture:
    jpeg = encode_jpeg(picture, EVIDENCE_QUALITY)
    return EvidencePicture(
        kind=kind,
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        captured_at=captured_at,
    )


def _crop(picture: Picture, boxes: Boxes) -> Picture:
    return PictureCrop.around(picture, boxes, CROP_MARGIN).of(picture)


def _corners(picture: Picture, box: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    height, width = picture.shape[:2]
    left, top, right, bottom = box
    return round(left * width), round(top * height), round(right * width), round(bottom * height)


def _draw_box(
    picture: Picture, box: npt.NDArray[np.float32], colour: tuple[int, int, int], thickness: int
) -> None:
    left, top, right, bottom = _corners(picture, box)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, thickness, cv2.LINE_AA)


def _draw_label(picture: Picture, box: npt.NDArray[np.float32], text: str, thickness: int) -> None:
    scale = LABEL_SCALE * thickness
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
    left, top, _, _ = _corners(picture, box)
    baseline = max(height + 4, top)
    cv2.rectangle(
        picture, (left, baseline - height - 4), (left + width + 4, baseline), (30, 30, 30), -1
    )
    cv2.putText(
        picture,
        text,
        (left + 2, baseline - 3),
        cv2.FONT_HERSHEY_SIMPLEX,
        scale,
        (255, 255, 255),
        thickness,
        cv2.LINE_AA,
    )
