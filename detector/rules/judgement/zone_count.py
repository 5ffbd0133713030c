"""Zone count: enough objects are in a zone at the same time."""

from collections.abc import Sequence

import numpy as np

from detector.objects.class_groups import class_mask
from detector.rules.judgement.suspicion import ShownBoxes, Undecided
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import Indices, RuleBoxes
from detector.rules.watched_rule import WatchedRule, WatchedZone
from models.rules.rule import ClassMatch

# What a density is counted on.
DENSITY_AREA_M2 = 100.0


def counted_in_zones(
    watched: WatchedRule, view: LookView, boxes: RuleBoxes
) -> Sequence[ShownBoxes | Undecided | None]:
    """What makes a counting rule hold in each of its zones, None where it does not.

    It cannot be told where it would hold with the boxes of which nobody knows
    how fast they go or if they are new.
    """
    surely = _holding(watched, view, boxes.sure)
    if boxes.possible is boxes.sure:
        return surely
    perhaps = _holding(watched, view, boxes.possible)
    return [
        sure if sure is not None or possible is None else Undecided.CANNOT_TELL
        for sure, possible in zip(surely, perhaps, strict=True)
    ]


def _holding(
    watched: WatchedRule, view: LookView, in_zones: Sequence[Indices]
) -> list[ShownBoxes | None]:
    return [
        ShownBoxes.chosen(view.found, chosen)
        if chosen and _suffice(watched, zone, view, chosen)
        else None
        for zone, chosen in zip(watched.zones, in_zones, strict=True)
    ]


def _suffice(watched: WatchedRule, zone: WatchedZone, view: LookView, chosen: Indices) -> bool:
    rule = watched.rule
    if len(chosen) < rule.minimum_count:
        return False
    if rule.match is ClassMatch.ALL:
        seen = set(view.found.class_ids[list(chosen)].tolist())
        wanted = np.flatnonzero(class_mask(view.found.class_names, rule.classes))
        if not seen.issuperset(wanted.tolist()):
            return False
    if rule.minimum_density is not None:
        area = _area_m2(zone, view)
        if area is None or len(chosen) / area * DENSITY_AREA_M2 < rule.minimum_density:
            return False
    if rule.minimum_zone_share is not None and zone.row is not None:
        covered = view.zones.covered_share(view.found.boxes[list(chosen)], zone.row)
        return covered >= rule.minimum_zone_share
    return True


def _area_m2(zone: WatchedZone, view: LookView) -> float | None:
    """Area of a zone on the ground, or None where it cannot be said."""
    if zone.row is None or view.sizes.ground is None:
        return None
    outline = view.zones.outline(zone.row)
    area = view.sizes.ground.outline_area_m2(outline, view.sizes.picture.aspect_ratio)
    return area if np.isfinite(area) and area > 0 else None
