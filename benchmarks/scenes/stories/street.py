"""Streets: the zones of each background, their cameras, and whoever passes by."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, moving
from benchmarks.scenes.background import Background
from benchmarks.scenes.pace import DWELL_LOOKS, Pace
from benchmarks.scenes.span import Span
from streams.camera import Camera, EnabledIssueType
from streams.ground_view import CameraPose
from streams.zone import PicturePoint, Zone, ZoneKind

CITY = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 5, 12, 10, 0, tzinfo=CITY)
"""A Tuesday; no holiday."""

GRAIN = 2.5
"""Noise of every picture, in grey levels: an ordinary sensor by day."""

# Never opened: looks come from the composer.
_ADDRESS = "rtsp://scene.invalid/"


def zone(kind: ZoneKind, *corners: PicturePoint) -> Zone:
    """A zone named after its kind."""
    return Zone(zone_id=kind.value, kind=kind, polygon=corners)


OUTLINES: dict[str, tuple[PicturePoint, ...]] = {
    "junction_pavement": (
        (0.0, 0.56),
        (0.06, 0.53),
        (0.17, 0.71),
        (0.3, 0.8),
        (0.47, 1.0),
        (0.0, 1.0),
    ),
    "junction_road": (
        (0.17, 0.44),
        (0.5, 0.4),
        (0.9, 0.57),
        (1.0, 0.6),
        (1.0, 0.95),
        (0.86, 0.97),
        (0.55, 0.8),
        (0.42, 0.74),
        (0.3, 0.6),
    ),
    # Along the far side of the road.
    "junction_kerb": (
        (0.5, 0.44),
        (0.62, 0.45),
        (0.98, 0.6),
        (0.98, 0.7),
        (0.8, 0.69),
        (0.48, 0.52),
    ),
    "junction_crosswalk": ((0.5, 0.75), (0.88, 0.62), (1.0, 0.66), (0.62, 0.83)),
    "campus_way": (
        (0.0, 0.35),
        (0.5, 0.37),
        (0.75, 0.37),
        (0.88, 0.45),
        (1.0, 0.6),
        (1.0, 0.82),
        (0.6, 0.64),
        (0.3, 0.51),
        (0.0, 0.43),
    ),
    "campus_lawn": ((0.0, 0.46), (0.28, 0.54), (0.55, 0.68), (0.9, 0.88), (1.0, 1.0), (0.0, 1.0)),
    "campus_facade": ((0.41, 0.02), (0.84, 0.02), (0.84, 0.19), (0.41, 0.19)),
    "plaza_paving": ((0.22, 0.35), (0.4, 0.0), (0.66, 0.0), (0.66, 1.0), (0.0, 1.0), (0.0, 0.76)),
    "motorway_left": ((0.44, 0.2), (0.48, 0.2), (0.31, 1.0), (0.0, 1.0), (0.0, 0.56)),
    "motorway_middle": ((0.485, 0.3), (0.5, 0.3), (0.58, 1.0), (0.4, 1.0)),
    "river_water": ((0.0, 0.46), (1.0, 0.46), (1.0, 1.0), (0.0, 1.0)),
    "river_near": ((0.05, 0.62), (0.6, 0.62), (0.6, 1.0), (0.05, 1.0)),
    "country_road": ((0.5, 0.02), (0.64, 0.02), (0.97, 1.0), (0.0, 1.0), (0.0, 0.85)),
}
"""Areas of the backgrounds, by the names that story files give them."""


def camera(
    background: Background,
    pace: Pace,
    zones: tuple[Zone, ...],
    *issue_types: EnabledIssueType,
) -> Camera:
    """The camera of a background, looked at at a pace.

    Its pose is the one that the background's ground follows from, for a lens as wide as most
    street cameras'.
    """
    aspect = background.width / background.height
    field_of_view = 75.0
    focal = aspect / 2 / np.tan(np.radians(field_of_view / 2))
    tilt = float(np.degrees(np.arctan((0.5 - background.ground.horizon) / focal)))
    return Camera(
        camera_id=f"scene-{background.name}",
        name=f"Scene {background.name}",
        stream_url=_ADDRESS + background.name,
        lon=121.5,
        lat=31.2,
        pose=CameraPose(
            height_m=background.ground.camera_height_m,
            azimuth_deg=0.0,
            tilt_deg=round(tilt, 2),
            horizontal_fov_deg=field_of_view,
        ),
        zones=zones,
        issue_types=issue_types,
        look_interval_seconds=pace.look_interval,
    )


def watching(
    code: str, pace: Pace, dwell_looks: float = DWELL_LOOKS, minimum_count: int | None = None
) -> EnabledIssueType:
    """An issue type with a dwell in looks, so that a scene does not depend on the catalogue's."""
    return EnabledIssueType(
        code=code,
        dwell_seconds=pace.looks(dwell_looks),
        minimum_looks=3,
        minimum_count=minimum_count,
    )


def parked_car(pace: Pace, first: float, last: float, variety: int = 0) -> Actor:
    """A car that drives up to the junction's kerb at one look, stops, and drives off at another."""
    arriving, leaving = pace.looks(first), pace.looks(last)
    parked = OnGround(0.74, 0.63)
    path = (
        Keyframe(arriving, OnGround(1.1, 0.72)),
        Keyframe(arriving + 4, parked),
        Keyframe(max(leaving - 4, arriving + 5), parked),
        Keyframe(max(leaving, arriving + 6), OnGround(0.4, 0.47)),
    )
    return Actor(f"parked-{first:g}", "car", path, path[-1].at, variety)


def passing(
    what: str, places: tuple[OnGround, OnGround], seconds: float, every: float, span: Span
) -> tuple[Actor, ...]:
    """Things that pass through the street at their own speed, now and then.

    Args:
        what: Visual class of all of them.
        places: Where each comes from and goes to; half of them go the other way.
        seconds: How long each takes.
        every: Seconds between two of them, on average.
        span: When the first comes and the last has gone.
    """
    chance = np.random.default_rng(len(what) + round(seconds * every))
    actors: list[Actor] = []
    begins_at = span.begins_at + float(chance.exponential(every))
    while begins_at + seconds <= span.ends_at:
        way = places if chance.random() < 0.5 else places[::-1]
        sideways = float(chance.normal(0, 0.012))
        first, last = (OnGround(place.x, place.y + sideways, place.scale) for place in way)
        number = len(actors)
        actors.append(
            moving(
                f"passing-{what}-{number}",
                what,
                (first, last),
                Span(begins_at, begins_at + seconds),
                number,
            )
        )
        begins_at += float(chance.exponential(every))
    return tuple(actors)


def junction_traffic(span: Span) -> tuple[Actor, ...]:
    """Cars that drive through the junction, one half of the time."""
    return passing("car", (OnGround(0.2, 0.46), OnGround(1.12, 0.8)), 7.0, 14.0, span)


def junction_walkers(span: Span) -> tuple[Actor, ...]:
    """People who walk along the far side of the road, in front of what is parked there."""
    return passing("person", (OnGround(0.4, 0.55), OnGround(1.05, 0.76)), 20.0, 30.0, span)


def campus_walkers(span: Span) -> tuple[Actor, ...]:
    """People who walk along the way between the lawns."""
    return passing("person", (OnGround(-0.04, 0.4), OnGround(1.04, 0.7)), 20.0, 30.0, span)


def motorway_traffic(span: Span) -> tuple[Actor, ...]:
    """Cars that drive towards the camera and away from it."""
    right = passing("car", (OnGround(0.53, 0.25), OnGround(0.9, 1.12)), 6.0, 8.0, span)
    left = passing("truck", (OnGround(0.46, 0.25), OnGround(0.12, 1.12)), 6.0, 20.0, span)
    return right + left


TRAFFIC: dict[str, Callable[[Span], tuple[Actor, ...]]] = {
    flow.__name__: flow
    for flow in (junction_traffic, junction_walkers, campus_walkers, motorway_traffic)
}
"""What usually passes, by the names that story files give it."""
