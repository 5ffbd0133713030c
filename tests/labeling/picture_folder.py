"""Folders of pictures without labels, for tests."""

from pathlib import Path

import cv2

from tests.colour_model import CLASS_NAMES, ColourSquare, colour_square_picture


def write_pictures(folder: Path, count: int) -> list[Path]:
    """Write PNG pictures of a street with one square each, the classes in turn."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.png" for number in range(count)]
    for number, path in enumerate(paths):
        square = ColourSquare(CLASS_NAMES[number % len(CLASS_NAMES)], 0.5, 0.5)
        cv2.imwrite(str(path), colour_square_picture([square]))
    return paths
