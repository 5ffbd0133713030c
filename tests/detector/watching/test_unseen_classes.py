"""What no model looked for is neither found nor gone; what a card's threshold lets count counts."""

from datetime import timedelta

import numpy as np
import pytest

from detector.detections import Detections
from detector.rules.selection.score_floors import score_floors
from detector.sighting import ChangeKind
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from tests.watching import (
    CLASS_NAMES,
    CROWD,
    PARKING,
    PICTURE,
    Seen,
    Watching,
    car,
    catalogue_of,
    detections,
)

OPENED = ChangeKind.OPENED
NOBODY_LOOKED = Detections(
    np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), ()
)


def look_by_nobody(watching: Watching, count: int) -> None:
    for _ in range(count):
        watching.now += watching.step
        watching.changes += watching.watch.judge(NOBODY_LOOKED, watching.now, PICTURE)


def test_event_stands_while_no_model_looks_for_its_classes():
    watching = Watching(catalogue_of(c90001=PARKING))
    watching.looks(8, car())
    assert watching.kinds() == [OPENED]

    look_by_nobody(watching, 20)
    assert watching.kinds() == [OPENED]

    watching.looks(2, car())
    watching.looks(6)
    assert watching.kinds() == [OPENED, ChangeKind.CLEARED]


def test_one_rule_is_held_back_while_the_others_go_on():
    watching = Watching(catalogue_of(c90001=PARKING, c90002=CROWD))
    watching.looks(8, car())
    people_only = Detections(
        np.array([[0.6 + 0.1 * n, 0.5, 0.65 + 0.1 * n, 0.7] for n in range(3)], np.float32),
        np.full(3, 0.8, np.float32),
        np.zeros(3, np.int64),
        ("person",),
    )
    for _ in range(8):
        watching.now += watching.step
        watching.changes += watching.watch.judge(people_only, watching.now, PICTURE)
    assert sorted(sighting.issue_code for sighting in watching.open) == ["90001", "90002"]


@pytest.mark.parametrize(
    ("own", "threshold", "score", "opens"),
    [
        (None, None, 0.41, True),
        (None, None, 0.39, False),
        (None, 0.2, 0.21, True),
        (None, 0.6, 0.59, False),
        (0.5, 0.2, 0.49, False),
        (0.3, 0.6, 0.31, True),
    ],
)
def test_rule_asks_first_then_the_card_then_the_default(own, threshold, score, opens):
    rule = PARKING if own is None else PARKING | {"minimum_score": own}
    watching = Watching(catalogue_of(c90001=rule))
    thresholds = (
        ()
        if threshold is None
        else tuple(threshold if name == "car" else 0.99 for name in CLASS_NAMES)
    )
    for _ in range(8):
        watching.now += timedelta(seconds=2)
        seen = detections([Seen("car", (0.1, 0.4, 0.3, 0.6), score)])
        found = Detections(seen.boxes, seen.scores, seen.class_ids, seen.class_names, thresholds)
        watching.changes += watching.watch.judge(found, watching.now, PICTURE)
    assert watching.kinds() == ([OPENED] if opens else [])


def test_floor_is_as_wide_as_the_scores():
    (floor,) = score_floors(("car",), (), None)
    assert floor == np.float32(DEFAULT_MINIMUM_SCORE)


def test_thresholds_that_do_not_match_the_classes_are_refused():
    with pytest.raises(ValueError, match="2 class_thresholds for 1 class_names"):
        Detections(
            np.zeros((0, 4), np.float32),
            np.zeros(0, np.float32),
            np.zeros(0, np.int64),
            ("car",),
            (0.1, 0.2),
        )
