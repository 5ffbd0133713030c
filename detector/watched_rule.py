"""Watched rules: the catalogue's rules as one camera watches for them."""

from dataclasses import dataclass
from datetime import time

import numpy as np
import numpy.typing as npt
import structlog
from pydantic import ValidationError

from detector.class_groups import FoundObjects, class_mask
from detector.score_floors import score_floors
from detector.zone_membership import Membership, ZoneMembership
from models.issue_catalogue import IssueCatalogue, UnknownIssueTypeError
from models.issue_type import Rule
from streams.camera import Camera, EnabledIssueType
from streams.errors import CityPatrolError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WatchedZone:
    """A zone in which a rule can hold.

    Attributes:
        zone_id: The camera's zone, or None for the whole picture.
        row: Its row in a ``Membership``, or None for the whole picture.
    """

    zone_id: str | None
    row: int | None


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """A rule with this camera's own values and zones.

    Attributes:
        issue_code: Code of the issue type.
        rule: The catalogue's rule, with the camera's own dwell, looks and count.
        zones: Where it can hold; empty if the camera has none of the zones it needs.
        excluded_rows: Rows of the zones that silence it.
    """

    issue_code: str
    rule: Rule
    zones: tuple[WatchedZone, ...]
    excluded_rows: tuple[int, ...]

    @property
    def needs_memory(self) -> bool:
        """Whether it has to know which objects stand."""
        return self.rule.same_object or self.rule.standing

    def holds_at(self, local_time: time) -> bool:
        """Whether a local time lies in its hours."""
        return not self.rule.hours or any(span.contains(local_time) for span in self.rule.hours)

    def candidates(self, found: FoundObjects) -> npt.NDArray[np.bool_]:
        """Which boxes of a look have a class and score that count: shape (n,)."""
        wanted = class_mask(found.class_names, self.rule.classes)[found.class_ids]
        floors = score_floors(found.class_names, found.class_thresholds, self.rule.minimum_score)
        return wanted & (found.scores >= floors[found.class_ids])

    def can_be_seen(self, found: FoundObjects) -> bool:
        """Whether any of its classes would have been found in the look."""
        return bool(class_mask(found.class_names, self.rule.classes).any())

    def placed(self, inside: Membership) -> npt.NDArray[np.bool_]:
        """Which points lie in which of ``zones`` and in no excluded one: (zones, n)."""
        members = np.ones((len(self.zones), inside.shape[1]), np.bool_)
        for index, zone in enumerate(self.zones):
            if zone.row is not None:
                members[index] = inside[zone.row]
        if self.excluded_rows:
            members &= ~inside[list(self.excluded_rows)].any(axis=0)
        return members


def watched_rules(
    camera: Camera, catalogue: IssueCatalogue, membership: ZoneMembership
) -> tuple[WatchedRule, ...]:
    """The rules of everything the camera is asked to watch for, in its order.

    A type whose zones the camera does not have is kept, and reported in the log, as it can
    never be seen.

    Raises:
        CityPatrolError: The catalogue does not know a type, or the camera's own values do not
            fit its rule; names camera, type and value.
    """
    rules = tuple(
        _watched_rule(camera, enabled, catalogue, membership) for enabled in camera.issue_types
    )
    for watched in rules:
        if not watched.zones:
            log.warning(
                "issue_type_has_no_zone",
                camera_id=camera.camera_id,
                issue_code=watched.issue_code,
                needs=[str(kind) for kind in watched.rule.zones],
            )
    return rules


def _watched_rule(
    camera: Camera,
    enabled: EnabledIssueType,
    catalogue: IssueCatalogue,
    membership: ZoneMembership,
) -> WatchedRule:
    try:
        issue_type = catalogue.issue_type(enabled.code)
    except UnknownIssueTypeError as error:
        raise UnknownIssueTypeError(f"camera {camera.camera_id!r}: {error}") from None
    own_values = enabled.model_dump(exclude={"code"}, exclude_none=True)
    try:
        rule = Rule.model_validate(issue_type.rule.model_dump() | own_values)
    except ValidationError as error:
        raise CityPatrolError(
            f"camera {camera.camera_id!r}: issue type {enabled.code} cannot have {own_values}: "
            f"{error.errors(include_url=False)[0]['msg']}"
        ) from None
    zones = tuple(
        WatchedZone(membership.zone_id(row), row) for row in membership.rows_of(rule.zones)
    )
    return WatchedRule(
        issue_code=enabled.code,
        rule=rule,
        zones=zones if rule.zones else (WatchedZone(None, None),),
        excluded_rows=membership.rows_of(rule.excluded_zones),
    )
