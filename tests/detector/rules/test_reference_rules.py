"""Rules that compare a look with the camera's reference view."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from detector.geometry.boxes import PictureSize
from detector.rules.judgement.kept_watch import KeptWatch
from detector.rules.judgement.watch_state import WatchState
from detector.rules.judgement.zone_change import CHANGED
from detector.rules.look_view import LookPicture
from detector.sighting import ChangeKind, SightingChange
from streams.camera_health.detail_field import DETAIL_CELLS
from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import ReferenceView, view_of
from streams.frame import Picture
from tests.streams.camera_health import made_scene as made
from tests.watching import Box, Seen, Watching, catalogue_of, detections

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
STREET = made.scene(0)
BUILT: Box = (0.1, 0.3, 0.4, 0.8)
LASTS = {"dwell_seconds": 10, "minimum_looks": 3, "clear_after_looks": 4}
NEW_BUS = LASTS | {
    "classes": ("bus",),
    "zones": ("no_parking",),
    "same_object": True,
    "not_in_reference": True,
}
NEW_CROWD = LASTS | {"classes": ("bus",), "zones": ("no_parking",), "not_in_reference": True}
CHANGE = LASTS | {
    "watch_for": "change",
    "classes": ("person",),
    "zones": ("no_parking",),
    "minimum_change": 0.2,
}


def grey(picture: Picture) -> np.ndarray:
    return PictureMeasures.of(picture).grey


VIEW = view_of("gate", grey(STREET), NOON)


def built(picture: Picture, box: Box = BUILT) -> Picture:
    """The picture with something that it did not show before."""
    changed = picture.copy()
    height, width = picture.shape[:2]
    left, top, right, bottom = (
        round(edge * side) for edge, side in zip(box, (width, height) * 2, strict=True)
    )
    changed[top:bottom, left:right] = made.scene(11)[top:bottom, left:right]
    return changed


class Comparing:
    """An ``IssueWatch`` that is shown pictures two seconds apart."""

    def __init__(self, rule: dict, kept: KeptWatch | None = None) -> None:
        catalogue = catalogue_of(c90001=rule)
        self.watching = Watching(catalogue) if kept is None else Watching(catalogue, kept)
        self.changes: list[SightingChange] = []

    def looks(
        self, count: int, picture: Picture | None, *seen: Seen, view: ReferenceView | None = VIEW
    ) -> list[ChangeKind]:
        """Show the picture with what was found in it; returns what happened, refreshes left out."""
        told = []
        for _ in range(count):
            self.watching.now += timedelta(seconds=2)
            pixels = None
            if picture is not None:
                pixels = made.noisy(picture, 1.5, self.watching.now.second)
            changes = self.watching.watch.judge(
                detections(seen),
                self.watching.now,
                LookPicture(PictureSize(made.WIDTH, made.HEIGHT), pixels, view),
            )
            told += [one.kind for one in changes if one.kind is not ChangeKind.CONTINUED]
            self.changes += changes
        return told


BUS = Seen("bus", BUILT)
OPENED, CLEARED = ChangeKind.OPENED, ChangeKind.CLEARED


@pytest.mark.parametrize("rule", [NEW_BUS, NEW_CROWD], ids=["each object", "zone"])
def test_only_what_the_reference_does_not_show_is_an_issue(rule):
    comparing = Comparing(rule)
    assert comparing.looks(12, STREET, BUS) == []
    assert comparing.looks(12, built(STREET), BUS) == [OPENED]
    assert comparing.looks(8, STREET) == [CLEARED]


def test_what_is_new_counts_only_in_the_zone_that_it_is_in():
    comparing = Comparing(NEW_CROWD | {"zones": ("no_parking", "plaza")})
    assert comparing.looks(12, built(STREET), BUS) == [OPENED]
    assert [sighting.zone_id for sighting in comparing.watching.open] == ["kerb"]


@pytest.mark.parametrize(
    "rule", [NEW_BUS, NEW_CROWD, CHANGE], ids=["each object", "zone", "change"]
)
@pytest.mark.parametrize(
    ("picture", "view"),
    [(None, VIEW), (built(STREET), None), (made.lit(built(STREET), 0.02), VIEW)],
    ids=["no picture", "view not known", "too dark"],
)
def test_what_cannot_be_compared_opens_and_clears_nothing(rule, picture, view):
    seen = () if rule is CHANGE else (BUS,)
    unseen = Comparing(rule)
    assert unseen.looks(12, picture, *seen, view=view) == []
    standing = Comparing(rule)
    assert standing.looks(12, built(STREET), *seen) == [OPENED]
    assert standing.looks(20, picture, *seen, view=view) == []
    assert standing.looks(8, STREET) == [CLEARED]


def test_a_zone_that_looks_different_is_an_issue_whatever_is_there():
    comparing = Comparing(CHANGE)
    assert comparing.looks(12, STREET) == []
    assert comparing.looks(12, built(STREET)) == [OPENED]
    sighting = comparing.changes[-1].sighting
    assert set(sighting.class_names) == {CHANGED}
    assert sighting.zone_id == "kerb"
    largest = sighting.boxes[0]
    assert np.all(np.abs(largest - np.array(BUILT)) < 0.1), largest
    assert comparing.looks(8, made.lit(STREET, 0.6)) == [CLEARED]


def test_a_change_in_another_zone_is_none():
    assert Comparing(CHANGE).looks(12, built(STREET, (0.6, 0.3, 0.9, 0.8))) == []


def test_who_passes_by_is_no_change():
    comparing = Comparing(CHANGE)
    assert comparing.looks(12, built(STREET), Seen("person", BUILT)) == []
    # Of a zone that is hidden to more than a half nothing is told, whatever the rest shows.
    wide: Box = (0.0, 0.0, 0.5, 0.8)
    assert comparing.looks(12, built(STREET, (0.1, 0.3, 0.4, 1.0)), Seen("person", wide)) == []


def test_too_small_a_change_is_none():
    rule = CHANGE | {"minimum_change": 0.6}
    assert Comparing(rule).looks(12, built(STREET)) == []


def test_where_the_reference_is_doubtful_a_look_does_not_tell():
    doubtful = VIEW.with_doubtful(np.ones(DETAIL_CELLS, np.bool_))
    assert Comparing(NEW_BUS).looks(12, built(STREET), BUS, view=doubtful) == []


def test_a_comparison_goes_on_after_a_restart():
    first = Comparing(NEW_BUS)
    assert first.looks(5, built(STREET), BUS) == []
    state = first.watching.watch.state()
    assert state is not None
    kept = KeptWatch((), WatchState.model_validate_json(state.model_dump_json()))
    second = Comparing(NEW_BUS, kept)
    second.watching.now = first.watching.now
    assert second.looks(2, built(STREET), BUS) == [OPENED]


def test_a_new_reference_makes_what_stands_there_no_issue():
    comparing = Comparing(CHANGE)
    assert comparing.looks(12, built(STREET)) == [OPENED]
    accepted = replace(VIEW, looks=view_of("gate", grey(built(STREET)), NOON).looks)
    assert comparing.looks(8, built(STREET), view=accepted) == [CLEARED]
