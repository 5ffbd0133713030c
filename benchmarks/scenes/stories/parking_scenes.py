"""Scenes of vehicles: parked, passing, replaced, hidden, by night and by the hour."""

from datetime import datetime

from benchmarks.scenes.actor import Actor, Keyframe, OnGround, standing
from benchmarks.scenes.disturbances import (
    Disturbance,
    LightChange,
    LightLevel,
    LookGap,
    SensorNoise,
    Shake,
    TimeCaption,
)
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, MOTORWAY
from benchmarks.scenes.stories.street import (
    CAMPUS_WAY,
    CITY,
    JUNCTION_KERB,
    MORNING,
    MOTORWAY_LEFT,
    about,
    camera,
    junction_traffic,
    junction_walkers,
    motorway_traffic,
    passing,
    watching,
    zone,
)
from streams.zone import ZoneKind

ILLEGAL_PARKING = "09009"
FIRE_LANE_BLOCKED = "09012"
SCHOOL_GATE_PARKING = "09993"
TRAFFIC_JAM = "10982"

_PARKED = OnGround(0.74, 0.63)
_GRAIN = SensorNoise(ALWAYS, 2.5)


def _parking(
    pace: Pace,
    name: str,
    story: str,
    actors: tuple[Actor, ...],
    expected: tuple[ExpectedEvent, ...],
    *disturbances: Disturbance,
) -> Scene:
    zones = (zone(ZoneKind.NO_PARKING, *JUNCTION_KERB),)
    return Scene(
        f"{name}-{pace.name}",
        story,
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(ILLEGAL_PARKING, pace)),
        MORNING,
        pace.looks(80),
        actors,
        (_GRAIN, *disturbances),
        expected,
    )


def _parked_car(pace: Pace, first: float, last: float, variety: int = 0) -> Actor:
    """A car that drives up, stops, and drives off."""
    arriving, leaving = pace.looks(first), pace.looks(last)
    path = (
        Keyframe(arriving, OnGround(1.1, 0.72)),
        Keyframe(arriving + 4, _PARKED),
        Keyframe(max(leaving - 4, arriving + 5), _PARKED),
        Keyframe(max(leaving, arriving + 6), OnGround(0.4, 0.47)),
    )
    return Actor(f"parked-{first:g}", "car", path, path[-1].at, variety)


def _reported(pace: Pace, car: Actor, ends: bool = True) -> ExpectedEvent:  # noqa: FBT001, FBT002
    clears = pace.clearing(car.leaves_at) if ends else None
    opens = pace.opening(car.appears_at)
    return ExpectedEvent(ILLEGAL_PARKING, opens, clears, (car.name,), ZoneKind.NO_PARKING.value)


def parked_among_traffic(pace: Pace) -> Scene:
    """One car stays where none may, and the others drive by."""
    car = _parked_car(pace, 8, 50)
    return _parking(
        pace,
        "parked-among-traffic",
        "A car stops in the no-parking zone for 42 looks while others drive by: one event.",
        (car, *junction_traffic(Span(0, pace.looks(80)))),
        (_reported(pace, car),),
    )


def passing_traffic(pace: Pace) -> Scene:
    """Nobody parks."""
    span = Span(0, pace.looks(80))
    return _parking(
        pace,
        "passing-traffic",
        "Cars and people pass through the no-parking zone and nobody stops: no event.",
        (*junction_traffic(span), *junction_walkers(span)),
        (),
    )


def car_replaced(pace: Pace) -> Scene:
    """The next car takes the free place at once."""
    first, second = _parked_car(pace, 5, 30, 1), _parked_car(pace, 31, 62, 4)
    return _parking(
        pace,
        "car-replaced",
        "A car leaves after 25 looks and another takes its place: two events, one after the other.",
        (first, second),
        (_reported(pace, first), _reported(pace, second)),
    )


def short_stops(pace: Pace) -> Scene:
    """The place is always taken, but by nobody for long."""
    cars = tuple(_parked_car(pace, first, first + 5.5, first) for first in range(4, 70, 7))
    return _parking(
        pace,
        "short-stops",
        "Ten cars stop one after the other in the same place, each for half the dwell: no event.",
        cars,
        (),
    )


def hidden_by_people(pace: Pace) -> Scene:
    """Someone stands in front of the car."""
    car = _parked_car(pace, 5, 60)
    people = tuple(
        standing(f"waiting-{number}", "person", OnGround(x, 0.69), pace.during(first, last), number)
        for number, (x, first, last) in enumerate(
            ((0.73, 9, 12), (0.76, 9.5, 12), (0.72, 30, 36), (0.75, 31, 37), (0.78, 31, 36))
        )
    )
    return _parking(
        pace,
        "hidden-by-people",
        "People wait in front of a parked car, for 3 looks within its dwell and for 6 after it: "
        "one event that is not cleared meanwhile.",
        (car, *people, *junction_walkers(Span(0, pace.looks(80)))),
        (_reported(pace, car),),
    )


def through_the_night(pace: Pace) -> Scene:
    """Dusk, night and dawn over a parked car."""
    car = standing("parked", "car", _PARKED, pace.during(5, 80), 2)
    light = LightChange(
        (
            LightLevel(pace.looks(20), 1.0),
            LightLevel(pace.looks(35), 0.3),
            LightLevel(pace.looks(55), 0.3),
            LightLevel(pace.looks(70), 1.0),
        )
    )
    return _parking(
        pace,
        "through-the-night",
        "A car is parked; it gets dark, the lamps go on, and day comes again: one event.",
        (car, *junction_traffic(Span(0, pace.looks(80)))),
        (_reported(pace, car, ends=False),),
        light,
    )


def unlooked_at(pace: Pace) -> Scene:
    """The worker was away for a while."""
    car = _parked_car(pace, 5, 60)
    return _parking(
        pace,
        "gap-in-the-looks",
        "Nobody looks for 25 looks after the event has opened; the car is still there: one event.",
        (car,),
        (_reported(pace, car),),
        LookGap(pace.during(24, 49)),
    )


def swaying_camera(pace: Pace) -> Scene:
    """Wind shakes the pole."""
    car = _parked_car(pace, 5, 55)
    return _parking(
        pace,
        "swaying-camera",
        "The camera sways by half a percent of its picture while a car is parked: one event.",
        (car, *junction_traffic(Span(0, pace.looks(80)))),
        (_reported(pace, car),),
        Shake(ALWAYS, 0.005),
        TimeCaption(ALWAYS),
    )


def fire_lane(pace: Pace) -> Scene:
    """A lorry blocks the way for the fire brigade."""
    lorry = standing("lorry", "truck", OnGround(0.72, 0.55), pace.during(10, 45), 0)
    zones = (zone(ZoneKind.FIRE_LANE, *CAMPUS_WAY),)
    walkers = passing(
        "person", (OnGround(-0.03, 0.41), OnGround(0.6, 0.6)), 14.0, 40.0, pace.during(0, 80)
    )
    event = about(FIRE_LANE_BLOCKED, lorry, ZoneKind.FIRE_LANE, pace)
    return Scene(
        f"fire-lane-{pace.name}",
        "A lorry stands in the fire lane for 35 looks: one event.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(FIRE_LANE_BLOCKED, pace)),
        MORNING,
        pace.looks(80),
        (lorry, *walkers),
        (_GRAIN,),
        (event,),
    )


def school_gate(pace: Pace) -> Scene:
    """Three cars are there before the hours begin in which they may not be."""
    places = (OnGround(0.62, 0.545), OnGround(0.74, 0.6), OnGround(0.88, 0.655))
    cars = tuple(
        standing(f"parked-{number}", "car", place, pace.during(3, 75), number)
        for number, place in enumerate(places)
    )
    opens_at = pace.looks(30)
    seven = datetime(2026, 5, 12, 7, 0, tzinfo=CITY)
    zones = (zone(ZoneKind.SCHOOL_GATE, *JUNCTION_KERB),)
    event = ExpectedEvent(
        SCHOOL_GATE_PARKING,
        Span(opens_at - 1, opens_at + pace.looks(16)),
        None,
        tuple(car.name for car in cars),
        ZoneKind.SCHOOL_GATE.value,
    )
    return Scene(
        f"school-gate-{pace.name}",
        "Three cars stand at a school gate; the hours begin at 07:00, at look 30: one event, "
        "and not before.",
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(SCHOOL_GATE_PARKING, pace, minimum_count=3)),
        datetime.fromtimestamp(seven.timestamp() - opens_at, CITY),
        min(pace.looks(60), opens_at + 5000),
        cars,
        (_GRAIN,),
        (event,),
    )


def traffic_jam(pace: Pace) -> Scene:
    """Traffic flows, then it stands."""
    places = [
        OnGround(x, y)
        for y, xs in ((0.9, (0.12, 0.3)), (0.66, (0.16, 0.28)), (0.5, (0.24, 0.33)))
        for x in xs
    ] + [OnGround(0.3, 0.41), OnGround(0.36, 0.41), OnGround(0.4, 0.33)]
    jam = tuple(
        standing(f"stopped-{number}", "car", place, pace.during(20, 50), number)
        for number, place in enumerate(places)
    )
    before = motorway_traffic(pace.during(0, 20))
    zones = (zone(ZoneKind.ROAD, *MOTORWAY_LEFT),)
    event = ExpectedEvent(
        TRAFFIC_JAM,
        pace.opening(jam[0].appears_at),
        pace.clearing(jam[0].leaves_at),
        tuple(car.name for car in jam),
        ZoneKind.ROAD.value,
    )
    return Scene(
        f"traffic-jam-{pace.name}",
        "Traffic flows for 20 looks, then nine cars stand for 30: one event about the road.",
        MOTORWAY,
        camera(MOTORWAY, pace, zones, watching(TRAFFIC_JAM, pace, minimum_count=6)),
        MORNING,
        pace.looks(80),
        (*before, *jam),
        (_GRAIN,),
        (event,),
    )


PARKING_SCENES = (
    parked_among_traffic,
    passing_traffic,
    car_replaced,
    short_stops,
    hidden_by_people,
    through_the_night,
    unlooked_at,
    swaying_camera,
    fire_lane,
    school_gate,
    traffic_jam,
)
