"""Geotag: where on earth a sighting is, how that is known and how well."""

import math
from dataclasses import dataclass

import numpy as np
from pyproj import Geod

from api.contract.events import LocationSource
from detector.geometry.boxes import foot_points
from detector.geometry.camera_projection import camera_projection
from detector.sighting import Sighting
from streams.camera import Camera
from streams.ground.projected_points import circle_68

# A zone's point is put on a map by hand, to about a lane's width and a half.
ZONE_POINT_ERROR_M = 5.0
# Seen from a camera at distance d, a zone reaches from about d/2 to 3d/2 along the view and
# half as far across it. An object anywhere in it, evenly spread, is off its middle by these
# shares of d (half the reach over the root of three).
ALONG_SHARE = 0.5 / math.sqrt(3)
ACROSS_SHARE = 0.25 / math.sqrt(3)

# Most of what a street camera recognises lies within 60 m of it; where nothing is known of
# its view, an object may be that far to any side.
CAMERA_REACH_M = 60.0

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a sighting is.

    Attributes:
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        accuracy_m: Radius of the 68 % circle around it, metres.
        source: How it was found.
    """

    lon: float
    lat: float
    accuracy_m: float
    source: LocationSource


def geotag(camera: Camera, sighting: Sighting, aspect_ratio: float) -> Location:
    """Find where a sighting is.

    By the camera's surveyed points, else by its pose; where the picture point has no position
    on the ground, by the zone's own point, else by the camera's. Surveyed points that fix no
    projection are reported in the log and passed over, so that no event is lost to them.

    Args:
        camera: The camera that saw it.
        sighting: What it saw; of several boxes, the mean of their foot points is located.
        aspect_ratio: Width over height of the picture.
    """
    x, y = np.clip(foot_points(sighting.boxes).mean(axis=0, dtype=np.float64), 0.0, 1.0)
    position = camera_projection(camera).ground_position(float(x), float(y), aspect_ratio)
    if position is not None:
        source = LocationSource(position.source.value)
        return Location(position.lon, position.lat, position.accuracy_m, source)
    for zone in camera.zones:
        if zone.zone_id == sighting.zone_id and zone.lon is not None and zone.lat is not None:
            accuracy = _zone_accuracy(camera, zone.lon, zone.lat)
            return Location(zone.lon, zone.lat, accuracy, LocationSource.ZONE)
    error = math.hypot(camera.position_accuracy_m, CAMERA_REACH_M / math.sqrt(3))
    return Location(camera.lon, camera.lat, circle_68(error, error), LocationSource.CAMERA)


def _zone_accuracy(camera: Camera, lon: float, lat: float) -> float:
    _, _, distance = _EARTH.inv(camera.lon, camera.lat, lon, lat)
    return circle_68(
        math.hypot(ZONE_POINT_ERROR_M, ALONG_SHARE * distance),
        math.hypot(ZONE_POINT_ERROR_M, ACROSS_SHARE * distance),
    )
