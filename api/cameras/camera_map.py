"""Cameras and the ground their zones cover, as GeoJSON for maps."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import RowMapping

from api.cameras.camera_store import camera_of
from streams.camera import Camera
from streams.ground.ground_projection import GroundProjection
from streams.zone import Zone

# Enough for a district; a footprint is some hundred bytes.
CAMERAS_REMEMBERED = 50_000

Ring = tuple[tuple[float, float], ...]
"""Longitude and latitude of each corner, the first again at the end."""


def map_features(rows: Iterable[RowMapping]) -> list[dict[str, Any]]:
    """Return the features of some cameras: a point each and a polygon per zone on known ground.

    ``properties.feature`` is ``camera`` or ``zone``. A zone whose place on the ground cannot
    be told (no pose and no ground points) has no polygon.

    Args:
        rows: As ``CameraStore.parts`` gives them.
    """
    features: list[dict[str, Any]] = []
    for row in rows:
        features.append(_camera_feature(row))
        if row["whole"] is not None:
            features.extend(_zone_features(camera_of(row["whole"])))
    return features


def _camera_feature(row: RowMapping) -> dict[str, Any]:
    last_preview_at = row["last_preview_at"]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": {
            "feature": "camera",
            "camera_id": row["camera_id"],
            "name": row["name"],
            "enabled": row["enabled"],
            "last_preview_at": None if last_preview_at is None else last_preview_at.isoformat(),
        },
    }


def _zone_features(camera: Camera) -> Iterator[dict[str, Any]]:
    for zone, footprint in _footprints(camera):
        if footprint is None:
            continue
        yield {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [footprint]},
            "properties": {
                "feature": "zone",
                "camera_id": camera.camera_id,
                "zone_id": zone.zone_id,
                "kind": zone.kind.value,
            },
        }


@functools.lru_cache(maxsize=CAMERAS_REMEMBERED)
def _footprints(camera: Camera) -> tuple[tuple[Zone, Ring | None], ...]:
    views = [camera.at_preset(preset.name) for preset in camera.presets] or [camera]
    return tuple(
        (zone, _ring(projection.footprint(zone)))
        for view in views
        for projection in (GroundProjection(view),)
        for zone in view.zones
    )


def _ring(corners: Sequence[Sequence[float]] | None) -> Ring | None:
    if corners is None:
        return None
    ring = tuple((float(lon), float(lat)) for lon, lat in corners)
    return ring if ring[0] == ring[-1] else (*ring, ring[0])
