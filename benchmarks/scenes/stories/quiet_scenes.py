"""The quiet hour: an ordinary street, much watched for, and nothing to report."""

from benchmarks.scenes.disturbances import LightChange, LightLevel, SensorNoise, Shake, TimeCaption
from benchmarks.scenes.pace import EVERY_SECOND
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import ALWAYS, Span
from benchmarks.scenes.stories.backgrounds import JUNCTION
from benchmarks.scenes.stories.street import (
    JUNCTION_CROSSWALK,
    JUNCTION_KERB,
    JUNCTION_PAVEMENT,
    JUNCTION_ROAD,
    MORNING,
    camera,
    junction_traffic,
    junction_walkers,
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
    zone(ZoneKind.NO_PARKING, *JUNCTION_KERB),
    zone(ZoneKind.SIDEWALK, *JUNCTION_PAVEMENT),
    zone(ZoneKind.ROAD, *JUNCTION_ROAD),
    zone(ZoneKind.CROSSWALK, *JUNCTION_CROSSWALK),
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
        (SensorNoise(ALWAYS, 2.5), Shake(ALWAYS, 0.001), TimeCaption(ALWAYS), light),
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
