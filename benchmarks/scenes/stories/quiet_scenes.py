"""Quiet scenes: an ordinary street, much watched for, and nothing to report."""

from benchmarks.scenes.disturbances import LightChange, LightLevel, SensorNoise, Shake, TimeCaption
from benchmarks.scenes.pace import EVERY_SECOND, Pace
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import JUNCTION
from benchmarks.scenes.stories.street import (
    GRAIN,
    MORNING,
    OUTLINES,
    camera,
    junction_traffic,
    junction_walkers,
    watching,
    zone,
)
from models.catalogue.issue_catalogue import load_catalogue
from models.catalogue.issue_type import IssueType
from models.rules.rule import WatchFor
from models.words import IssueKind
from streams.camera import EnabledIssueType
from streams.zone import ZoneKind

_HOUR = 3600.0
_ZONES = (
    zone(ZoneKind.NO_PARKING, *OUTLINES["junction_kerb"]),
    zone(ZoneKind.SIDEWALK, *OUTLINES["junction_pavement"]),
    zone(ZoneKind.ROAD, *OUTLINES["junction_road"]),
    zone(ZoneKind.CROSSWALK, *OUTLINES["junction_crosswalk"]),
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
        zone(ZoneKind.NO_PARKING, *OUTLINES["junction_kerb"]),
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
        (SensorNoise(ALWAYS, GRAIN), light),
    )


def quiet_hour() -> Scene:
    """An hour at one look a second, with every type that such a camera could watch for."""
    span = Span(0.0, _HOUR)
    brightness = (1.0, 0.85, 1.0, 0.6, 0.9, 0.7, 1.0, 0.8, 1.0)
    light = LightChange(
        tuple(
            LightLevel(_HOUR * step / (len(brightness) - 1), level)
            for step, level in enumerate(brightness)
        )
    )
    codes = [code for code, issue in load_catalogue().types.items() if _is_watched(issue)]
    return Scene(
        "quiet-hour",
        f"Traffic, people, wind and passing clouds for an hour, looked at every second, with "
        f"{len(codes)} issue types watched for under the catalogue's own rules: no event.",
        JUNCTION,
        camera(JUNCTION, EVERY_SECOND, _ZONES, *(EnabledIssueType(code=code) for code in codes)),
        MORNING,
        span.ends_at,
        (*junction_traffic(span), *junction_walkers(span)),
        (SensorNoise(ALWAYS, GRAIN), Shake(ALWAYS, 0.001), TimeCaption(ALWAYS), light),
    )


def _is_watched(issue: IssueType) -> bool:
    """Whether a camera of these zones can watch for it, and nothing that is missing here."""
    rule = issue.rule
    zones = {one.kind for one in _ZONES}
    return (
        issue.kind is not IssueKind.CAMERA
        and rule.watch_for is WatchFor.PRESENCE
        and rule.crossing is None
        and not rule.needs
        and (not rule.zones or bool(zones & set(rule.zones)))
    )
