"""Average precision and matching against figures told on paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.evaluation.average_precision import BoxSize, average_precisions, matches
from tests.labeling.evaluation.made_pictures import Found, made_picture

SMALL, LARGE = (0, 0, 10, 10), (0, 0, 100, 100)
ELSEWHERE = (300, 300, 310, 310)
IOU_70 = (0, 0, 100, 70)

places = st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(8, 120)).map(
    lambda place: (place[0], place[1], place[0] + place[2], place[1] + place[2])
)


@pytest.mark.parametrize(
    ("found", "ap50", "ap50_95"),
    [
        pytest.param([], 0.0, 0.0, id="nothing found"),
        pytest.param([(0, 0.9, LARGE)], 1.0, 1.0, id="all found"),
        # Right at IoU 0.50, 0.55, 0.60, 0.65 and 0.70.
        pytest.param([(0, 0.9, IOU_70)], 1.0, 0.5, id="placed badly"),
        pytest.param([(0, 0.9, ELSEWHERE), (0, 0.5, LARGE)], 0.5, 0.5, id="alarm first"),
        pytest.param([(0, 0.9, LARGE), (0, 0.5, ELSEWHERE)], 1.0, 1.0, id="alarm last"),
        pytest.param([(0, 0.9, LARGE), (0, 0.8, LARGE)], 1.0, 1.0, id="found twice"),
        pytest.param([(1, 0.9, LARGE)], 0.0, 0.0, id="other class"),
    ],
)
def test_one_marked_box(found: list[Found], ap50: float, ap50_95: float):
    first, second = average_precisions([made_picture([(0, LARGE)], found)], 2)

    assert first[BoxSize.ALL].boxes == 1
    assert first[BoxSize.ALL].ap50 == pytest.approx(ap50)
    assert first[BoxSize.ALL].ap50_95 == pytest.approx(ap50_95)
    assert (second[BoxSize.ALL].boxes, second[BoxSize.ALL].ap50) == (0, 0.0)


def test_two_pictures_share_one_ranking():
    pictures = [
        made_picture([(0, SMALL)], [(0, 0.95, ELSEWHERE), (0, 0.9, SMALL)]),
        made_picture([(0, LARGE)], [(0, 0.5, IOU_70)]),
    ]

    (sizes,) = average_precisions(pictures, 1)

    # Alarm, right, right: precision 2/3 can be had at every recall. From IoU 0.75 the last is
    # wrong, and precision 1/2 is had for 51 of COCO's 101 recall steps.
    assert sizes[BoxSize.ALL].ap50 == pytest.approx(2 / 3)
    assert sizes[BoxSize.ALL].ap50_95 == pytest.approx((2 / 3 + 51 / 202) / 2)


def test_sizes_are_told_apart():
    pictures = [
        made_picture(
            [(0, SMALL), (0, (200, 0, 250, 50)), (0, (300, 0, 400, 100))],
            [(0, 0.9, SMALL), (0, 0.8, (300, 0, 400, 100))],
        )
    ]

    (sizes,) = average_precisions(pictures, 1)

    assert {size: (part.boxes, round(part.ap50, 2)) for size, part in sizes.items()} == {
        BoxSize.ALL: (3, 0.66),
        BoxSize.SMALL: (1, 1.0),
        BoxSize.MEDIUM: (1, 0.0),
        BoxSize.LARGE: (1, 1.0),
    }


def test_better_scores_choose_first():
    pictures = [
        made_picture([(0, ELSEWHERE)]),
        made_picture(
            [(0, SMALL), (0, LARGE), (1, LARGE)],
            [(0, 0.5, LARGE), (0, 0.9, IOU_70), (1, 0.4, LARGE), (0, 0.3, ELSEWHERE)],
        ),
    ]

    first, second = matches(pictures, 2)

    assert first.is_found.tolist() == [False]
    assert second.marked_of_found.tolist() == [-1, 1, 2, -1]
    assert second.is_found.tolist() == [False, True, True]


@given(st.lists(st.lists(places, max_size=4), min_size=1, max_size=4))
def test_marked_boxes_themselves_are_all_right(boxes: list[list[tuple[int, int, int, int]]]):
    pictures = [
        made_picture([(0, box) for box in entry], [(0, 0.5, box) for box in entry])
        for entry in boxes
    ]

    (sizes,) = average_precisions(pictures, 1)

    for part in sizes.values():
        assert part.ap50 == part.ap50_95 == (1.0 if part.boxes else 0.0)
    assert all(match.is_found.all() for match in matches(pictures, 1))


@given(st.permutations(range(6)), st.floats(0.001, 0.04))
def test_order_and_scale_of_scores_do_not_matter(order: list[int], scale: float):
    places_found = [SMALL, LARGE, ELSEWHERE, IOU_70, (50, 50, 60, 60), (0, 0, 9, 9)]
    found = [(0, (index + 1) / 10, box) for index, box in enumerate(places_found)]
    marked = [(0, SMALL), (0, LARGE), (0, (400, 0, 500, 90))]
    scaled = [(0, found[index][1] * scale, found[index][2]) for index in order]

    (plain,) = average_precisions([made_picture(marked, found)], 1)
    (changed,) = average_precisions([made_picture(marked, scaled)], 1)

    assert changed == plain
    assert np.isfinite([part.ap50 for part in plain.values()]).all()
