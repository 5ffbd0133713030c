"""Zones to draw: what an operator must draw in a camera's picture before its types are judged."""

from dataclasses import dataclass

from models.catalogue.issue_catalogue import IssueCatalogue
from models.catalogue.issue_type import IssueType
from streams.camera import Camera
from streams.zone import ZoneKind


@dataclass(frozen=True, slots=True)
class ZoneToDraw:
    """An issue type that a camera is asked to watch for and that has no zone there to hold in.

    Attributes:
        issue: The type.
        kinds: Kinds of zone, any of which will do.
    """

    issue: IssueType
    kinds: tuple[ZoneKind, ...]


def zones_to_draw(camera: Camera, catalogue: IssueCatalogue) -> tuple[ZoneToDraw, ...]:
    """What is not judged at a camera because a zone is missing, in the order of its types.

    Types that the catalogue does not know are left out; that is another fault.
    """
    drawn = {zone.kind for zone in camera.zones}
    return tuple(
        ZoneToDraw(issue, issue.rule.zones)
        for enabled in camera.issue_types
        if (issue := catalogue.types.get(enabled.code)) is not None
        and issue.rule.zones
        and drawn.isdisjoint(issue.rule.zones)
    )
