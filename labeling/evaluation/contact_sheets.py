"""Contact sheets: example pictures with what was found right, found wrongly and missed."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from labeling.evaluation.example_boxes import (
    ExampleBox,
    ExamplePicture,
    Verdict,
    example_pictures,
    most_telling,
)
from labeling.evaluation.picture_detection import PictureError
from labeling.evaluation.set_evaluation import SetEvaluation
from models.cards.model_card import Preprocessing
from streams.frame import Picture

_COLUMNS, _ROWS = 4, 3
_TILE_WIDTH, _TILE_HEIGHT = 480, 360
_BACKGROUND_GREY = 40
# Blue-green-red; told apart also by people who see red and green alike.
_COLOURS = {
    Verdict.RIGHT: (80, 200, 60),
    Verdict.FALSE_ALARM: (60, 60, 255),
    Verdict.MISSED: (0, 215, 255),
}
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FONT_SCALE = 0.45
_TEXT_HEIGHT = 14


def write_contact_sheets(
    evaluation: SetEvaluation, preprocessing: Preprocessing, folder: Path
) -> list[Path]:
    """Write one sheet of pictures per verdict that occurs: ``examples_right.jpg`` and so on.

    Every sheet shows all boxes of its pictures, right ones green, false alarms red and missed
    ones yellow, and names those that it is about.

    Raises:
        PictureError: A picture is gone.
    """
    pictures = example_pictures(evaluation)
    written = []
    for verdict in Verdict:
        chosen = most_telling(pictures, verdict, _COLUMNS * _ROWS)
        if not chosen:
            continue
        path = folder / f"examples_{verdict}.jpg"
        cv2.imwrite(str(path), _sheet(chosen, verdict, preprocessing))
        written.append(path)
    return written


def _sheet(
    pictures: Sequence[ExamplePicture], verdict: Verdict, preprocessing: Preprocessing
) -> Picture:
    rows = -(-len(pictures) // _COLUMNS)
    sheet = np.full(
        (rows * _TILE_HEIGHT, _COLUMNS * _TILE_WIDTH, 3), _BACKGROUND_GREY, dtype=np.uint8
    )
    for index, picture in enumerate(pictures):
        tile = _tile(picture, verdict, preprocessing)
        top = index // _COLUMNS * _TILE_HEIGHT + (_TILE_HEIGHT - tile.shape[0]) // 2
        left = index % _COLUMNS * _TILE_WIDTH + (_TILE_WIDTH - tile.shape[1]) // 2
        sheet[top : top + tile.shape[0], left : left + tile.shape[1]] = tile
    return sheet


def _tile(picture: ExamplePicture, verdict: Verdict, preprocessing: Preprocessing) -> Picture:
    read = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if read is None:
        raise PictureError(f"picture {picture.path} cannot be read any more")
    height, width = read.shape[:2]
    input_scale = min(preprocessing.input_width / width, preprocessing.input_height / height)
    # A line of the sheet's background stays free between the pictures.
    scale = min((_TILE_WIDTH - 4) / width, (_TILE_HEIGHT - 4) / height)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    tile = cv2.resize(read, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    for box in sorted(picture.boxes, key=lambda entry: -entry.area):
        left, top, right, bottom = _corners(box, scale / input_scale)
        cv2.rectangle(tile, (left, top), (right, bottom), _COLOURS[box.verdict], 2)
    # Names come last, so that no frame hides one; names of all boxes would hide the picture.
    for box in picture.of(verdict):
        _name(tile, box, scale / input_scale)
    return tile


def _name(tile: Picture, box: ExampleBox, scale: float) -> None:
    left, top, _, _ = _corners(box, scale)
    text = box.class_name if box.score is None else f"{box.class_name} {box.score:.2f}"
    width = cv2.getTextSize(text, _FONT, _FONT_SCALE, 1)[0][0] + 4
    left, top = max(0, min(left, tile.shape[1] - width)), max(top, _TEXT_HEIGHT)
    corner = (left, top - _TEXT_HEIGHT)
    cv2.rectangle(tile, corner, (left + width, top), _COLOURS[box.verdict], cv2.FILLED)
    cv2.putText(tile, text, (left + 2, top - 4), _FONT, _FONT_SCALE, (0, 0, 0), 1, cv2.LINE_AA)


def _corners(box: ExampleBox, scale: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(float(value) * scale) for value in box.box)
    return left, top, right, bottom
