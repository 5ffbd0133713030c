"""A small scene of painted material, for tests."""

from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.scenes.actor import Actor
from benchmarks.scenes.background import Background, ClipMedian
from benchmarks.scenes.disturbances import Disturbance
from benchmarks.scenes.ground import Ground
from benchmarks.scenes.pace import EVERY_SECOND
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.stories.street import camera

SMALL = Background("small", ClipMedian("none"), 240, 180, Ground(0.0, 6.0))


def small_scene(*actors: Actor, disturbances: tuple[Disturbance, ...] = (), seed: int = 0) -> Scene:
    """A minute in a painted street, looked at every second."""
    scene = Scene(
        "small",
        "For a test.",
        SMALL,
        camera(SMALL, EVERY_SECOND, ()),
        datetime(2026, 5, 12, 10, 0, tzinfo=UTC),
        60.0,
        actors,
        disturbances,
    )
    return replace(scene, seed=seed)
