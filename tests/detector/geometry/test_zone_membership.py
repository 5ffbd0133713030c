import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detector.geometry.zone_membership import ZoneMembership
from streams.zone import Zone, ZoneKind

TRIANGLE = ((0.1, 0.2), (0.9, 0.3), (0.4, 0.8))


def a_zone(polygon, zone_id="z", kind="road") -> Zone:
    return Zone(zone_id=zone_id, kind=kind, polygon=polygon)


@given(edge=st.integers(0, 2), share=st.floats(0, 1))
def test_a_point_on_the_edge_is_inside(edge, share):
    start, end = np.array(TRIANGLE[edge]), np.array(TRIANGLE[(edge + 1) % 3])
    point = (start + (end - start) * share).astype(np.float32)
    assert ZoneMembership([a_zone(TRIANGLE)]).inside(point[None])[0, 0]


@given(x=st.floats(0, 1, width=32), y=st.floats(0, 1, width=32))
def test_a_point_off_the_edge_is_where_it_is(x, y):
    triangle, point = shapely.Polygon(TRIANGLE), shapely.Point(x, y)
    if triangle.exterior.distance(point) > 1e-5:
        inside = ZoneMembership([a_zone(TRIANGLE)]).inside(np.array([[x, y]], np.float32))
        assert inside[0, 0] == triangle.contains(point)


def test_each_zone_has_its_row():
    membership = ZoneMembership(
        [
            a_zone([(0, 0), (0.5, 0), (0.5, 1), (0, 1)], "a", "road"),
            a_zone([(0.4, 0), (1, 0), (1, 1), (0.4, 1)], "b", "plaza"),
            a_zone([(0, 0), (0.1, 0), (0.1, 0.1)], "c", "road"),
        ]
    )
    points = np.array([[0.2, 0.5], [0.45, 0.5], [0.9, 0.5]], np.float32)
    assert membership.inside(points).tolist() == [
        [True, True, False],
        [False, True, True],
        [False, False, False],
    ]
    assert membership.rows_of([ZoneKind.ROAD]) == (0, 2)
    assert membership.zone_id(1) == "b"


@pytest.mark.parametrize(("zones", "points"), [(0, 3), (1, 0), (0, 0)])
def test_nothing_is_inside_nothing(zones, points):
    membership = ZoneMembership([a_zone(TRIANGLE)] * zones)
    assert membership.inside(np.zeros((points, 2), np.float32)).shape == (zones, points)


def test_a_concave_zone_keeps_its_notch():
    notched = [(0, 0), (1, 0), (1, 1), (0.5, 0.2), (0, 1)]
    inside = ZoneMembership([a_zone(notched)]).inside(np.array([[0.5, 0.9]], np.float32))
    assert not inside[0, 0]
