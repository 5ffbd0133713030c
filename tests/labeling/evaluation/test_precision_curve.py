"""Precision, recall and thresholds against figures told on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.evaluation.precision_curve import OperatingPoint, precision_curve

SCORES = np.array([0.5, 0.9, 0.8, 0.7, 0.6])
# From high to low: right, wrong, right, right, wrong.
IS_RIGHT = np.array([False, True, False, True, True])


def test_curve_counts_from_the_best_score_down():
    curve = precision_curve(SCORES, IS_RIGHT, marked=4)

    assert curve.scores.tolist() == [0.9, 0.8, 0.7, 0.6, 0.5]
    assert curve.precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 3 / 4, 3 / 5])
    assert curve.recall.tolist() == pytest.approx([1 / 4, 1 / 4, 2 / 4, 3 / 4, 3 / 4])
    assert curve.best_precision.tolist() == pytest.approx([1, 3 / 4, 3 / 4, 3 / 4, 3 / 5])


@pytest.mark.parametrize(
    ("wished", "point"),
    [
        (0.9, OperatingPoint(0.9, 1.0, 0.25, reached=True)),
        # 0.6, although precision is less at the higher scores 0.8 and 0.7.
        (0.7, OperatingPoint(0.6, 0.75, 0.75, reached=True)),
        (0.6, OperatingPoint(0.5, 0.6, 0.75, reached=True)),
    ],
)
def test_threshold_is_the_lowest_that_gives_the_wish(wished: float, point: OperatingPoint):
    assert precision_curve(SCORES, IS_RIGHT, marked=4).operating_point(wished) == point


def test_best_balance_where_the_wish_cannot_be_had():
    curve = precision_curve(SCORES, np.array([False, False, True, True, True]), marked=3)

    point = curve.operating_point(0.9)

    assert point == OperatingPoint(0.6, 0.75, 1.0, reached=False)


def test_equal_scores_count_together():
    curve = precision_curve(np.array([0.5, 0.5, 0.9]), np.array([True, False, True]), marked=2)

    assert curve.scores.tolist() == [0.9, 0.5]
    assert curve.precision.tolist() == pytest.approx([1, 2 / 3])


def test_nothing_found():
    curve = precision_curve(np.empty(0), np.empty(0, np.bool_), marked=3)

    assert curve.operating_point(0.5) == OperatingPoint(1.0, 0.0, 0.0, reached=False)
    assert len(curve.best_precision) == 0


@given(
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40),
    st.floats(0.05, 1.0),
)
def test_threshold_keeps_its_word(found: list[tuple[int, bool]], wished: float):
    scores = np.array([score / 20 for score, _ in found])
    is_right = np.array([right for _, right in found])

    point = precision_curve(scores, is_right, marked=50).operating_point(wished)

    counting = is_right[scores >= point.threshold]
    assert point.precision == pytest.approx(counting.mean())
    assert point.recall == pytest.approx(counting.sum() / 50)
    lower = [is_right[scores >= score].mean() for score in scores if score < point.threshold]
    if point.reached:
        assert point.precision >= wished
        assert all(precision < wished for precision in lower)
    else:
        assert all(is_right[scores >= score].mean() < wished for score in scores)
