"""Figures that others published for the like of our data sets."""

from collections.abc import Iterable
from dataclasses import dataclass

CAVEAT = (
    "published: others' figures on their own pictures, which are not these; they say how hard "
    "such scenes are, not who is better."
)


@dataclass(frozen=True, slots=True)
class PublishedAnchor:
    """What somebody else measured on pictures of the same things.

    Attributes:
        about: Visual classes; a data set that labels all of them is of its kind.
        source: Who measured on what.
        figure: What came out.
    """

    about: frozenset[str]
    source: str
    figure: str


# Narrower kinds first: COCO labels most things of a street.
PUBLISHED_ANCHORS = (
    PublishedAnchor(
        frozenset({"garbage_pile"}), "EcoDetect-YOLO, exposed garbage, own set", "mAP50 0.581"
    ),
    PublishedAnchor(
        frozenset({"road_crack", "pothole"}), "YOLOv8n to x, RDD2022", "mAP50 0.551 to 0.597"
    ),
    PublishedAnchor(frozenset({"flame", "smoke"}), "FASDD, fire and smoke", "mAP50 about 0.80"),
    PublishedAnchor(
        frozenset({"person", "car", "dog", "umbrella"}),
        "YOLO11n and YOLO26n, COCO val2017",
        "mAP50-95 0.395 and 0.409",
    ),
)


def anchor_for(labelled_classes: Iterable[str]) -> PublishedAnchor | None:
    """The published figure for pictures of these visual classes, if there is one."""
    labelled = frozenset(labelled_classes)
    return next((anchor for anchor in PUBLISHED_ANCHORS if anchor.about <= labelled), None)
