"""Absence: what should be in a zone is not there."""

import numpy as np

from detector.rules.judgement.shown_boxes import ShownBoxes
from detector.rules.look_view import LookView
from detector.rules.selection.rule_boxes import RuleBoxes
from detector.rules.selection.score_floors import floors_of
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
    found = view.found
    occasions = np.zeros((len(watched.zones), len(found)), np.bool_)
    if watched.rule.while_present:
        floors = floors_of(
            watched.rule.while_present, found.class_names, found.class_thresholds, None
        )
        occasion = found.scores >= floors[found.class_ids]
        occasions = np.asarray(watched.placed(view) & occasion)
    shown: list[ShownBoxes | None] = []
    for index, zone in enumerate(watched.zones):
        because = np.flatnonzero(occasions[index]).tolist()
        asked = not watched.rule.while_present or because
        if boxes.sure[index] or not asked or zone.row is None:
            shown.append(None)
            continue
        others = ShownBoxes.chosen(found, because)
        shown.append(
            ShownBoxes(
                boxes=np.vstack((view.box_places.zones.bounds(zone.row)[None], others.boxes)),
                class_names=(missing(watched.rule.classes[0]), *others.class_names),
                scores=np.append(np.float32(_NO_SCORE), others.scores),
            )
        )
    return shown
