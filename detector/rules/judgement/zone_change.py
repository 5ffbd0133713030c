"""Zone change: a zone no longer looks as in the camera's reference view."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from detector.rules.judgement.suspicion import ShownBoxes, Undecided
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import RuleBoxes
from detector.rules.selection.score_floors import floors_of
from detector.rules.watched_rule import WatchedRule, WatchedZone
from streams.camera_health.detail_field import DETAIL_CELLS
from streams.camera_health.view_change import CellVerdict

# What the boxes of a change are called; no model finds it.
CHANGED = "changed"

# At least this much of a zone must be seen and compared before anything is said of it.
LEAST_KNOWN = 0.5

# Of many scattered parts the largest tell where to look.
MOST_BOXES = 5

# No detector says how sure it is of what was only compared.
_NO_SCORE = 1.0

Mask = npt.NDArray[np.bool_]


def changed_in_zones(
    watched: WatchedRule, view: LookView, boxes: RuleBoxes
) -> Sequence[ShownBoxes | Undecided | None]:
    """What has changed in each zone of a rule, None where too little of it has.

    Parts that things of the rule's classes hide are left out. It cannot be told where less than
    half of a zone can be compared.
    """
    del boxes
    hidden = _hidden(watched, view)
    return [_of_zone(watched, zone, view, hidden) for zone in watched.zones]


def _of_zone(
    watched: WatchedRule, zone: WatchedZone, view: LookView, hidden: Mask
) -> ShownBoxes | Undecided | None:
    cells = view.change.whole().cells
    if zone.row is None or watched.rule.minimum_change is None:
        return None
    in_zone = view.zones.cells(zone.row, DETAIL_CELLS)
    known = in_zone & ~hidden & (cells != CellVerdict.UNKNOWN)
    if known.sum() < LEAST_KNOWN * in_zone.sum():
        return Undecided.CANNOT_TELL
    changed = known & (cells == CellVerdict.CHANGED)
    if changed.sum() < watched.rule.minimum_change * known.sum():
        return None
    boxes = _boxes_around(changed)
    return ShownBoxes(boxes, (CHANGED,) * len(boxes), np.full(len(boxes), _NO_SCORE, np.float32))


def _hidden(watched: WatchedRule, view: LookView) -> Mask:
    """Parts of the picture that things of the rule's classes cover, were it only at the edge."""
    found = view.found
    floors = floors_of(
        watched.rule.classes,
        found.class_names,
        found.class_thresholds,
        watched.rule.minimum_score,
    )
    rows, columns = DETAIL_CELLS
    hidden = np.zeros(DETAIL_CELLS, np.bool_)
    for box in found.boxes[found.scores >= floors[found.class_ids]]:
        left, top = np.floor(box[:2] * (columns, rows)).astype(int)
        right, bottom = np.ceil(box[2:] * (columns, rows)).astype(int)
        hidden[top:bottom, left:right] = True
    return hidden


def _boxes_around(changed: Mask) -> npt.NDArray[np.float32]:
    """Boxes around the parts that hang together, the largest first: shape (k, 4), k >= 1."""
    rows, columns = changed.shape
    _, _, found, _ = cv2.connectedComponentsWithStats(changed.astype(np.uint8), connectivity=8)
    # The first is what is not changed.
    order = 1 + np.argsort(-found[1:, cv2.CC_STAT_AREA], kind="stable")[:MOST_BOXES]
    corners = found[order][:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP]]
    sides = found[order][:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    boxes = np.hstack((corners, corners + sides)) / np.array([columns, rows] * 2)
    return np.asarray(boxes, np.float32)
