"""A hand-made detector that finds squares of saturated colour, so that tests need no weights.

It has the input and the raw output layout of an Ultralytics detection model, but its one
convolution is a matched filter for six colours: a square of ``SQUARE_PIXELS`` in the colour
of a class gives, after non-maximum suppression, one box of that class at its place with a
score of about 0.7 to 1. Larger, smaller or partly hidden squares give lower scores or none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import (
    CARD_FILE_NAME,
    ModelCard,
    ModelClass,
    Preprocessing,
    sha256_of,
    write_card,
)

CLASS_COLOURS = {
    "person": (0, 255, 0),
    "bicycle": (255, 255, 0),
    "car": (255, 0, 0),
    "bus": (255, 0, 255),
    "truck": (0, 255, 255),
    "boat": (0, 0, 255),
}
"""Red-green-blue of each class that the model knows, in the order of its output."""

CLASS_NAMES = tuple(CLASS_COLOURS)
INPUT_PIXELS = 640
SQUARE_PIXELS = 96
"""Side of a found square in the network's picture, whose longer side is INPUT_PIXELS."""

_CELL_PIXELS = 8
_CELLS = INPUT_PIXELS // _CELL_PIXELS
_CELLS_PER_SQUARE = SQUARE_PIXELS // _CELL_PIXELS
_PLACES = _CELLS - _CELLS_PER_SQUARE + 1
# Video compression dulls colours; this much duller still counts as the full colour.
_COLOUR_GAIN = 1.3
# Where less than this part of the window has the colour, the score is 0. Windows that overlap
# the best one too little to be suppressed by it (IoU < 0.45) cover less than 0.63 of the square.
_LEAST_COVER = 0.7


@dataclass(frozen=True)
class ColourSquare:
    """A square to draw: its class and its centre in picture fractions."""

    class_name: str
    x: float
    y: float


def write_colour_model(folder: Path) -> Path:
    """Write ``model.onnx`` and its card to ``folder`` and return the path of the model."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    model = helper.make_model(
        helper.make_graph(
            _nodes(),
            "colour_squares",
            [
                helper.make_tensor_value_info(
                    "images", TensorProto.FLOAT, ["batch", 3, INPUT_PIXELS, INPUT_PIXELS]
                )
            ],
            [
                helper.make_tensor_value_info(
                    "output0", TensorProto.FLOAT, ["batch", 4 + len(CLASS_NAMES), _PLACES**2]
                )
            ],
            [numpy_helper.from_array(value, name) for name, value in _constants().items()],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
    )
    helper.set_model_props(
        model,
        {
            "task": "detect",
            "stride": "32",
            "imgsz": str([INPUT_PIXELS, INPUT_PIXELS]),
            "names": str(dict(enumerate(CLASS_NAMES))),
        },
    )
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    card = ModelCard(
        name="colour-squares",
        version="1",
        classes=tuple(ModelClass(name=name, visual_class=name) for name in CLASS_NAMES),
        preprocessing=Preprocessing(input_width=INPUT_PIXELS, input_height=INPUT_PIXELS),
        artefacts=(
            Artefact(
                format=ArtefactFormat.ONNX,
                precision=ArtefactPrecision.FLOAT32,
                files=(ArtefactFile(path=path.name, sha256=sha256_of(path)),),
            ),
        ),
        licence="AGPL-3.0-or-later",
    )
    write_card(card, folder / CARD_FILE_NAME)
    return path


def colour_square_picture(
    squares: Iterable[ColourSquare] = (), width: int = 640, height: int = 480
) -> npt.NDArray[np.uint8]:
    """A grey street (walls, windows, slabs, road with lane marks; BGR) with ``squares`` on it.

    The squares are as large as the model wants them at this picture size.
    """
    picture = np.full((height, width, 3), 150, np.uint8)
    picture[height // 4 :] = 120
    picture[height // 2 :] = 90
    # A camera whose picture shows nothing but smooth areas would be taken for a covered one.
    random = np.random.default_rng(3)
    for left, top, right, bottom in random.uniform(0.0, 1.0, (400, 4)):
        corner = (round(left * width), round(top * height))
        size = (round(width * (0.01 + right / 8)), round(height * (0.01 + bottom / 8)))
        grey = int(random.integers(60, 190))
        cv2.rectangle(picture, (*corner, *size), (grey, grey, grey), cv2.FILLED)
    mark = max(width // 16, 1)
    for left in range(0, width, 2 * mark):
        picture[height * 3 // 4 : height * 3 // 4 + max(height // 80, 1), left : left + mark] = 230
    half = square_side(width, height) / 2
    for square in squares:
        red, green, blue = CLASS_COLOURS[square.class_name]
        left, top = round(square.x * width - half), round(square.y * height - half)
        right, bottom = round(left + 2 * half) - 1, round(top + 2 * half) - 1
        cv2.rectangle(picture, (left, top), (right, bottom), (blue, green, red), cv2.FILLED)
    return picture


def square_side(width: int, height: int) -> float:
    """Side in picture pixels of a square that the model finds at this picture size."""
    return SQUARE_PIXELS * max(width, height) / INPUT_PIXELS


def _constants() -> dict[str, npt.NDArray[np.generic]]:
    on = np.array(list(CLASS_COLOURS.values())) > 0
    weights = np.where(on, 1.0, -1.0).astype(np.float32)
    centres = (np.arange(_PLACES) * _CELL_PIXELS + SQUARE_PIXELS / 2).astype(np.float32)
    y, x = (grid.ravel() for grid in np.meshgrid(centres, centres, indexing="ij"))
    side = np.full_like(x, SQUARE_PIXELS)
    return {
        "weights": _COLOUR_GAIN * weights[:, :, None, None],
        "bias": (_COLOUR_GAIN * (1.0 - on.sum(axis=1))).astype(np.float32),
        "zero": np.float32(0.0),
        "one": np.float32(1.0),
        "least_cover": np.float32(_LEAST_COVER),
        "cover_range": np.float32(1.0 - _LEAST_COVER),
        "flat": np.array([0, len(CLASS_NAMES), _PLACES**2], np.int64),
        "places": np.stack([x, y, side, side])[None],
        "places_shape": np.array([4, _PLACES**2], np.int64),
    }


def _nodes() -> list[onnx.NodeProto]:
    cell = [_CELL_PIXELS, _CELL_PIXELS]
    window = [_CELLS_PER_SQUARE, _CELLS_PER_SQUARE]
    return [
        helper.make_node("Conv", ["images", "weights", "bias"], ["likeness"]),
        helper.make_node("Clip", ["likeness", "zero", "one"], ["colour"]),
        helper.make_node("AveragePool", ["colour"], ["cells"], kernel_shape=cell, strides=cell),
        helper.make_node("AveragePool", ["cells"], ["cover"], kernel_shape=window),
        helper.make_node("Sub", ["cover", "least_cover"], ["above"]),
        helper.make_node("Div", ["above", "cover_range"], ["scaled"]),
        helper.make_node("Clip", ["scaled", "zero", "one"], ["score_map"]),
        helper.make_node("Reshape", ["score_map", "flat"], ["scores"]),
        helper.make_node("Shape", ["images"], ["batch"], start=0, end=1),
        helper.make_node("Concat", ["batch", "places_shape"], ["boxes_shape"], axis=0),
        helper.make_node("Expand", ["places", "boxes_shape"], ["boxes"]),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
