"""A scene: a street, what happens in it, and what must be reported of it."""

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from benchmarks.scenes.actor import Actor
from benchmarks.scenes.background import Background
from benchmarks.scenes.disturbances import (
    CLOCK_ERROR_SECONDS,
    CameraFault,
    CameraFaultSpan,
    Disturbance,
    LookGap,
    LooksElsewhere,
)
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from streams.camera import Camera

_Kind = TypeVar("_Kind", bound=Disturbance)

# Looks of a patrol never come exactly on time; this part of the interval early or late.
_LOOK_UNPUNCTUALITY = 0.1


@dataclass(frozen=True, slots=True)
class Scene:
    """What a camera sees during a while, known exactly.

    Scene time is counted in seconds from the start; nothing of it is rendered before it is asked
    for, so that a day looked at every 5 minutes costs 288 pictures.

    Attributes:
        name: Unique among the scenes.
        story: What happens, in a sentence or two, and what a patrol should make of it.
        background: The street without any actor.
        camera: Who looks at it, if it has presets by the first: its zones, its enabled issue types
            and how often it is visited.
        start: The scene's first moment, with a time zone, for hours and daylight.
        duration: Length in seconds.
        actors: The things in it.
        disturbances: What happens to the camera.
        expected: Events that must be reported, and no others.
        expected_faults: Camera faults that must be reported, and no others.
        seed: What looks random in it follows from this.

    Raises:
        ValueError: The start has no time zone, or a name is there twice or unknown.
    """

    name: str
    story: str
    background: Background
    camera: Camera
    start: datetime
    duration: float
    actors: tuple[Actor, ...] = ()
    disturbances: tuple[Disturbance, ...] = ()
    expected: tuple[ExpectedEvent, ...] = ()
    expected_faults: tuple[ExpectedFault, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if self.start.tzinfo is None:
            raise ValueError(f"scene {self.name!r}: start {self.start} has no time zone")
        names = Counter(actor.name for actor in self.actors)
        twice = sorted(name for name, count in names.items() if count > 1)
        if twice:
            raise ValueError(f"scene {self.name!r}: actors {twice} are there more than once")
        zones = {zone.zone_id for zone in self.camera.zones}
        zones |= {line.line_id for line in self.camera.lines}
        for event in self.expected:
            unknown = sorted(set(event.actors) - set(names))
            if unknown or event.zone_id not in zones | {None}:
                raise ValueError(
                    f"scene {self.name!r}: expected {event.issue_code} names actors {unknown} or "
                    f"zone {event.zone_id!r}, which it does not have"
                )

    def actor(self, name: str) -> Actor:
        """The actor of this name.

        Raises:
            KeyError: There is none.
        """
        return {actor.name: actor for actor in self.actors}[name]

    def time_at(self, moment: float) -> datetime:
        """The true time of day at a moment."""
        return self.start + timedelta(seconds=moment)

    def camera_time_at(self, moment: float) -> datetime:
        """The time that the camera itself tells, by which a wrong clock is found."""
        wrong = self.fault_span(CameraFault.CLOCK_WRONG, moment) is not None
        return self.time_at(moment + CLOCK_ERROR_SECONDS if wrong else moment)

    def disturbances_of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """Its disturbances of one kind."""
        return tuple(one for one in self.disturbances if isinstance(one, kind))

    def fault_span(self, fault: CameraFault, moment: float) -> CameraFaultSpan | None:
        """The span of a camera fault that holds at a moment, if there is one."""
        for one in self.disturbances_of(CameraFaultSpan):
            if one.fault is fault and one.span.holds(moment):
                return one
        return None

    def elsewhere_at(self, moment: float) -> LooksElsewhere | None:
        """Where the camera looks instead at a moment, if it has turned away."""
        turns = self.disturbances_of(LooksElsewhere)
        return next((one for one in turns if one.span.holds(moment)), None)

    def views(self) -> dict[str, Background]:
        """What each preset of the camera shows; nothing for one that does not turn."""
        if not self.camera.presets:
            return {}
        elsewhere = {
            one.preset: one.background
            for one in self.disturbances_of(LooksElsewhere)
            if one.preset is not None
        }
        return {self.camera.presets[0].name: self.background, **elsewhere}

    def shown_moment(self, moment: float) -> float:
        """The moment that the picture shows: an earlier one while the picture is frozen."""
        frozen = self.fault_span(CameraFault.FROZEN, moment)
        return moment if frozen is None else max(frozen.span.begins_at, 0.0)

    def look_moments(self) -> Iterator[float]:
        """When a patrol looks: at the camera's interval, never quite on time, not in gaps."""
        interval = self.camera.look_interval_seconds
        chance = self.chance("looks", 0.0)
        gaps = self.disturbances_of(LookGap)
        for number in range(int(self.duration / interval)):
            late = chance.uniform(-_LOOK_UNPUNCTUALITY, _LOOK_UNPUNCTUALITY)
            moment = max((number + late) * interval, 0.0)
            if not any(gap.span.holds(moment) for gap in gaps):
                yield moment

    def chance(self, purpose: str, moment: float) -> np.random.Generator:
        """Chance that is the same whenever the same moment is asked for the same purpose."""
        key = f"{self.name}:{self.seed}:{purpose}:{round(moment * 1000)}"
        return np.random.default_rng(zlib.crc32(key.encode()))
