"""How far two positions of one thing may lie apart."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.events.merge_distance import EXTENT_M, LARGEST_LIMIT_M, MergeDistance, Position

POSITIONS = st.builds(
    Position, st.floats(-180, 180), st.floats(-89, 89), st.floats(0.01, 1000, allow_nan=False)
)
METRES_PER_DEGREE = 111_320.0


@given(first=POSITIONS, second=POSITIONS)
def test_neither_position_comes_first(first, second):
    there, back = MergeDistance.between(first, second), MergeDistance.between(second, first)
    assert there.distance_m == pytest.approx(back.distance_m, abs=1e-6)
    assert there.limit_m == back.limit_m
    assert EXTENT_M < there.limit_m <= LARGEST_LIMIT_M
    assert MergeDistance.between(first, first).is_plausible


@given(first=POSITIONS, second=POSITIONS, more=st.floats(1, 10))
def test_less_exact_positions_may_lie_farther_apart(first, second, more):
    vaguer = Position(second.lon, second.lat, second.accuracy_m * more)
    limits = [MergeDistance.between(first, one).limit_m for one in (second, vaguer)]
    assert limits[0] <= limits[1]


def test_the_limit_holds_nineteen_of_twenty_pairs_of_positions_of_one_place():
    drawn = np.random.default_rng(7)
    radii = (2.0, 4.0)
    # The 68 % circle of a round normal distribution has this many times its deviation.
    deviations = [radius / math.sqrt(-2 * math.log(0.32)) for radius in radii]
    errors = [drawn.normal(0, deviation, (100_000, 2)) for deviation in deviations]
    for error, radius in zip(errors, radii, strict=True):
        assert np.mean(np.hypot(*error.T) <= radius) == pytest.approx(0.68, abs=0.01)

    limit = MergeDistance.between(Position(0, 0, 2.0), Position(0, 0, 4.0)).limit_m

    apart = np.hypot(*(errors[0] - errors[1]).T)
    assert np.mean(apart <= limit - EXTENT_M) == pytest.approx(0.95, abs=0.005)


@pytest.mark.parametrize(("metres", "plausible"), [(5, True), (8.5, True), (10, False)])
def test_the_distance_is_measured_on_the_ground(metres, plausible):
    # 2 + 1.62 × √(3² + 3²) = 8.9 m.
    east = metres / (METRES_PER_DEGREE * math.cos(math.radians(29.5)))
    found = MergeDistance.between(Position(106.5, 29.5, 3.0), Position(106.5 + east, 29.5, 3.0))
    assert found.distance_m == pytest.approx(metres, rel=0.01)
    assert found.is_plausible is plausible
