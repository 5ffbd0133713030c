"""Outputs that a worker can read, and models of other tasks that are refused when added."""

from pathlib import Path

import pytest

from models.cards.model_card import CARD_FILE_NAME, ModelFileError, write_card
from models.intake.output_layout import OutputLayout, output_layout
from tests.detector.odd_models import model_of_shape, model_of_shapes

openvino = pytest.importorskip("openvino")
# The models are for pictures of 32 x 32 pixels and know two classes.
SEGMENTATION = ([1, 38, 21], [1, 32, 8, 8])
OTHER_TASKS = {
    "segmentation": SEGMENTATION,
    "pose": ([1, 57, 21],),
    "rotated": ([1, 7, 21],),
    "rotated-end-to-end": ([1, 300, 7],),
    "pose-end-to-end": ([1, 300, 57],),
    "classification": ([1, 2],),
    "yolov5": ([1, 63, 7],),
    "yolov5-one-class": ([1, 63, 6],),
}


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ([1, 6, 21], OutputLayout.RAW),
        ([1, 6, 6], OutputLayout.RAW),
        ([1, 300, 6], OutputLayout.END_TO_END),
    ],
)
def test_layout_is_told_from_the_shape(tmp_path: Path, shape: list[int], expected: OutputLayout):
    card = model_of_shape(tmp_path / "odd.onnx", shape).card
    assert output_layout([openvino.PartialShape(shape)], Path("odd.onnx"), card) is expected


@pytest.mark.parametrize("shapes", OTHER_TASKS.values(), ids=OTHER_TASKS)
def test_model_of_another_task_is_not_added(models, registry: Path, tmp_path: Path, shapes):
    model_of_shapes(tmp_path / "odd.onnx", *shapes)
    with pytest.raises(ModelFileError, match=r"odd\.onnx .*\[1,") as caught:
        models("add", str(tmp_path / "odd.onnx"))
    assert str(shapes[0][-1]) in str(caught.value)
    assert not registry.exists()


def test_folder_with_a_model_of_another_task_is_not_added(models, registry: Path, tmp_path: Path):
    model = model_of_shape(tmp_path / "odd.onnx", [1, 57, 21])
    write_card(model.card, tmp_path / CARD_FILE_NAME)
    with pytest.raises(ModelFileError, match=r"no detection model of 2 classes.*\[1,57,21\]"):
        models("add", str(tmp_path))
    assert not registry.exists()
