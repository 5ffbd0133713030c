"""Things that move before a made-up camera."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from streams.ground_view import CameraPose
from tests.watching import PICTURE, Seen, Watching, catalogue_of

POSE = {"height_m": 8.0, "azimuth_deg": 0.0, "tilt_deg": 25.0, "horizontal_fov_deg": 70.0}
ASPECT_RATIO = PICTURE.size.aspect_ratio


def car_at(
    x: float, y: float, width: float = 0.1, height: float = 0.12, score: float = 0.8
) -> Seen:
    """A car whose foot point is at ``x``, ``y``."""
    return Seen("car", (x - width / 2, y - height, x + width / 2, y), score)


def picture_point(east: float, north: float) -> tuple[float, float]:
    """Where a camera of ``POSE`` sees a point of the ground."""
    pose = CameraPose(**POSE)
    tilt = np.radians(pose.tilt_deg)
    ahead = north * np.cos(tilt) + pose.height_m * np.sin(tilt)
    below = pose.height_m * np.cos(tilt) - north * np.sin(tilt)
    half = np.tan(np.radians(pose.horizontal_fov_deg) / 2)
    return (east / ahead / half + 1) / 2, (below / ahead / half * ASPECT_RATIO + 1) / 2


def car_on_ground(east: float, north: float, shake: np.ndarray) -> Seen:
    """A car two metres wide, its box shaken by ``shake`` (2,)."""
    (left, y), (right, _) = (picture_point(east + side, north) for side in (-1.0, 1.0))
    x = (left + right) / 2 + shake[0]
    return car_at(x, y + shake[1], right - left, 0.8 * (right - left) * ASPECT_RATIO)


@dataclass(frozen=True)
class Drive:
    """A car that goes at an even speed, as a camera sees it."""

    kmh: float
    looks_a_second: float
    start: tuple[float, float] = (2.0, 12.0)
    direction: tuple[float, float] = (0.0, 1.0)
    seconds: float = 2.5

    def looks(self, random: np.random.Generator) -> Iterator[Seen]:
        """What each look shows, boxes shaken by some thousandths of the picture."""
        for index in range(int(self.seconds * self.looks_a_second) + 1):
            metres = self.kmh / 3.6 * index / self.looks_a_second
            east, north = (
                start + metres * along
                for start, along in zip(self.start, self.direction, strict=True)
            )
            yield car_on_ground(east, north, random.normal(0, 0.003, 2))


def watching(rule: dict, looks_a_second: float, **fields) -> Watching:
    """A camera of ``POSE`` with one rule, at some looks a second."""
    return Watching(catalogue_of(c90001=rule), step_seconds=1 / looks_a_second, pose=POSE, **fields)
