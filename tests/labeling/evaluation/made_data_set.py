"""A data set of coloured squares whose figures can be told on paper."""

import json
from pathlib import Path

import cv2

from tests.colour_model import ColourSquare, colour_square_picture, square_side

WIDTH, HEIGHT = 640, 480
CLASSES = ("vehicle", "boat", "person", "garbage")

Mark = tuple[str, float, float]

# Each picture: the squares that are drawn, and what its annotator marked.
PICTURES: dict[str, tuple[list[ColourSquare], list[Mark]]] = {
    "car_and_boat": (
        [ColourSquare("car", 0.25, 0.5), ColourSquare("boat", 0.75, 0.5)],
        [("vehicle", 0.25, 0.5), ("boat", 0.75, 0.5)],
    ),
    # The bicycle is of a class that the set does not label: it may not count as wrong.
    "truck_and_bicycle": (
        [ColourSquare("truck", 0.25, 0.5), ColourSquare("bicycle", 0.75, 0.5)],
        [("vehicle", 0.25, 0.5), ("garbage", 0.5, 0.75)],
    ),
    "hidden_boat": ([], [("boat", 0.5, 0.5)]),
    "person": ([ColourSquare("person", 0.5, 0.5)], [("person", 0.5, 0.5)]),
    # Drawn as the one before, so that both have the same score.
    "unmarked_person": ([ColourSquare("person", 0.5, 0.5)], []),
}


def write_square_set(folder: Path) -> Path:
    """Write the set, its only split "val", and return its folder."""
    images, labels = folder / "images" / "val", folder / "labels" / "val"
    images.mkdir(parents=True)
    labels.mkdir(parents=True)
    side = square_side(WIDTH, HEIGHT)
    for name, (squares, marks) in PICTURES.items():
        cv2.imwrite(str(images / f"{name}.png"), colour_square_picture(squares, WIDTH, HEIGHT))
        lines = [
            f"{CLASSES.index(word)} {x} {y} {side / WIDTH} {side / HEIGHT}" for word, x, y in marks
        ]
        (labels / f"{name}.txt").write_text("\n".join(lines))
    (folder / "data.yaml").write_text(
        f"path: .\nval: images/val\nnames: {json.dumps(list(CLASSES))}\n"
    )
    (folder / "meta.json").write_text('{"source": "made", "licence": "AGPL-3.0-or-later"}')
    return folder
