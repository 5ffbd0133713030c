"""The output layout of a detection model: which of those that can be read it has."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import openvino

from models.cards.model_card import ModelCard, ModelFileError, Preprocessing

# Levels of a YOLO head: one place per so many pixels of the input, to a side.
_STRIDES = (8, 16, 32)
_FOURTH_STRIDE = 64
# YOLOv5's heads have so many anchors per place, and write one row for each.
_ANCHORS = 3


class OutputLayout(StrEnum):
    """How a model's output of one picture is laid out.

    RAW is (4 + classes, places): per place a box as centre x, centre y, width and height in
    input pixels, then one score per class; many places report the same object.
    END_TO_END is (boxes, 6): left, top, right, bottom in input pixels, score, class; each
    object once.
    """

    RAW = "raw"
    END_TO_END = "end_to_end"


def check_output_layout(graph: openvino.Model, path: Path, card: ModelCard) -> None:
    """See that a worker can read what a model says, before anybody relies on it.

    Args:
        graph: The model; it is given the input size of the card.
        path: Its file, for the error.
        card: Its classes and its input size.

    Raises:
        ModelFileError: It takes no picture of that size, or is no detection model.
    """
    size = card.preprocessing
    try:
        graph.reshape([1, 3, size.input_height, size.input_width])
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise ModelFileError(
            f"model file {path} takes no picture of {size.input_width} x {size.input_height} "
            f"pixels: {reason}"
        ) from None
    output_layout([output.get_partial_shape() for output in graph.outputs], path, card)


def output_layout(
    shapes: Sequence[openvino.PartialShape], path: Path, card: ModelCard
) -> OutputLayout:
    """Tell the layout from the shapes of a model's outputs.

    Raises:
        ModelFileError: It is no layout of a detection model of the card's classes: that of a
            model for segmentation, poses, rotated boxes or whole pictures, or of YOLOv5.
    """
    said = ", ".join(map(str, shapes))
    if len(shapes) != 1 or shapes[0].is_dynamic or len(shapes[0]) != 3:
        raise ModelFileError(
            f"model file {path} is no detection model: its outputs are {said}, needs one of "
            "(pictures, values, places)"
        )
    _, rows, columns = shapes[0].to_shape()
    count = len(card.classes)
    if rows == 4 + count:
        return OutputLayout.RAW
    if rows in _rows_of_yolov5(card.preprocessing):
        raise ModelFileError(
            f"model file {path} has YOLOv5's output {said}, a score for the box beside those of "
            "the classes, which is not read here; export it with Ultralytics' YOLOv5u or a newer "
            "YOLO"
        )
    if columns == 6:
        return OutputLayout.END_TO_END
    raise ModelFileError(
        f"model file {path} is no detection model of {count} classes: its output is {said}, needs "
        f"(1, {4 + count}, places) or (1, boxes, 6)"
    )


def _rows_of_yolov5(size: Preprocessing) -> tuple[int, int]:
    places = [
        (size.input_width // stride) * (size.input_height // stride)
        for stride in (*_STRIDES, _FOURTH_STRIDE)
    ]
    return _ANCHORS * sum(places[:-1]), _ANCHORS * sum(places)
