"""Scenes of sick cameras: one for each fault, over a street in which something goes on."""

from collections.abc import Callable

from benchmarks.scenes.actor import OnGround, standing
from benchmarks.scenes.backgrounds import CAMPUS
from benchmarks.scenes.disturbances import CameraFault, CameraFaultSpan, SensorNoise, TimeCaption
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.street import CAMPUS_WAY, MORNING, camera, campus_walkers, watching, zone
from streams.zone import ZoneKind

_GARBAGE = "06010"
_BEGINS, _ENDS, _DURATION = 30, 55, 90


def sick_camera(fault: CameraFault) -> Callable[[Pace], Scene]:
    """Builds the scene of a fault.

    A heap that was reported before lies there all the time, so that "cleared" would be wrong.
    People walk by, without whom a still street would look frozen.
    """

    def build(pace: Pace) -> Scene:
        heap = standing("heap", "garbage_pile", OnGround(0.34, 0.47), pace.during(4, _DURATION))
        zones = (zone(ZoneKind.SIDEWALK, *CAMPUS_WAY),)
        span = pace.during(_BEGINS, _ENDS)
        last = pace.looks(_ENDS)
        return Scene(
            f"camera-{fault.value.replace('_', '-')}-{pace.name}",
            f"The camera has the fault {fault.value!r} for {_ENDS - _BEGINS} looks: one fault for "
            "operators; the heap reported before stays one event and is not cleared.",
            CAMPUS,
            camera(CAMPUS, pace, zones, watching(_GARBAGE, pace)),
            MORNING,
            pace.looks(_DURATION),
            (heap, *campus_walkers(Span(0, pace.looks(_DURATION)))),
            (
                SensorNoise(ALWAYS, 2.5),
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
                    Span(span.begins_at, span.begins_at + pace.looks(15)),
                    Span(last, last + pace.looks(15)),
                ),
            ),
        )

    return build


HEALTH_SCENES = tuple(sick_camera(fault) for fault in CameraFault)
