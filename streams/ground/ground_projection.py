"""The ground projection: where on earth a point of a camera's picture lies."""

import functools
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

from streams.camera import Camera
from streams.ground.ground_homography import DegeneratePointsError, GroundHomography
from streams.ground.local_plane import LocalPlane
from streams.ground.pose_projection import PoseProjection
from streams.ground.projected_points import ProjectedPoints, circle_68
from streams.kit.errors import CityPatrolError
from streams.zone import Zone

Points = npt.NDArray[np.float64]

WIDE_SCREEN = 16 / 9

# Farther out a vehicle is some ten pixels wide in a 1080p picture of a usual lens, the ground
# is hidden behind what stands on it, and a line of the picture covers many metres.
MAXIMUM_RANGE_M = 500.0

# A surveyed point farther away than this was mistyped.
MAXIMUM_SURVEY_DISTANCE_M = 2000.0

# Nearer than this, an error larger than the distance is still a good position.
GOOD_ACCURACY_M = 10.0

# Zone edges are straight in the picture and, through clipping, not on the ground.
FOOTPRINT_STEP = 0.02


class GroundProjectionError(CityPatrolError):
    """A camera's surveyed points fix no projection; names camera and points."""


class GroundSource(StrEnum):
    """What a ground position was worked out from."""

    HOMOGRAPHY = "homography"
    POSE = "pose"


@dataclass(frozen=True, slots=True)
class GroundPosition:
    """A position on the ground.

    Attributes:
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        accuracy_m: Radius of the 68 % circle around it, metres.
        source: What it was worked out from.
    """

    lon: float
    lat: float
    accuracy_m: float
    source: GroundSource


class GroundProjection:
    """Projects points of a camera's picture to the ground.

    By the homography of its surveyed points where it has any, else by its pose on flat ground.
    A point has no position where it lies above the horizon, beyond ``MAXIMUM_RANGE_M``, or so
    far out that its error exceeds its distance: there the camera's own position says as much.

    Args:
        camera: The camera.

    Raises:
        GroundProjectionError: Its surveyed points are degenerate or far away.
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._homography = self._fit() if camera.ground_points else None

    @functools.cached_property
    def _plane(self) -> LocalPlane:
        # Most of a city's cameras have nothing to project: theirs is never made.
        return LocalPlane(self._camera.lon, self._camera.lat)

    @property
    def source(self) -> GroundSource | None:
        """What positions are worked out from, or None if there is nothing to do it with."""
        if self._homography is not None:
            return GroundSource.HOMOGRAPHY
        return GroundSource.POSE if self._camera.pose is not None else None

    def ground_position(
        self, x: float, y: float, aspect_ratio: float = WIDE_SCREEN
    ) -> GroundPosition | None:
        """Where a point of the picture lies, or None where that cannot be said.

        Args:
            x: Picture fraction to the right; that of a box's foot point, say.
            y: Picture fraction downwards.
            aspect_ratio: Width over height of the picture; only the pose needs it.
        """
        source = self.source
        projected = self._project(np.array([[x, y]]), aspect_ratio)
        if source is None or projected is None or not _usable(projected)[0]:
            return None
        lon, lat = self._plane.to_degrees(projected.ground)[0]
        accuracy = float(np.hypot(projected.accuracies_m[0], self._position_accuracy(source)))
        return GroundPosition(float(lon), float(lat), accuracy, source)

    def ground_points(self, points: Points, aspect_ratio: float = WIDE_SCREEN) -> Points:
        """Where points of the picture lie on the camera's local plane.

        Args:
            points: Shape (n, 2): picture fractions.
            aspect_ratio: Width over height of the picture; only the pose needs it.

        Returns:
            Shape (n, 2): metres east and north of the camera; NaN where that cannot be said.
        """
        ground = np.full((len(points), 2), np.nan)
        projected = self._project(points, aspect_ratio) if len(points) else None
        if projected is not None:
            usable = _usable(projected)
            ground[usable] = projected.ground[usable]
        return ground

    def projected(self, points: Points, aspect_ratio: float) -> ProjectedPoints | None:
        """Points on the ground with their errors, or None if there is nothing to project by.

        Points that have no position are not ``in_front``.

        Args:
            points: Shape (n, 2): picture fractions.
            aspect_ratio: Width over height of the picture.
        """
        projected = self._project(points, aspect_ratio)
        return None if projected is None else replace(projected, in_front=_usable(projected))

    def footprint(self, zone: Zone, aspect_ratio: float = WIDE_SCREEN) -> list[list[float]] | None:
        """A zone's outline on the ground, or None where none of it can be projected.

        Parts that have no position are cut off.

        Args:
            zone: One of the camera's zones.
            aspect_ratio: Width over height of the picture; only the pose needs it.

        Returns:
            A GeoJSON ring: [lon, lat] pairs, counter-clockwise, the first repeated at the end.
        """
        if self.source is None:
            return None
        outline = shapely.segmentize(shapely.Polygon(zone.polygon), FOOTPRINT_STEP)
        projected = self._project(shapely.get_coordinates(outline.exterior), aspect_ratio)
        if projected is None:
            return None
        ground = projected.ground[_usable(projected)]
        if len(ground) < 3:
            return None
        area = _largest_polygon(ground)
        if area is None:
            return None
        ring = self._plane.to_degrees(shapely.get_coordinates(area.exterior))
        return [[float(lon), float(lat)] for lon, lat in ring]

    def _project(self, points: Points, aspect_ratio: float) -> ProjectedPoints | None:
        if self._homography is not None:
            return self._homography.project(points)
        if self._camera.pose is None:
            return None
        return PoseProjection(self._camera.pose, aspect_ratio).project(points)

    def _position_accuracy(self, source: GroundSource) -> float:
        """What the camera's own position adds; surveyed points do not depend on it."""
        error = self._camera.position_accuracy_m
        return circle_68(error, error) if source is GroundSource.POSE else 0.0

    def _fit(self) -> GroundHomography:
        camera = self._camera
        surveyed = camera.ground_points
        picture = np.array([point.picture for point in surveyed])
        positions = np.array([(point.lon, point.lat) for point in surveyed])
        ground = self._plane.to_metres(positions)
        for point, distance in zip(surveyed, np.hypot(*ground.T), strict=True):
            if not distance <= MAXIMUM_SURVEY_DISTANCE_M:
                raise GroundProjectionError(
                    f"camera {camera.camera_id!r}: ground_points: [{point.lon}, {point.lat}] is "
                    f"{distance:.0f} m from the camera at [{camera.lon}, {camera.lat}]; "
                    f"at most {MAXIMUM_SURVEY_DISTANCE_M:.0f} m can be right"
                )
        try:
            return GroundHomography.through(picture, ground)
        except DegeneratePointsError as error:
            listed = ", ".join(
                f"{list(point.picture)} at [{point.lon}, {point.lat}]" for point in surveyed
            )
            raise GroundProjectionError(
                f"camera {camera.camera_id!r}: ground_points {listed}: {error}"
            ) from None


def _usable(projected: ProjectedPoints) -> npt.NDArray[np.bool_]:
    near = projected.distances_m <= MAXIMUM_RANGE_M
    meaningful = projected.accuracies_m <= np.maximum(projected.distances_m, GOOD_ACCURACY_M)
    usable: npt.NDArray[np.bool_] = projected.in_front & near & meaningful
    return usable


def _largest_polygon(ground: Points) -> shapely.Polygon | None:
    whole = shapely.make_valid(shapely.Polygon(ground))
    parts = [part for part in shapely.get_parts([whole]) if isinstance(part, shapely.Polygon)]
    if not parts:
        return None
    largest = max(parts, key=lambda part: part.area)
    return shapely.orient_polygons(largest) if largest.area > 0 else None
