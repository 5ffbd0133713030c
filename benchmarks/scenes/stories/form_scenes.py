"""Scenes for forms of rules: hours, dates and holidays, densities, shares, metres, lines."""

from datetime import datetime, timedelta

from benchmarks.scenes.actor import Actor, OnGround, moving, standing
from benchmarks.scenes.background import Background
from benchmarks.scenes.disturbances import SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import EVERY_SECOND, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, RIVER
from benchmarks.scenes.stories.street import (
    CAMPUS_WAY,
    CITY,
    JUNCTION_CROSSWALK,
    JUNCTION_KERB,
    MORNING,
    RIVER_WATER,
    about,
    camera,
    campus_walkers,
    watching,
    zone,
)
from streams.camera import Camera, EnabledIssueType
from streams.line import Line, LineKind
from streams.zone import Zone, ZoneKind

CLOSED_SEASON = "06974"
BUS_LANE = "09992"
NIGHT_MARKET = "09701"
DENSE_CROWD = "09702"
STREWN_RUBBISH = "09703"
NO_HELMET = "09704"
LARGE_HEAP = "09705"
CROSSWALK_BLOCKED = "09706"
QUIET_AFTER_CLEARING = "09707"
OVER_THE_LINE = "09708"

_GRAIN = (SensorNoise(ALWAYS, 2.5),)
_WAY = zone(ZoneKind.SIDEWALK, *CAMPUS_WAY)


def _campus(pace: Pace, code: str, *zones: Zone) -> Camera:
    return camera(CAMPUS, pace, zones, watching(code, pace))


def night_market_by_day(pace: Pace) -> Scene:
    """A stall is where it may be until the hours end."""
    stall = standing("stall", "street_stall", OnGround(0.2, 0.42), pace.during(4, 75), 1)
    ends_at = pace.looks(30)
    end = datetime(2026, 5, 12, 23, 0, tzinfo=CITY)
    allowed = ((0.05, 0.3), (0.4, 0.3), (0.4, 0.48), (0.05, 0.45))
    event = ExpectedEvent(
        NIGHT_MARKET, pace.opening(ends_at), None, ("stall",), ZoneKind.SIDEWALK.value
    )
    return Scene(
        f"night-market-{pace.name}",
        "A stall stands in the vending area, which is one from 17:00 to 23:00, look 30: one event, "
        "counted from then.",
        CAMPUS,
        _campus(pace, NIGHT_MARKET, _WAY, zone(ZoneKind.ALLOWED_VENDING, *allowed)),
        end - timedelta(seconds=ends_at),
        pace.looks(60),
        (stall,),
        _GRAIN,
        (event,),
    )


def closed_season_begins(pace: Pace) -> Scene:
    """An angler stays beyond midnight."""
    angler = standing("angler", "person", OnGround(0.3, 1.03), pace.during(4, 75), 1)
    rod = standing("rod", "fishing_rod", OnGround(0.36, 0.99), pace.during(4, 75))
    begins_at = pace.looks(30)
    march = datetime(2026, 3, 1, 0, 0, tzinfo=CITY)
    event = ExpectedEvent(
        CLOSED_SEASON,
        pace.opening(begins_at),
        None,
        ("angler", "rod"),
        ZoneKind.FISHING_BAN_WATER.value,
    )
    zones = (zone(ZoneKind.FISHING_BAN_WATER, *RIVER_WATER),)
    return Scene(
        f"closed-season-{pace.name}",
        "Somebody fishes as the closed season begins, at midnight, look 30: one event, and not "
        "before.",
        RIVER,
        camera(RIVER, pace, zones, watching(CLOSED_SEASON, pace)),
        march - timedelta(seconds=begins_at),
        pace.looks(60),
        (angler, rod),
        _GRAIN,
        (event,),
    )


def bus_lane_on(day: datetime, name: str, story: str, pace: Pace) -> Scene:
    """A car stands in a bus lane in the morning of a day."""
    car = standing("parked", "car", OnGround(0.74, 0.63), pace.during(6, 45), 2)
    is_holiday = day.month == 10
    event = ExpectedEvent(
        BUS_LANE,
        pace.opening(car.appears_at),
        # Its hours end at nine; then nobody looks for it any more.
        _clearing(pace, car),
        ("parked",),
        ZoneKind.BUS_LANE.value,
    )
    zones = (zone(ZoneKind.BUS_LANE, *JUNCTION_KERB),)
    return Scene(
        f"{name}-{pace.name}",
        story,
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(BUS_LANE, pace)),
        day,
        pace.looks(70),
        (car,),
        _GRAIN,
        () if is_holiday else (event,),
    )


def _clearing(pace: Pace, car: Actor) -> Span:
    two_hours = 7200.0
    return pace.clearing(min(car.leaves_at, two_hours))


def bus_lane_on_a_holiday(pace: Pace) -> Scene:
    """On National Day anyone may."""
    return bus_lane_on(
        datetime(2026, 10, 1, 7, 0, tzinfo=CITY),
        "bus-lane-on-a-holiday",
        "A car stands in a bus lane on National Day, when the rule does not hold: no event.",
        pace,
    )


def bus_lane_on_a_workday(pace: Pace) -> Scene:
    """On a Tuesday nobody may."""
    return bus_lane_on(
        datetime(2026, 5, 12, 7, 0, tzinfo=CITY),
        "bus-lane-on-a-workday",
        "A car stands in a bus lane on a Tuesday from seven on: one event.",
        pace,
    )


def dense_crowd(pace: Pace) -> Scene:
    """They stand close together in a small place."""
    square = ((0.3, 0.4), (0.72, 0.4), (0.8, 0.62), (0.22, 0.62))
    few = tuple(
        standing(f"few-{number}", "person", OnGround(0.3 + 0.1 * number, 0.45), pace.during(0, 80))
        for number in range(2)
    )
    many = tuple(
        standing(
            f"many-{number}",
            "person",
            OnGround(0.28 + 0.07 * (number % 7), 0.5 + 0.05 * (number // 7)),
            pace.during(15, 50),
            number,
        )
        for number in range(14)
    )
    event = ExpectedEvent(
        DENSE_CROWD,
        pace.opening(pace.looks(15)),
        pace.clearing(pace.looks(50)),
        tuple(one.name for one in many),
        ZoneKind.PLAZA.value,
    )
    return Scene(
        f"dense-crowd-{pace.name}",
        "Two people wait on some 60 square metres, fourteen more join them for 35 looks: one "
        "event; the limit is six on a hundred.",
        CAMPUS,
        _campus(pace, DENSE_CROWD, zone(ZoneKind.PLAZA, *square)),
        MORNING,
        pace.looks(80),
        (*few, *many),
        _GRAIN,
        (event,),
    )


def strewn_rubbish(pace: Pace) -> Scene:
    """One heap, then heaps everywhere."""
    lot = ((0.3, 0.4), (0.6, 0.4), (0.6, 0.56), (0.3, 0.56))
    first = standing("first", "garbage_pile", OnGround(0.36, 0.46, 0.6), pace.during(2, 60), 0)
    more = tuple(
        standing(f"more-{number}", "garbage_pile", OnGround(x, y), pace.during(14, 50), number)
        for number, (x, y) in enumerate(((0.38, 0.54), (0.52, 0.54), (0.52, 0.46)))
    )
    event = ExpectedEvent(
        STREWN_RUBBISH,
        pace.opening(pace.looks(14)),
        pace.clearing(pace.looks(50)),
        tuple(one.name for one in more),
        ZoneKind.VACANT_LOT.value,
    )
    return Scene(
        f"strewn-rubbish-{pace.name}",
        "A small heap lies on a plot; for 36 looks three large ones cover most of it: one event.",
        CAMPUS,
        _campus(pace, STREWN_RUBBISH, zone(ZoneKind.VACANT_LOT, *lot)),
        MORNING,
        pace.looks(80),
        (first, *more),
        _GRAIN,
        (event,),
    )


def helmet_missing(pace: Pace) -> Scene:
    """Of two workers one has a helmet."""
    places = OnGround(0.35, 0.5), OnGround(0.6, 0.53)
    careful = standing("careful", "person", places[0], pace.during(3, 75), 0)
    helmet = standing("helmet", "hard_hat", _on_head(places[0]), pace.during(3, 75))
    careless = standing("careless", "person", places[1], pace.during(12, 48), 1)
    event = about(NO_HELMET, careless, ZoneKind.CONSTRUCTION_SITE, pace)
    return Scene(
        f"helmet-missing-{pace.name}",
        "A worker with a helmet is there all the time, one without for 36 looks: one event, about "
        "the second.",
        CAMPUS,
        _campus(pace, NO_HELMET, zone(ZoneKind.CONSTRUCTION_SITE, *CAMPUS_WAY)),
        MORNING,
        pace.looks(75),
        (careful, helmet, careless),
        _GRAIN,
        (event,),
    )


def _on_head(foot: OnGround) -> OnGround:
    # A little below the top, which it would hide otherwise.
    height = _person_height(CAMPUS, foot)
    return OnGround(foot.x, foot.y + 0.001, raised=height * 0.79)


def _person_height(background: Background, foot: OnGround) -> float:
    return background.ground.height_of("person", foot, 0.4)


def large_heap(pace: Pace) -> Scene:
    """Far away a large one, near by a small one of the same size in the picture."""
    large = standing("large", "garbage_pile", OnGround(0.3, 0.42, 1.3), pace.during(8, 50), 0)
    small = standing("small", "garbage_pile", OnGround(0.7, 0.52, 0.45), pace.during(4, 75), 1)
    event = about(LARGE_HEAP, large, ZoneKind.SIDEWALK, pace)
    return Scene(
        f"large-heap-{pace.name}",
        "A heap of three metres and one of a metre lie there; two metres count: one event.",
        CAMPUS,
        _campus(pace, LARGE_HEAP, _WAY),
        MORNING,
        pace.looks(80),
        (large, small, *campus_walkers(Span(0, pace.looks(80)))),
        _GRAIN,
        (event,),
    )


def over_the_crosswalk(pace: Pace) -> Scene:
    """One stands upon it, one just before it."""
    upon = standing("upon", "car", OnGround(0.75, 0.77), pace.during(8, 48), 0)
    before = standing("before", "car", OnGround(0.3, 0.7), pace.during(3, 75), 2)
    event = about(CROSSWALK_BLOCKED, upon, ZoneKind.CROSSWALK, pace)
    zones = (zone(ZoneKind.CROSSWALK, *JUNCTION_CROSSWALK),)
    return Scene(
        f"over-the-crosswalk-{pace.name}",
        "A car stands over the crosswalk for 40 looks, another beside it: one event.",
        JUNCTION,
        camera(JUNCTION, pace, zones, watching(CROSSWALK_BLOCKED, pace)),
        MORNING,
        pace.looks(78),
        (upon, before),
        _GRAIN,
        (event,),
    )


def silent_after_clearing(pace: Pace) -> Scene:
    """It comes back too soon."""
    place = OnGround(0.5, 0.48)
    heaps = tuple(
        standing(f"heap-{first}", "garbage_pile", place, pace.during(first, last), 0)
        for first, last in ((5, 30), (52, 85))
    )
    event = ExpectedEvent(
        QUIET_AFTER_CLEARING,
        pace.opening(heaps[0].appears_at),
        pace.clearing(heaps[0].leaves_at),
        ("heap-5",),
        ZoneKind.SIDEWALK.value,
    )
    return Scene(
        f"silent-after-clearing-{pace.name}",
        "A heap is cleared and lies there again; the rule is silent for a day: one event.",
        CAMPUS,
        _campus(pace, QUIET_AFTER_CLEARING, _WAY),
        MORNING,
        min(pace.looks(90), 80000.0),
        heaps,
        _GRAIN,
        (event,),
    )


def over_the_line(pace: Pace) -> Scene:
    """One goes over the line the wrong way, others the right way or along it."""
    line = Line(line_id="line", kind=LineKind.SOLID_LINE, points=((0.5, 0.3), (0.5, 0.7)))
    wrong = moving(
        "wrong", "person", (OnGround(0.7, 0.5), OnGround(0.25, 0.42)), Span(20.0, 45.0), 1
    )
    right = moving(
        "right", "person", (OnGround(0.25, 0.42), OnGround(0.7, 0.5)), Span(50.0, 75.0), 2
    )
    along = moving(
        "along", "person", (OnGround(0.45, 0.4), OnGround(0.46, 0.55)), Span(5.0, 30.0), 3
    )
    watch = EnabledIssueType(code=OVER_THE_LINE)
    watching_camera = camera(CAMPUS, pace, (), watch).model_copy(update={"lines": (line,)})
    event = ExpectedEvent(OVER_THE_LINE, Span(28.0, 40.0), Span(30.0, 60.0), ("wrong",), "line")
    return Scene(
        f"over-the-line-{pace.name}",
        "Somebody crosses a line from right to left, somebody else the other way, and one walks "
        "along it: one event where it is looked at every second, else none can be told.",
        CAMPUS,
        watching_camera,
        MORNING,
        max(pace.looks(40), 80.0),
        (wrong, right, along),
        _GRAIN,
        (event,) if pace == EVERY_SECOND else (),
    )


FORM_SCENES = (
    night_market_by_day,
    closed_season_begins,
    bus_lane_on_a_holiday,
    bus_lane_on_a_workday,
    dense_crowd,
    strewn_rubbish,
    helmet_missing,
    large_heap,
    over_the_crosswalk,
    silent_after_clearing,
    over_the_line,
)
