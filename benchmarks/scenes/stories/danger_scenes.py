"""Scenes of fire and of boats."""

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, moving, standing
from benchmarks.scenes.disturbances import SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, RIVER
from benchmarks.scenes.stories.street import (
    MORNING,
    RIVER_NEAR,
    RIVER_WATER,
    about,
    camera,
    junction_traffic,
    watching,
    zone,
)
from streams.zone import ZoneKind

OPEN_FLAME = "10990"
SMOKE = "10989"
ILLEGAL_MOORING = "06955"
FISHING_BOAT = "06966"
ANGLING_FROM_BOAT = "06967"

_GRAIN = SensorNoise(ALWAYS, 2.5)

# Fire is reported at once.
_FIRE_DWELL = 2.0


def fire_by_the_way(pace: Pace) -> Scene:
    """A fire grows, is put out, and smokes on for a while."""
    flames = (
        Keyframe(pace.looks(15), OnGround(0.3, 0.6, 1.4)),
        Keyframe(pace.looks(25), OnGround(0.3, 0.6, 2.2)),
    )
    flame = Actor("flame", "flame", flames, pace.looks(40))
    event = ExpectedEvent(
        OPEN_FLAME,
        pace.opening(flame.appears_at, _FIRE_DWELL),
        pace.clearing(flame.leaves_at),
        ("flame",),
    )
    return Scene(
        f"fire-by-the-way-{pace.name}",
        "A fire burns on the lawn for 25 looks, growing: one event, at once.",
        CAMPUS,
        camera(CAMPUS, pace, (), watching(OPEN_FLAME, pace, _FIRE_DWELL)),
        MORNING,
        pace.looks(65),
        (flame,),
        (_GRAIN,),
        (event,),
    )


def smoke_over_the_street(pace: Pace) -> Scene:
    """Smoke drifts."""
    path = tuple(
        Keyframe(pace.looks(at), OnGround(x, 0.6, size))
        for at, x, size in ((12, 0.6, 0.7), (22, 0.62, 1.1), (34, 0.58, 1.3))
    )
    smoke = Actor("smoke", "smoke", path, pace.looks(42))
    event = ExpectedEvent(
        SMOKE,
        pace.opening(smoke.appears_at, _FIRE_DWELL),
        pace.clearing(smoke.leaves_at),
        ("smoke",),
    )
    return Scene(
        f"smoke-over-the-street-{pace.name}",
        "Smoke rises beside the road for 30 looks while traffic passes: one event.",
        JUNCTION,
        camera(JUNCTION, pace, (), watching(SMOKE, pace, _FIRE_DWELL)),
        MORNING,
        pace.looks(65),
        (smoke, *junction_traffic(Span(0, pace.looks(65)))),
        (_GRAIN,),
        (event,),
    )


def moored_boat(pace: Pace) -> Scene:
    """One stays, another passes."""
    moored = standing("moored", "boat", OnGround(0.3, 0.85), pace.during(8, 50))
    passes = moving(
        "passing", "boat", (OnGround(-0.3, 0.62), OnGround(1.3, 0.66)), pace.during(20, 30), 1
    )
    event = about(ILLEGAL_MOORING, moored, ZoneKind.NO_MOORING, pace)
    return Scene(
        f"moored-boat-{pace.name}",
        "A boat stays where none may moor, and another passes: one event, about the first.",
        RIVER,
        camera(RIVER, pace, (zone(ZoneKind.NO_MOORING, *RIVER_NEAR),), watching("06955", pace)),
        MORNING,
        pace.looks(80),
        (moored, passes),
        (_GRAIN,),
        (event,),
    )


def fishing_from_a_boat(pace: Pace) -> Scene:
    """A person on a boat, and a boat without anyone."""
    empty = standing("empty", "boat", OnGround(0.75, 0.62), pace.during(3, 75), 1)
    boat = standing("boat", "boat", OnGround(0.34, 0.9), pace.during(10, 50))
    # On the deck of the boat's near side.
    on_deck, in_hand = OnGround(0.34, 0.901, raised=0.05), OnGround(0.37, 0.902, raised=0.07)
    person = standing("on-board", "person", on_deck, pace.during(15, 50), 2)
    rod = standing("rod", "fishing_rod", in_hand, pace.during(15, 50))
    zones = (zone(ZoneKind.FISHING_BAN_WATER, *RIVER_WATER),)
    event = ExpectedEvent(
        ANGLING_FROM_BOAT,
        pace.opening(person.appears_at),
        pace.clearing(person.leaves_at),
        ("boat", "on-board", "rod"),
        ZoneKind.FISHING_BAN_WATER.value,
    )
    return Scene(
        f"fishing-from-a-boat-{pace.name}",
        "Two boats lie in banned water; on one of them stands a person with a rod: one event, "
        "about that one.",
        RIVER,
        camera(RIVER, pace, zones, watching(ANGLING_FROM_BOAT, pace)),
        MORNING,
        pace.looks(75),
        (empty, boat, person, rod),
        (_GRAIN,),
        (event,),
    )


def boat_crosses(pace: Pace) -> Scene:
    """It comes slowly through banned water."""
    boat = moving("boat", "boat", (OnGround(-0.2, 0.72), OnGround(1.2, 0.74)), pace.during(15, 55))
    zones = (zone(ZoneKind.FISHING_BAN_WATER, *RIVER_WATER),)
    event = ExpectedEvent(
        FISHING_BOAT,
        pace.opening(pace.looks(20)),
        pace.clearing(pace.looks(48)),
        ("boat",),
        ZoneKind.FISHING_BAN_WATER.value,
    )
    return Scene(
        f"boat-crosses-{pace.name}",
        "A boat goes slowly through banned water for 30 looks: one event, although it moves.",
        RIVER,
        camera(RIVER, pace, zones, watching(FISHING_BOAT, pace)),
        MORNING,
        pace.looks(85),
        (boat,),
        (_GRAIN,),
        (event,),
    )


DANGER_SCENES = (
    fire_by_the_way,
    smoke_over_the_street,
    moored_boat,
    fishing_from_a_boat,
    boat_crosses,
)
