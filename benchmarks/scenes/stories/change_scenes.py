"""Scenes of what appears, is missing or has changed: covers, hoardings, sheds, signs."""

from benchmarks.scenes.actor import OnGround, OnPicture, standing
from benchmarks.scenes.disturbances import LightChange, LightLevel, SensorNoise
from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import CAMPUS, JUNCTION, PLAZA
from benchmarks.scenes.stories.street import (
    CAMPUS_FACADE,
    CAMPUS_LAWN,
    JUNCTION_KERB,
    MORNING,
    PLAZA_PAVING,
    about,
    camera,
    campus_walkers,
    junction_traffic,
    junction_walkers,
    watching,
    zone,
)
from streams.zone import ZoneKind

MANHOLE = "01023"
HOARDING = "08007"
UNAUTHORISED_STRUCTURE = "06001"
SHOP_SIGN = "07006"

_GRAIN = SensorNoise(ALWAYS, 2.5)
_COVER = OnGround(0.415, 0.655, 1.2)


def manhole_cover_gone(pace: Pace) -> Scene:
    """It lies in its place, then there is a hole."""
    cover = standing("cover", "manhole_cover", _COVER, pace.during(0, 25))
    hole = standing("hole", "open_manhole", _COVER, pace.during(25, 60))
    again = standing("cover-again", "manhole_cover", _COVER, pace.during(60, 85))
    zones = (zone(ZoneKind.SIDEWALK, *PLAZA_PAVING),)
    event = about(MANHOLE, hole, ZoneKind.SIDEWALK, pace)
    return Scene(
        f"manhole-cover-gone-{pace.name}",
        "A manhole loses its cover at look 25 and gets it back at look 60: one event, cleared.",
        PLAZA,
        camera(PLAZA, pace, zones, watching(MANHOLE, pace)),
        MORNING,
        pace.looks(85),
        (cover, hole, again),
        (_GRAIN,),
        (event,),
    )


def hoarding_missing(pace: Pace) -> Scene:
    """A building site loses its hoarding."""
    place = OnGround(0.72, 0.56, 0.75)
    hoarding = standing("hoarding", "construction_hoarding", place, pace.during(0, 25))
    again = standing("hoarding-again", "construction_hoarding", place, pace.during(65, 90))
    digger = standing("digger", "excavator", OnGround(0.6, 0.56), pace.during(5, 90))
    site = ((0.55, 0.38), (0.95, 0.38), (0.95, 0.62), (0.55, 0.58))
    zones = (zone(ZoneKind.CONSTRUCTION_SITE, *site),)
    event = ExpectedEvent(
        HOARDING,
        pace.opening(hoarding.leaves_at),
        None,
        (),
        ZoneKind.CONSTRUCTION_SITE.value,
        PictureBox(0.55, 0.38, 0.95, 0.62),
    )
    return Scene(
        f"hoarding-missing-{pace.name}",
        "The hoarding of a site at which is dug is taken away for 40 looks: one event about what "
        "is missing; its rule waits for 150 looks before it clears.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(HOARDING, pace)),
        MORNING,
        pace.looks(90),
        (hoarding, again, digger),
        (_GRAIN,),
        (event,),
    )


def shed_appears(pace: Pace) -> Scene:
    """Something stands there that the camera's picture of yesterday does not show."""
    shed = standing("shed", "makeshift_structure", OnGround(0.24, 0.68, 0.75), pace.during(40, 90))
    light = LightChange((LightLevel(0, 1.0), LightLevel(pace.looks(90), 0.7)))
    zones = (zone(ZoneKind.GREEN_BELT, *CAMPUS_LAWN),)
    event = ExpectedEvent(
        UNAUTHORISED_STRUCTURE,
        pace.opening(shed.appears_at),
        None,
        ("shed",),
    )
    return Scene(
        f"shed-appears-{pace.name}",
        "A shed is put up on a lawn at look 40, when the view is learnt, while clouds draw in "
        "and people pass: one event, as the camera's reference view does not show it.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(UNAUTHORISED_STRUCTURE, pace)),
        MORNING,
        pace.looks(90),
        (shed, *campus_walkers(Span(0, pace.looks(90)))),
        (_GRAIN, light),
        (event,),
    )


def sign_appears(pace: Pace) -> Scene:
    """A shop hangs out a sign."""
    sign = standing("sign", "shop_signboard", OnPicture(0.62, 0.075, 0.055), pace.during(40, 95))
    zones = (zone(ZoneKind.STOREFRONT, *CAMPUS_FACADE),)
    event = ExpectedEvent(
        SHOP_SIGN,
        pace.opening(sign.appears_at),
        None,
        ("sign",),
        ZoneKind.STOREFRONT.value,
    )
    return Scene(
        f"sign-appears-{pace.name}",
        "A sign that the reference view does not show is put up on a facade at look 40: one event.",
        CAMPUS,
        camera(CAMPUS, pace, zones, watching(SHOP_SIGN, pace)),
        MORNING,
        pace.looks(95),
        (sign,),
        (_GRAIN,),
        (event,),
    )


def quiet_street(pace: Pace) -> Scene:
    """An ordinary hour; much is watched for and nothing happens."""
    looks = max(90.0, 3600 / pace.look_interval if pace.look_interval > 1 else 0.0)
    span = Span(0, pace.looks(looks))
    light = LightChange(
        tuple(
            LightLevel(pace.looks(looks) * step / 6, brightness)
            for step, brightness in enumerate((1.0, 0.85, 1.0, 0.6, 0.9, 0.7, 1.0))
        )
    )
    zones = (
        zone(ZoneKind.NO_PARKING, *JUNCTION_KERB),
        zone(ZoneKind.SIDEWALK, (0.0, 0.56), (0.3, 0.8), (0.47, 1.0), (0.0, 1.0)),
        zone(ZoneKind.ROAD, (0.3, 0.56), (1.0, 0.7), (1.0, 1.0), (0.5, 1.0)),
    )
    codes = ("06010", "06042", "06013", "09009", "09010", "10981", "10989", "10990")
    return Scene(
        f"quiet-street-{pace.name}",
        "Traffic, people and passing clouds for 90 looks or an hour, with eight issue types "
        "watched for: no event.",
        JUNCTION,
        camera(JUNCTION, pace, zones, *(watching(code, pace) for code in codes)),
        MORNING,
        span.ends_at,
        (*junction_traffic(span), *junction_walkers(span)),
        (_GRAIN, light),
    )


CHANGE_SCENES = (manhole_cover_gone, hoarding_missing, shed_appears, sign_appears, quiet_street)
