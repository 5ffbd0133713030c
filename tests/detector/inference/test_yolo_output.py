import numpy as np
import pytest

from detector.inference.yolo_output import (
    MAXIMUM_DETECTIONS,
    ModelOutputError,
    Thresholds,
    read_output,
)
from models.intake.output_layout import OutputLayout

CLASSES = 3
USUAL = Thresholds(confidence=0.25, iou=0.5)


def raw_output(*places: tuple[float, float, float, float, int, float], count: int = 50):
    """Raw output with places of (centre x, centre y, width, height, class, score)."""
    output = np.zeros((4 + CLASSES, count), np.float32)
    output[:4] = 10
    for column, (x, y, width, height, class_id, score) in enumerate(places):
        output[:4, column] = x, y, width, height
        output[4 + class_id, column] = score
    return output


def test_one_place_gives_one_box():
    found = read_output(raw_output((100, 50, 40, 20, 2, 0.75)), OutputLayout.RAW, USUAL)
    np.testing.assert_allclose(found.boxes, [[80, 40, 120, 60]])
    np.testing.assert_allclose(found.scores, [0.75])
    assert found.class_ids.tolist() == [2]
    assert (found.boxes.dtype, found.scores.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(
    ("second", "thresholds", "kept"),
    [
        ((104, 50, 40, 40, 1, 0.6), USUAL, [0.9]),
        ((104, 50, 40, 40, 1, 0.6), Thresholds(0.25, 0.9), [0.9, 0.6]),
        ((104, 50, 40, 40, 2, 0.6), USUAL, [0.9, 0.6]),
        ((300, 50, 40, 40, 1, 0.6), USUAL, [0.9, 0.6]),
        ((300, 50, 40, 40, 1, 0.6), Thresholds(0.7, 0.5), [0.9]),
        ((300, 50, 40, 40, 1, 0.95), USUAL, [0.95, 0.9]),
    ],
    ids=["repeat", "loose", "other class", "elsewhere", "too low", "best first"],
)
def test_what_is_kept_of_two(second: tuple, thresholds: Thresholds, kept: list[float]):
    output = raw_output((100, 50, 40, 40, 1, 0.9), second)
    found = read_output(output, OutputLayout.RAW, thresholds)
    np.testing.assert_allclose(found.scores, kept)


def test_a_place_counts_for_its_best_class_only():
    output = raw_output((100, 50, 40, 40, 1, 0.9))
    output[4, 0] = 0.8
    found = read_output(output, OutputLayout.RAW, USUAL)
    assert found.class_ids.tolist() == [1]


@pytest.mark.parametrize("layout", list(OutputLayout))
def test_nothing_found(layout: OutputLayout):
    shape = (4 + CLASSES, 50) if layout is OutputLayout.RAW else (300, 6)
    found = read_output(np.zeros(shape, np.float32), layout, USUAL)
    assert found.boxes.shape == (0, 4)
    assert len(found.scores) == len(found.class_ids) == 0


def test_a_flood_is_cut_to_the_best():
    x = np.arange(3000) % 60 * 100.0
    y = np.arange(3000) // 60 * 100.0
    scores = np.linspace(0.3, 0.9, 3000)
    output = raw_output(
        *((x[i], y[i], 50, 50, i % CLASSES, scores[i]) for i in range(3000)), count=3000
    )
    found = read_output(output, OutputLayout.RAW, USUAL)
    np.testing.assert_allclose(found.scores, scores[::-1][:MAXIMUM_DETECTIONS], rtol=1e-6)


def test_end_to_end_output_is_only_cut():
    rows = np.zeros((300, 6), np.float32)
    rows[0] = 10, 20, 30, 40, 0.5, 2
    rows[1] = 11, 20, 30, 40, 0.8, 2
    rows[2] = 10, 20, 30, 40, 0.1, 1
    found = read_output(rows, OutputLayout.END_TO_END, USUAL)
    np.testing.assert_allclose(found.boxes, [[11, 20, 30, 40], [10, 20, 30, 40]])
    assert found.class_ids.tolist() == [2, 2]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("layout", list(OutputLayout))
def test_values_that_are_not_finite_are_refused(layout: OutputLayout, value: float):
    output = np.zeros((7, 6), np.float32)
    output[5, 2] = value
    with pytest.raises(ModelOutputError, match="not finite"):
        read_output(output, layout, USUAL)
