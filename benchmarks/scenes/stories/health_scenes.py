"""Scenes of sick cameras: one for each fault, over a street in which something goes on."""

from collections.abc import Callable

from benchmarks.scenes.actor import OnGround, standing
from benchmarks.scenes.disturbances import CameraFault, CameraFaultSpan, SensorNoise, TimeCaption
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS
from benchmarks.scenes.stories.street import (
    GRAIN,
    MORNING,
    OUTLINES,
    camera,
    campus_walkers,
    watching,
    zone,
)
from streams.zone import ZoneKind

_GARBAGE = "06010"
# A fault must last for as long as any is watched before it is declared, two minutes, and be over as
# long again, however often is looked; and the view must have been learnt before, in half a minute.
_LOOKS, _SECONDS = 25, 140.0
_LEARNING_SECONDS = 40.0
_LIFTED_SECONDS = 55.0
_DECLARED_SECONDS = 135.0


def sick_camera(fault: CameraFault) -> Callable[[Pace], Scene]:
    """Builds the scene of a fault.

    A heap that was reported before lies there all the time, so that "cleared" would be wrong.
    People walk by, without whom a still street would look frozen.
    """

    def build(pace: Pace) -> Scene:
        begins_at = max(pace.looks(30), _LEARNING_SECONDS)
        span = Span(begins_at, begins_at + max(pace.looks(_LOOKS), _SECONDS))
        duration = span.ends_at + max(pace.looks(35), 1.1 * _LIFTED_SECONDS)
        declaring = max(pace.looks(15), _DECLARED_SECONDS)
        heap = standing("heap", "garbage_pile", OnGround(0.34, 0.47), Span(pace.looks(4), duration))
        zones = (zone(ZoneKind.SIDEWALK, *OUTLINES["campus_way"]),)
        return Scene(
            f"camera-{fault.value.replace('_', '-')}-{pace.name}",
            f"The camera has the fault {fault.value!r} for a while: one fault for "
            "operators; the heap reported before stays one event and is not cleared.",
            CAMPUS,
            camera(CAMPUS, pace, zones, watching(_GARBAGE, pace)),
            MORNING,
            duration,
            (heap, *campus_walkers(Span(0, duration))),
            (
                SensorNoise(ALWAYS, GRAIN),
                TimeCaption(ALWAYS),
                CameraFaultSpan(fault, span),
            ),
            (
                ExpectedEvent(
                    _GARBAGE,
                    pace.opening(heap.appears_at),
                    None,
                    ("heap",),
                    ZoneKind.SIDEWALK.value,
                ),
            ),
            (
                ExpectedFault(
                    fault,
                    Span(span.begins_at, span.begins_at + declaring),
                    Span(span.ends_at, span.ends_at + max(pace.looks(15), _LIFTED_SECONDS)),
                ),
            ),
        )

    return build


HEALTH_SCENES = tuple(sick_camera(fault) for fault in CameraFault)
