"""The rule compiler: from a camera's issue types to rules that can be watched."""

from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from detector.geometry.ground_measures import GroundMeasures
from detector.geometry.zone_membership import ZoneMembership
from detector.rules.watched_rule import SilencingZones, WatchedRule, WatchedZone
from models.catalogue.issue_catalogue import IssueCatalogue, UnknownIssueTypeError
from models.rules.crossing import Crossing
from models.rules.rule import Rule, WatchFor
from streams.camera import Camera, EnabledIssueType
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CameraGround:
    """What a camera's rules are compiled against.

    Attributes:
        zones: Its zones.
        measures: What it can measure in metres, or None.
    """

    zones: ZoneMembership
    measures: GroundMeasures | None


def compile_rules(
    camera: Camera, catalogue: IssueCatalogue, ground: CameraGround
) -> tuple[WatchedRule, ...]:
    """The rules of everything the camera is asked to watch for, in its order.

    A type that can never be seen there is left out, and the log says why: it is switched off,
    the camera has none of its zones, is not calibrated, or the engine cannot judge it.

    Raises:
        CityPatrolError: The catalogue does not know a type, or the camera's own values do not
            fit its rule; names camera, type and value.
    """
    watched = []
    for enabled in camera.issue_types:
        rule = _own_rule(camera, enabled, catalogue)
        if rule.watch_for is WatchFor.CAMERA_FAULT:
            # Faults are reported by ``FaultReports``, which sees the camera's health.
            continue
        obstacle = (
            "switched off in the catalogue; a city's overlay can switch it on"
            if not catalogue.watched(enabled.code)
            else _obstacle(rule, camera, ground)
        )
        if obstacle is None:
            watched.append(_watched(enabled.code, rule, camera, ground))
        else:
            log.warning(
                "issue_type_not_watched",
                camera_id=camera.camera_id,
                issue_code=enabled.code,
                reason=obstacle,
            )
    return tuple(watched)


def _own_rule(camera: Camera, enabled: EnabledIssueType, catalogue: IssueCatalogue) -> Rule:
    try:
        issue_type = catalogue.issue_type(enabled.code)
    except UnknownIssueTypeError as error:
        raise UnknownIssueTypeError(f"camera {camera.camera_id!r}: {error}") from None
    own_values = enabled.model_dump(exclude={"code"}, exclude_none=True)
    try:
        return Rule.model_validate(issue_type.rule.model_dump() | own_values)
    except ValidationError as error:
        raise CityPatrolError(
            f"camera {camera.camera_id!r}: issue type {enabled.code} cannot have {own_values}: "
            f"{error.errors(include_url=False)[0]['msg']}"
        ) from None


def _obstacle(rule: Rule, camera: Camera, ground: CameraGround) -> str | None:
    """Why a rule can never be judged by this camera, or None."""
    if rule.zones and not ground.zones.rows_of(rule.zones):
        return f"needs a zone of the kinds {', '.join(rule.zones)}; the camera has none"
    if rule.crossing is not None and not _line_rows(rule.crossing, camera):
        return f"needs a line of the kinds {', '.join(rule.crossing.lines)}; the camera has none"
    if rule.needs_calibration and ground.measures is None:
        return "measures in metres; the camera needs surveyed points or a pose"
    return None


def _line_rows(crossing: Crossing, camera: Camera) -> tuple[int, ...]:
    return tuple(row for row, line in enumerate(camera.lines) if line.kind in crossing.lines)


def _watched(code: str, rule: Rule, camera: Camera, ground: CameraGround) -> WatchedRule:
    lines = () if rule.crossing is None else _line_rows(rule.crossing, camera)
    zones = tuple(
        WatchedZone(ground.zones.zone_id(row), row) for row in ground.zones.rows_of(rule.zones)
    )
    if lines:
        zones = tuple(WatchedZone(camera.lines[row].line_id, None) for row in lines)
    silencing = tuple(
        SilencingZones(rows, excluded.when)
        for excluded in rule.excluded_zones
        if (rows := ground.zones.rows_of((excluded.kind,)))
    )
    return WatchedRule(
        issue_code=code,
        rule=rule,
        zones=zones or (WatchedZone(None, None),),
        silencing=silencing,
        lines=lines,
    )
