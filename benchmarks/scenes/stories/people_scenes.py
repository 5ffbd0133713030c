"""Scenes of people: crowds, where nobody may be, near things, and over lines."""

from datetime import datetime

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, moving, standing
from benchmarks.scenes.disturbances import SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, MOTORWAY, PLAZA, RIVER, ROAD
from benchmarks.scenes.stories.street import (
    CAMPUS_LAWN,
    CAMPUS_WAY,
    CITY,
    COUNTRY_ROAD,
    MORNING,
    MOTORWAY_MIDDLE,
    PLAZA_PAVING,
    RIVER_WATER,
    about,
    camera,
    campus_walkers,
    motorway_traffic,
    passing,
    watching,
    zone,
)
from streams.zone import ZoneKind

CROWD = "10988"
LAWN_TRAMPLING = "06976"
SITE_INTRUSION = "08990"
UNATTENDED_OBJECT = "09983"
ANGLING = "06975"
CLIMBING = "09982"
ANIMAL_ON_ROAD = "10981"

_GRAIN = SensorNoise(ALWAYS, 2.5)


def crowd(pace: Pace) -> Scene:
    """Many people gather; before and after there are few."""
    people = tuple(
        standing(
            f"gathered-{number}",
            "person",
            OnGround(
                0.3 + 0.085 * (number % 7), 0.44 + 0.05 * (number // 7) + 0.012 * (number % 3)
            ),
            pace.during(15 if number > 3 else 2, 50 if number > 3 else 78),
            number,
        )
        for number in range(14)
    )
    zones = (zone(ZoneKind.PLAZA, *CAMPUS_WAY),)
    event = ExpectedEvent(
        CROWD,
        pace.opening(pace.looks(15)),
        pace.clearing(pace.looks(50)),
        tuple(one.name for one in people),
        ZoneKind.PLAZA.value,
    )
    return Scene(
        f"crowd-{pace.name}",
        "Four people wait, ten more join them for 35 looks: one event; the limit is ten.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(CROWD, pace, minimum_count=10)),
        MORNING,
        pace.looks(80),
        people,
        (_GRAIN,),
        (event,),
    )


def trampled_lawn(pace: Pace) -> Scene:
    """Two rest on the lawn; others keep to the way."""
    resting = tuple(
        standing(f"on-lawn-{number}", "person", OnGround(x, y), pace.during(12, 48), number)
        for number, (x, y) in enumerate(((0.28, 0.75), (0.38, 0.78), (0.12, 0.62)))
    )
    zones = (zone(ZoneKind.RESTRICTED_LAWN, *CAMPUS_LAWN),)
    event = ExpectedEvent(
        LAWN_TRAMPLING,
        pace.opening(pace.looks(12)),
        pace.clearing(pace.looks(48)),
        tuple(one.name for one in resting),
        ZoneKind.RESTRICTED_LAWN.value,
    )
    return Scene(
        f"trampled-lawn-{pace.name}",
        "Three people stay on the lawn for 36 looks while others walk by on the way: one event.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(LAWN_TRAMPLING, pace, minimum_count=2)),
        MORNING,
        pace.looks(80),
        (*resting, *campus_walkers(Span(0, pace.looks(80)))),
        (_GRAIN,),
        (event,),
    )


def site_at_night(pace: Pace) -> Scene:
    """A worker by day, an intruder in the evening."""
    worker = standing("worker", "person", OnGround(0.6, 0.5), pace.during(4, 25), 0)
    intruder = standing("intruder", "person", OnGround(0.75, 0.55), pace.during(40, 65), 1)
    seven = datetime(2026, 5, 12, 19, 0, tzinfo=CITY)
    zones = (zone(ZoneKind.RESTRICTED_SITE, *CAMPUS_WAY),)
    event = about(SITE_INTRUSION, intruder, ZoneKind.RESTRICTED_SITE, pace)
    return Scene(
        f"site-at-night-{pace.name}",
        "The rule's hours begin at 19:00, at look 30. Somebody is on the site before that, and "
        "somebody after: one event, about the second.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(SITE_INTRUSION, pace)),
        datetime.fromtimestamp(seven.timestamp() - pace.looks(30), CITY),
        pace.looks(85),
        (worker, intruder),
        (_GRAIN,),
        (event,),
    )


def unattended_case(pace: Pace) -> Scene:
    """Its owner stays beside it first, then leaves."""
    case = standing("case", "suitcase", OnGround(0.5, 0.62), pace.during(5, 65))
    owner = standing("owner", "person", OnGround(0.56, 0.63), pace.during(5, 25), 2)
    zones = (zone(ZoneKind.PLAZA, *PLAZA_PAVING),)
    event = ExpectedEvent(
        UNATTENDED_OBJECT,
        pace.opening(owner.leaves_at),
        pace.clearing(case.leaves_at),
        ("case",),
        ZoneKind.PLAZA.value,
    )
    return Scene(
        f"unattended-case-{pace.name}",
        "A suitcase stands beside its owner for 20 looks and alone for 40 more: one event, "
        "counted from when the owner left.",
        PLAZA,
        camera(PLAZA, pace, zones, watching(UNATTENDED_OBJECT, pace)),
        MORNING,
        pace.looks(85),
        (case, owner),
        (_GRAIN,),
        (event,),
    )


def angling(pace: Pace) -> Scene:
    """One has a rod, the other only looks."""
    angler = standing("angler", "person", OnGround(0.3, 1.03), pace.during(10, 50), 1)
    rod = standing("rod", "fishing_rod", OnGround(0.36, 0.99), pace.during(12, 50))
    other = standing("onlooker", "person", OnGround(0.75, 1.04), pace.during(3, 70), 3)
    zones = (zone(ZoneKind.NO_FISHING, *RIVER_WATER),)
    event = ExpectedEvent(
        ANGLING,
        pace.opening(rod.appears_at),
        pace.clearing(angler.leaves_at),
        ("angler", "rod"),
        ZoneKind.NO_FISHING.value,
    )
    return Scene(
        f"angling-{pace.name}",
        "Two people stand by the water, one of them with a fishing rod: one event, about that one.",
        RIVER,
        camera(RIVER, pace, zones, watching(ANGLING, pace)),
        MORNING,
        pace.looks(75),
        (angler, rod, other),
        (_GRAIN,),
        (event,),
    )


def over_the_guardrail(pace: Pace) -> Scene:
    """Somebody crosses the middle of the motorway."""
    begins = pace.looks(20)
    path = (
        Keyframe(begins, OnGround(0.7, 0.85)),
        Keyframe(begins + pace.looks(5), OnGround(0.52, 0.83)),
        Keyframe(begins + pace.looks(12), OnGround(0.46, 0.83)),
        Keyframe(begins + pace.looks(18), OnGround(0.2, 0.85)),
    )
    climber = Actor("climber", "person", path, path[-1].at, 2)
    walker = moving(
        "walker",
        "person",
        (OnGround(0.92, 0.62), OnGround(0.86, 0.58)),
        pace.during(40, 60),
        4,
    )
    crosses_at = begins + pace.looks(3.5)
    event = ExpectedEvent(
        CLIMBING,
        Span(crosses_at, begins + pace.looks(18)),
        Span(begins + pace.looks(8), begins + pace.looks(18 + 14)),
        ("climber",),
        ZoneKind.GUARDRAIL.value,
    )
    zones = (zone(ZoneKind.GUARDRAIL, *MOTORWAY_MIDDLE),)
    return Scene(
        f"over-the-guardrail-{pace.name}",
        "Somebody climbs over the guardrail in the middle; later somebody walks along the edge: "
        "one event, about the first.",
        MOTORWAY,
        camera(MOTORWAY, pace, zones, watching(CLIMBING, pace, dwell_looks=0)),
        MORNING,
        pace.looks(70),
        (climber, walker, *motorway_traffic(pace.during(0, 18))),
        (_GRAIN,),
        (event,),
    )


def dog_on_the_road(pace: Pace) -> Scene:
    """It trots about and never stands still."""
    path = tuple(
        Keyframe(pace.looks(15 + 5 * number), OnGround(x, y))
        for number, (x, y) in enumerate(
            ((0.7, 0.5), (0.5, 0.6), (0.62, 0.75), (0.4, 0.7), (0.55, 0.5), (0.6, 0.35))
        )
    )
    dog = Actor("dog", "dog", path, path[-1].at)
    zones = (zone(ZoneKind.ROAD, *COUNTRY_ROAD),)
    event = ExpectedEvent(
        ANIMAL_ON_ROAD,
        pace.opening(dog.appears_at, 5),
        pace.clearing(dog.leaves_at),
        ("dog",),
        ZoneKind.ROAD.value,
    )
    return Scene(
        f"dog-on-the-road-{pace.name}",
        "A dog roams the road for 25 looks: one event, although it never stands still.",
        ROAD,
        camera(ROAD, pace, zones, watching(ANIMAL_ON_ROAD, pace, dwell_looks=4)),
        MORNING,
        pace.looks(65),
        (dog,),
        (_GRAIN,),
        (event,),
    )


def few_people(pace: Pace) -> Scene:
    """An ordinary pavement."""
    walkers = passing(
        "person", (OnGround(0.15, 0.98), OnGround(0.5, 0.15)), 12.0, 12.0, pace.during(0, 80)
    )
    zones = (zone(ZoneKind.PLAZA, *PLAZA_PAVING),)
    return Scene(
        f"few-people-{pace.name}",
        "People cross a square, never ten at a time: no event.",
        PLAZA,
        camera(PLAZA, pace, zones, watching(CROWD, pace, 3, minimum_count=10)),
        MORNING,
        pace.looks(80),
        walkers,
        (_GRAIN,),
    )


PEOPLE_SCENES = (
    crowd,
    few_people,
    trampled_lawn,
    site_at_night,
    unattended_case,
    angling,
    over_the_guardrail,
    dog_on_the_road,
)
