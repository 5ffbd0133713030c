"""Scenes of cameras that turn."""

from benchmarks.scenes.actor import OnGround, standing
from benchmarks.scenes.disturbances import CameraFault, LooksElsewhere, SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.pace import EVERY_SECOND, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, PLAZA
from benchmarks.scenes.stories.street import (
    GRAIN,
    MORNING,
    OUTLINES,
    camera,
    campus_walkers,
    watching,
    zone,
)
from streams.ground_view import Preset
from streams.zone import ZoneKind

LARGE_HEAP = "09705"


def turning_camera(pace: Pace) -> Scene:
    """A tour over two presets, with a view between them that is neither."""
    zones = (zone(ZoneKind.SIDEWALK, *OUTLINES["campus_way"]).model_copy(update={"preset": "way"}),)
    fixed = camera(CAMPUS, pace, (), watching(LARGE_HEAP, pace))
    presets = (Preset(name="way", pose=fixed.pose), Preset(name="junction"))
    turning = fixed.model_copy(update={"presets": presets, "pose": None, "zones": zones})
    heap = standing("heap", "garbage_pile", OnGround(0.34, 0.46, 1.2), pace.during(4, 48), 0)
    away = (
        LooksElsewhere(pace.during(10, 18), JUNCTION, "junction"),
        LooksElsewhere(pace.during(18, 24), PLAZA),
        LooksElsewhere(pace.during(46, 60), JUNCTION, "junction"),
    )
    # Operators are told of a view that is none for so long.
    lost = ExpectedFault(CameraFault.VIEW_MOVED, pace.during(18, 25), pace.during(24, 34))
    event = ExpectedEvent(
        LARGE_HEAP,
        # It has been there for six looks when the camera turns away, and the gap counts for three.
        Span(pace.looks(23.5), pace.looks(34)),
        pace.clearing(pace.looks(60)),
        ("heap",),
        ZoneKind.SIDEWALK.value,
    )
    return Scene(
        f"turning-camera-{pace.name}",
        "A camera turns to another preset and to a place that is none while a heap lies in the "
        "first; it is taken away while nobody looks: one event, neither early nor cleared early.",
        CAMPUS,
        turning,
        MORNING,
        pace.looks(85),
        (heap, *campus_walkers(Span(0, pace.looks(85)))),
        (SensorNoise(ALWAYS, GRAIN), *away),
        (event,),
        () if pace == EVERY_SECOND else (lost,),
    )
