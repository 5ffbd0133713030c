"""Scenes of what lies or stands about: heaps, bins, stalls, potholes and bicycles."""

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, standing
from benchmarks.scenes.disturbances import Compression, Occluder, SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, ROAD
from benchmarks.scenes.stories.street import (
    CAMPUS_WAY,
    COUNTRY_ROAD,
    JUNCTION_PAVEMENT,
    MORNING,
    about,
    camera,
    campus_walkers,
    junction_traffic,
    passing,
    watching,
    zone,
)
from streams.camera import EnabledIssueType
from streams.zone import Zone, ZoneKind

EXPOSED_GARBAGE = "06010"
OVERFLOWING_BIN = "06042"
ROAD_DAMAGE = "06013"
ROAD_BUSINESS = "09006"
BIKE_PARKING = "09010"

_GRAIN = SensorNoise(ALWAYS, 2.5)


def heap_grows_and_shrinks(pace: Pace) -> Scene:
    """Bags are added and taken away, but some always lie there."""
    sizes = ((6, 0.7), (25, 1.3), (40, 0.75), (55, 1.4), (65, 1.0))
    path = tuple(Keyframe(pace.looks(at), OnGround(0.33, 0.46, size)) for at, size in sizes)
    heap = Actor("heap", "garbage_pile", path, pace.looks(72))
    event = about(EXPOSED_GARBAGE, heap, ZoneKind.SIDEWALK, pace)
    return Scene(
        f"heap-grows-and-shrinks-{pace.name}",
        "A heap of rubbish doubles, halves, doubles again and is taken away: one event.",
        CAMPUS,
        camera(CAMPUS, pace, (zone(ZoneKind.SIDEWALK, *CAMPUS_WAY),), _garbage(pace)),
        MORNING,
        pace.looks(95),
        (heap, *campus_walkers(Span(0, pace.looks(95)))),
        (_GRAIN,),
        (event,),
    )


def heap_by_the_bins(pace: Pace) -> Scene:
    """What lies where bins stand waits to be fetched."""
    silent = standing("by-the-bins", "garbage_pile", OnGround(0.16, 0.41), pace.during(5, 80), 1)
    bins = tuple(
        standing(f"bin-{number}", "garbage_bin", OnGround(x, 0.395), pace.during(0, 80), number)
        for number, x in enumerate((0.07, 0.11))
    )
    heap = standing("on-the-way", "garbage_pile", OnGround(0.72, 0.52), pace.during(20, 55), 2)
    zones = (
        zone(ZoneKind.SIDEWALK, *CAMPUS_WAY),
        zone(ZoneKind.BIN_AREA, (0.0, 0.3), (0.26, 0.3), (0.26, 0.45), (0.0, 0.43)),
    )
    event = about(EXPOSED_GARBAGE, heap, ZoneKind.SIDEWALK, pace)
    return Scene(
        f"heap-by-the-bins-{pace.name}",
        "One heap lies by the bins, where it may, and one on the way: one event, about the second.",
        CAMPUS,
        camera(CAMPUS, pace, zones, _garbage(pace)),
        MORNING,
        pace.looks(80),
        (silent, *bins, heap),
        (_GRAIN, Compression(ALWAYS, 45)),
        (event,),
    )


def bin_overflows_twice(pace: Pace) -> Scene:
    """Emptied once, it overflows again."""
    place = OnGround(0.13, 0.86)
    spans = ((0, 12, False), (12, 35, True), (35, 58, False), (58, 90, True))
    states = tuple(
        standing(
            f"bin-{first}",
            "overflowing_bin" if full else "garbage_bin",
            place,
            pace.during(first, last),
        )
        for first, last, full in spans
    )
    first, second = states[1], states[3]
    zones = (zone(ZoneKind.SIDEWALK, *JUNCTION_PAVEMENT),)
    return Scene(
        f"bin-overflows-twice-{pace.name}",
        "A bin overflows, is emptied and overflows again: one event, cleared, and its recurrence.",
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(OVERFLOWING_BIN, pace)),
        MORNING,
        pace.looks(90),
        (*states, *junction_traffic(Span(0, pace.looks(90)))),
        (_GRAIN,),
        (
            ExpectedEvent(
                OVERFLOWING_BIN,
                pace.opening(first.appears_at),
                pace.clearing(first.leaves_at),
                (first.name,),
            ),
            ExpectedEvent(OVERFLOWING_BIN, pace.opening(second.appears_at), None, (second.name,)),
        ),
    )


def vendors(pace: Pace) -> Scene:
    """One stall stands where it may, one beside it."""
    permitted = standing("permitted", "street_stall", OnGround(0.2, 0.42), pace.during(5, 75), 1)
    stray = standing("stray", "street_stall", OnGround(0.66, 0.56), pace.during(12, 50), 2)
    keepers = (
        standing("keeper-permitted", "person", OnGround(0.25, 0.425), pace.during(5, 75), 0),
        standing("keeper-stray", "person", OnGround(0.72, 0.575), pace.during(12, 50), 1),
    )
    allowed = ((0.05, 0.3), (0.4, 0.3), (0.4, 0.48), (0.05, 0.45))
    zones = (
        zone(ZoneKind.SIDEWALK, *CAMPUS_WAY),
        zone(ZoneKind.ALLOWED_VENDING, *allowed),
    )
    event = about(ROAD_BUSINESS, stray, ZoneKind.SIDEWALK, pace)
    return Scene(
        f"vendors-{pace.name}",
        "A stall stands in the permitted vending area and another outside: one event, about that.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(ROAD_BUSINESS, pace)),
        MORNING,
        pace.looks(75),
        (permitted, stray, *keepers),
        (_GRAIN,),
        (event,),
    )


def pothole(pace: Pace) -> Scene:
    """Vehicles keep driving over it and a lorry hides it."""
    hole = standing("hole", "pothole", OnGround(0.42, 0.68), pace.during(6, 90))
    cars = passing(
        "car", (OnGround(0.53, 0.12), OnGround(0.45, 1.25)), 4.0, 15.0, pace.during(0, 90)
    )
    return Scene(
        f"pothole-{pace.name}",
        "A pothole opens and stays; cars drive over it and a lorry's side hides it for 3 looks: "
        "one event.",
        ROAD,
        camera(ROAD, pace, (zone(ZoneKind.ROAD, *COUNTRY_ROAD),), watching(ROAD_DAMAGE, pace)),
        MORNING,
        pace.looks(90),
        (hole, *cars),
        (_GRAIN, Occluder(pace.during(40, 46), 0.5)),
        (
            ExpectedEvent(
                ROAD_DAMAGE,
                pace.opening(hole.appears_at),
                None,
                ("hole",),
                ZoneKind.ROAD.value,
            ),
        ),
    )


def parked_bicycles(pace: Pace) -> Scene:
    """Four stand about, the fourth of them in the rack."""
    places = (OnGround(0.08, 0.68), OnGround(0.15, 0.8), OnGround(0.28, 0.9), OnGround(0.06, 0.95))
    bikes = tuple(
        standing(f"bike-{number}", "bicycle", place, pace.during(4 + 6 * number, 70), number)
        for number, place in enumerate(places)
    )
    rack = ((0.0, 0.86), (0.13, 0.86), (0.13, 1.0), (0.0, 1.0))
    zones: tuple[Zone, ...] = (
        zone(ZoneKind.SIDEWALK, *JUNCTION_PAVEMENT),
        zone(ZoneKind.BIKE_PARKING, *rack),
    )
    event = ExpectedEvent(
        BIKE_PARKING,
        pace.opening(bikes[2].appears_at),
        pace.clearing(bikes[2].leaves_at),
        tuple(bike.name for bike in bikes[:3]),
        ZoneKind.SIDEWALK.value,
    )
    return Scene(
        f"parked-bicycles-{pace.name}",
        "Bicycles come one by one; the third outside the rack makes it a disorder: one event.",
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(BIKE_PARKING, pace, minimum_count=3)),
        MORNING,
        pace.looks(90),
        bikes,
        (_GRAIN,),
        (event,),
    )


def _garbage(pace: Pace) -> EnabledIssueType:
    return watching(EXPOSED_GARBAGE, pace)


RUBBISH_SCENES = (
    heap_grows_and_shrinks,
    heap_by_the_bins,
    bin_overflows_twice,
    vendors,
    pothole,
    parked_bicycles,
)
