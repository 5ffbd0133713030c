"""Which clips the demo shows, as which cameras."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from streams.camera import Camera, EnabledIssueType
from streams.replay.footage import ClipSpan, Footage

_FOLDER = Path(__file__).parent
GRIDS = _FOLDER / "grids.geojson"
STREETS = _FOLDER / "streets.geojson"
CAMERAS = _FOLDER / "cameras.yaml"
OVERLAY = _FOLDER / "overlay.yaml"

# Where cameras stand of which nothing is known but their pictures: the demo's invented district,
# about a hundred metres apart.
ORIGIN_LON, ORIGIN_LAT, SPACING_DEGREES = 106.4560, 29.5400, 0.001
CAMERAS_A_ROW = 6

# What can be said of any street picture. Parked vehicles and bicycles are not judged before
# somebody has drawn where they may not stand: cars that queue at a stop line park nowhere. The
# console says for each such camera what to draw.
_GENERAL_ISSUE_TYPES = (
    EnabledIssueType(code="09009"),
    EnabledIssueType(code="09010"),
    EnabledIssueType(code="06010"),
    EnabledIssueType(code="06042", dwell_seconds=3, minimum_looks=3),
    EnabledIssueType(code="10989", dwell_seconds=3, minimum_looks=3),
    EnabledIssueType(code="10990", dwell_seconds=3, minimum_looks=3),
)


@dataclass(frozen=True, slots=True)
class ClipPart:
    """The part of a clip that feeds a camera.

    Attributes:
        camera_id: The camera it feeds.
        name: What people call the clip.
        path: The clip.
        span: Seconds of the clip to play, or None for all of it. A clip with cuts feeds several
            cameras, for a camera does not jump from place to place.
    """

    camera_id: str
    name: str
    path: Path
    span: ClipSpan | None = None


def parts_at_hand(footage: Sequence[Footage]) -> list[ClipPart]:
    """The demo's own cameras, as far as there is footage for them."""
    paths = {clip.name: clip.path for clip in footage}
    parts = []
    for camera_id, entry in _entries().items():
        path = next((paths[name] for name in entry["clips"] if name in paths), None)
        if path is not None:
            span = (
                ClipSpan(entry["from_seconds"], entry["to_seconds"])
                if "from_seconds" in entry
                else None
            )
            parts.append(ClipPart(camera_id, path.stem, path, span))
    return parts


def demo_camera(camera_id: str, url: str) -> Camera:
    """One of the demo's own cameras, fed from ``url``."""
    entry = _entries()[camera_id]
    fields = {name: value for name, value in entry.items() if name in Camera.model_fields}
    return Camera.model_validate({**fields, "camera_id": camera_id, "stream_url": url})


def general_camera(name: str, url: str, index: int) -> Camera:
    """A camera for a stream of which nothing is known but its address.

    Args:
        name: What to call it.
        url: Its stream.
        index: Its number in the run, for a place of its own on the map.
    """
    row, column = divmod(index, CAMERAS_A_ROW)
    return Camera(
        camera_id=f"media-{index + 1:02d}",
        name=name,
        stream_url=url,
        lon=ORIGIN_LON + column * SPACING_DEGREES,
        lat=ORIGIN_LAT - row * SPACING_DEGREES,
        issue_types=_GENERAL_ISSUE_TYPES,
    )


@cache
def _entries() -> dict[str, dict[str, Any]]:
    loaded = yaml.safe_load(CAMERAS.read_text(encoding="utf-8"))
    return dict(loaded["cameras"])
