"""Absence: what should be in a zone is not there."""

import numpy as np

from detector.rules.judgement.suspicion import ShownBoxes
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import RuleBoxes
from detector.rules.watched_rule import WatchedRule
from detector.sighting import missing

# No detector says how sure it is of what it does not see.
_NO_SCORE = 1.0


def absent_from_zones(
    watched: WatchedRule, view: LookView, boxes: RuleBoxes
) -> list[ShownBoxes | None]:
    """The outlines of the zones in which nothing of the rule's classes is, None for others.

    Where the rule names classes in ``while_present``, one of them must be in the zone; its
    boxes are then what the sighting shows beside the zone's outline.
    """
    shown: list[ShownBoxes | None] = []
    for index, zone in enumerate(watched.zones):
        because = boxes.occasions[index] if boxes.occasions else ()
        asked = not watched.rule.while_present or because
        if boxes.sure[index] or not asked or zone.row is None:
            shown.append(None)
            continue
        others = ShownBoxes.chosen(view.found, because)
        shown.append(
            ShownBoxes(
                boxes=np.vstack((view.zones.bounds(zone.row)[None], others.boxes)),
                class_names=(missing(watched.rule.classes[0]), *others.class_names),
                scores=np.append(np.float32(_NO_SCORE), others.scores),
            )
        )
    return shown
