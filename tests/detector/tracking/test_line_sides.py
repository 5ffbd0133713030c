"""Line sides: distances and touches, also at corners and ends."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from detector.tracking.line_sides import LineSides

ACROSS = np.array([[0.2, 0.5], [0.8, 0.5]])
CORNER = np.array([[0.2, 0.8], [0.5, 0.2], [0.8, 0.8]])

numbers = st.floats(0.0, 1.0)
points = st.tuples(numbers, numbers)


@pytest.mark.parametrize(
    ("point", "distance"),
    [
        ((0.5, 0.4), -0.1),  # above a line drawn to the right is left of it
        ((0.5, 0.7), 0.2),
        ((0.5, 0.5), 0.0),
        ((0.9, 0.6), np.hypot(0.1, 0.1)),
        ((0.1, 0.4), -np.hypot(0.1, 0.1)),
    ],
)
def test_distances_have_sides(point, distance):
    assert LineSides([ACROSS]).distances(np.array([point]))[0, 0] == pytest.approx(distance)


def test_a_corner_has_an_inside_and_an_outside():
    feet = np.array([[0.5, 0.6], [0.5, 0.1]])
    # A line with fewer pieces beside it.
    inside, outside = LineSides([ACROSS, CORNER]).distances(feet)[:, 1]
    assert inside > 0 > outside


@given(st.lists(points, min_size=1, max_size=8))
def test_a_line_drawn_the_other_way_has_its_sides_exchanged(several):
    feet = np.array(several)
    there, back = LineSides([CORNER, CORNER[::-1]]).distances(feet).T
    np.testing.assert_allclose(there, -back, atol=1e-12)
    expected = [shapely.LineString(CORNER).distance(shapely.Point(point)) for point in several]
    np.testing.assert_allclose(np.abs(there), expected, atol=1e-9)


@given(points, points)
def test_a_step_touches_what_it_passes(before, after):
    touched = LineSides([CORNER]).touched(np.array([before]), np.array([after]))[0, 0]
    line, step = shapely.LineString(CORNER), shapely.LineString([before, after])
    if line.crosses(step):
        assert touched
    elif line.distance(step) > 1e-9:
        assert not touched
