"""In a zone: by the foot, the middle or the overlap; touching, crossing; silenced."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detector.geometry.zone_membership import (
    ZoneMembership,
    box_points,
    boxes_in_zones,
    goes_by_points,
)
from detector.sighting import ChangeKind
from models.rules.placement import Placement
from streams.zone import Zone
from tests.watching import LEFT_HALF, NOON, RIGHT_HALF, ZONES, Seen, Watching, catalogue_of

LEFT = Zone(zone_id="left", kind="water", polygon=LEFT_HALF)
COORDINATE = st.floats(0.0, 1.0, width=32)


def members(box: tuple[float, float, float, float], **placement) -> bool:
    return bool(members_of(np.array([box], np.float32), Placement(**placement))[0])


def members_of(boxes: np.ndarray, placement: Placement) -> np.ndarray:
    zones = ZoneMembership([LEFT])
    if goes_by_points(placement):
        return zones.inside(box_points(boxes, placement.by))[0]
    return boxes_in_zones(placement, zones, boxes, np.zeros(len(boxes), np.intp))


@pytest.mark.parametrize(
    ("box", "placement", "inside"),
    [
        ((0.4, 0.1, 0.58, 0.3), {}, True),
        ((0.4, 0.1, 0.62, 0.3), {}, False),
        ((0.4, 0.1, 0.6, 0.3), {}, True),
        ((0.4, 0.1, 0.58, 0.3), {"by": "centre"}, True),
        ((0.4, 0.1, 0.62, 0.3), {"by": "centre"}, False),
        ((0.3, 0.1, 0.7, 0.3), {"by": "overlap", "minimum_share": 0.5}, True),
        ((0.3, 0.1, 0.71, 0.3), {"by": "overlap", "minimum_share": 0.5}, False),
        ((0.49, 0.1, 0.9, 0.3), {"relation": "touching"}, True),
        ((0.51, 0.1, 0.9, 0.3), {"relation": "touching"}, False),
        ((0.4, 0.1, 0.6, 0.3), {"relation": "crossing"}, True),
        ((0.1, 0.1, 0.4, 0.3), {"relation": "crossing"}, False),
        ((0.6, 0.1, 0.9, 0.3), {"relation": "crossing"}, False),
        ((0.3, 0.1, 0.5, 0.3), {"relation": "crossing"}, False),
    ],
)
def test_each_way_to_be_in_a_zone(box, placement, inside):
    assert members(box, **placement) is inside


@pytest.mark.parametrize(
    "placement", [{"by": "overlap", "minimum_share": 0.5}, {"relation": "touching"}, {}]
)
def test_a_look_that_shows_nothing_lies_in_no_zone(placement):
    assert members_of(np.zeros((0, 4), np.float32), Placement(**placement)).shape == (0,)


@given(x=st.tuples(COORDINATE, COORDINATE), y=st.tuples(COORDINATE, COORDINATE))
def test_a_box_lies_in_two_halves_with_shares_that_make_one(x, y):
    right = Zone(zone_id="right", kind="water", polygon=RIGHT_HALF)
    box = np.array([[min(x), min(y), max(x), max(y)]], np.float32)
    zones = ZoneMembership([LEFT, right])
    shares = np.array([zones.shares(box, np.array([row]))[0] for row in (0, 1)])
    assert ((shares >= 0) & (shares <= 1)).all()
    if shapely.box(*box[0].astype(float)).area > 1e-4:
        assert shares.sum() == pytest.approx(1.0, abs=1e-2)


@given(x=st.tuples(COORDINATE, COORDINATE), y=st.tuples(COORDINATE, COORDINATE))
def test_a_box_touches_a_zone_when_a_share_of_it_or_of_what_is_around_it_lies_there(x, y):
    zones = ZoneMembership([LEFT])
    row = np.zeros(1, np.intp)
    box = np.array([[min(x), min(y), max(x), max(y)]], np.float32)
    around = box + np.array([-1e-4, -1e-4, 1e-4, 1e-4], np.float32)
    if zones.shares(box, row)[0] > 0:
        assert zones.touched(box, row)[0]
    if zones.touched(box, row)[0]:
        assert zones.shares(around, row)[0] > 0


def test_a_permitted_area_silences_by_its_hours():
    market = {"zone_id": "market", "kind": "allowed_vending", "polygon": LEFT_HALF}
    rule = {
        "classes": ("person",),
        "excluded_zones": ({"kind": "allowed_vending", "when": {"hours": ("18:00-23:00",)}},),
        "minimum_looks": 1,
    }
    seller = Seen("person", (0.1, 0.4, 0.2, 0.6))
    at_noon = Watching(catalogue_of(c90001=rule), zones=[*ZONES, market])
    assert [change.kind for change in at_noon.show(seller)] == [ChangeKind.OPENED]
    at_night = Watching(catalogue_of(c90001=rule), zones=[*ZONES, market])
    assert at_night.show(seller, at=NOON.replace(hour=11)) == []


def test_touching_a_zone_fires_where_standing_in_it_does_not():
    rule = {"classes": ("boat",), "zones": ("no_parking",), "minimum_looks": 1}
    boat = Seen("boat", (0.45, 0.4, 0.9, 0.6))
    assert Watching(catalogue_of(c90001=rule)).show(boat) == []
    touching = rule | {"placement": {"relation": "touching"}}
    assert len(Watching(catalogue_of(c90001=touching)).show(boat)) == 1
