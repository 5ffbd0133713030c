"""Painted material: streets and things drawn by rule, where no real pictures are at hand.

A detector finds nothing in them. With detections made of the truth, rules are tried as well as
in real pictures, on any machine.
"""

import zlib

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.scenes.background import Background
from benchmarks.scenes.cut_out import CutOut, CutOutPixels, trimmed
from streams.frame import Picture

_HEIGHT = 120

# Width over height of what is not about square.
_ASPECTS = {
    "person": 0.4,
    "car": 1.7,
    "truck": 1.6,
    "bus": 2.2,
    "bicycle": 1.5,
    "motorcycle": 1.4,
    "dog": 1.3,
    "boat": 6.0,
    "garbage_pile": 2.0,
    "pothole": 2.2,
    "open_manhole": 1.9,
    "manhole_cover": 1.9,
    "garbage_bin": 0.7,
    "overflowing_bin": 0.75,
    "shop_signboard": 4.0,
    "fishing_rod": 0.8,
    "construction_hoarding": 4.0,
    "smoke": 0.8,
    "flame": 0.7,
    "makeshift_structure": 1.6,
    "suitcase": 0.7,
}


class PaintedMaterial:
    """Draws every background and every class; may be used from any thread."""

    def picture_of(self, background: Background) -> Picture:
        """A street of that size: sky or far ground, pavement, road and grain."""
        width, height = background.width, background.height
        chance = np.random.default_rng(zlib.crc32(background.name.encode()))
        coarse = chance.uniform(-18, 18, (height // 16 + 1, width // 16 + 1)).astype(np.float32)
        texture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
        picture = np.full((height, width, 3), 118, np.float32)
        picture[: height // 4] = (170, 160, 150)
        picture[height // 2 :] = 92
        picture += texture[:, :, None] + chance.normal(0, 3, (height, width, 1))
        mark = max(width // 16, 1)
        for left in range(0, width, 2 * mark):
            picture[height * 3 // 4 : height * 3 // 4 + 5, left : left + mark] = 215
        return np.clip(picture, 0, 255).astype(np.uint8)

    def cut_out(self, what: str, variety: int) -> CutOut:
        """A thing of a visual class, in a colour of its variety."""
        return painted_cut_out(what, variety)


def painted_cut_out(what: str, variety: int) -> CutOut:
    """A plain drawing of a thing, for classes of which there is no real picture."""
    chance = np.random.default_rng(zlib.crc32(f"{what}:{variety}".encode()))
    width = max(round(_HEIGHT * _ASPECTS.get(what, 1.0)), 8)
    pixels = np.zeros((_HEIGHT, width, 4), np.uint8)
    colour = tuple(int(value) for value in chance.integers(30, 220, 3))
    match what:
        case "open_manhole" | "pothole" | "manhole_cover":
            _hole(pixels, what)
        case "fishing_rod":
            cv2.line(pixels, (2, _HEIGHT - 3), (width - 3, 2), (30, 50, 70, 255), 4)
            cv2.rectangle(pixels, (0, _HEIGHT - 20), (18, _HEIGHT - 1), (40, 60, 60, 255), -1)
        case "construction_hoarding":
            _hoarding(pixels)
        case "street_stall":
            _stall(pixels, colour)
        case "makeshift_structure":
            _shed(pixels, tuple(70 + value // 3 for value in colour))
        case "suitcase" | "backpack":
            _suitcase(pixels, colour)
        case "person":
            _figure(pixels, colour)
        case _:
            middle, axes = (width // 2, _HEIGHT // 2), (width // 2 - 1, _HEIGHT // 2 - 1)
            cv2.ellipse(pixels, middle, axes, 0, 0, 360, (*colour, 255), -1)
    _shade(pixels, chance)
    return trimmed(what, pixels, f"painted/{what}/{variety}")


def _hole(pixels: CutOutPixels, what: str) -> None:
    rows, columns = pixels.shape[:2]
    middle, axes = (columns // 2, rows // 2), (columns // 2 - 1, rows // 2 - 1)
    inner = (axes[0] * 9 // 10, axes[1] * 9 // 10)
    depth = {"open_manhole": 12, "pothole": 60}.get(what, 85)
    cv2.ellipse(pixels, middle, axes, 0, 0, 360, (120, 125, 125, 255), -1)
    cv2.ellipse(pixels, middle, inner, 0, 0, 360, (depth, depth, depth, 255), -1)


def _hoarding(pixels: CutOutPixels) -> None:
    rows, columns = pixels.shape[:2]
    pixels[:] = (150, 105, 40, 255)
    pixels[rows // 3 : rows * 2 // 3, :, :3] = (215, 215, 210)
    for left in range(0, columns, columns // 8):
        cv2.line(pixels, (left, 0), (left, rows), (90, 70, 40, 255), 2)


def _stall(pixels: CutOutPixels, colour: tuple[int, ...]) -> None:
    rows, columns = pixels.shape[:2]
    roof = np.array([(0, rows // 3), (columns // 2, 0), (columns - 1, rows // 3)], np.int32)
    cv2.fillPoly(pixels, [roof], (*colour, 255))
    for x in (columns // 8, columns * 7 // 8):
        cv2.line(pixels, (x, rows // 3), (x, rows - 1), (90, 90, 90, 255), 3)
    cv2.rectangle(
        pixels,
        (columns // 10, rows * 3 // 5),
        (columns * 9 // 10, rows - 1),
        (60, 90, 140, 255),
        -1,
    )
    chance = np.random.default_rng(int(sum(colour)))
    for left in range(columns // 8, columns * 7 // 8, 12):
        goods = tuple(int(value) for value in chance.integers(40, 250, 3))
        cv2.circle(pixels, (left, rows * 3 // 5), 8, (*goods, 255), -1)


def _shed(pixels: CutOutPixels, colour: tuple[int, ...]) -> None:
    rows, columns = pixels.shape[:2]
    pixels[rows // 6 :] = (*colour, 255)
    pixels[: rows // 6] = (70, 70, 150, 255)
    for left in range(0, columns, 9):
        darker = tuple(value * 4 // 5 for value in colour)
        cv2.line(pixels, (left, rows // 6), (left, rows), (*darker, 255), 2)
    cv2.rectangle(
        pixels, (columns // 3, rows // 3), (columns // 2, rows - 1), (40, 45, 50, 255), -1
    )


def _suitcase(pixels: CutOutPixels, colour: tuple[int, ...]) -> None:
    rows, columns = pixels.shape[:2]
    third = columns // 3
    cv2.rectangle(pixels, (third, 0), (columns - third, rows // 3), (40, 40, 40, 255), 4)
    cv2.rectangle(pixels, (0, rows // 4), (columns - 1, rows - 1), (*colour, 255), -1)
    cv2.rectangle(pixels, (0, rows // 4), (columns - 1, rows - 1), (30, 30, 30, 255), 3)


def _figure(pixels: CutOutPixels, colour: tuple[int, ...]) -> None:
    rows, columns = pixels.shape[:2]
    middle = columns // 2
    trousers = tuple(value // 3 for value in colour)
    for side in (-1, 1):
        foot = (middle + side * columns // 4, rows - 1)
        cv2.line(pixels, (middle, rows // 2), foot, (*trousers, 255), columns // 4)
    body = (columns // 2 - 1, rows // 4)
    cv2.ellipse(pixels, (middle, rows * 2 // 5), body, 0, 0, 360, (*colour, 255), -1)
    cv2.circle(pixels, (middle, rows // 12), rows // 12, (120, 150, 190, 255), -1)


def _shade(pixels: CutOutPixels, chance: np.random.Generator) -> None:
    grain: npt.NDArray[np.float64] = chance.normal(0, 8, (*pixels.shape[:2], 1))
    fall = np.linspace(12, -18, pixels.shape[0])[:, None, None]
    pixels[:, :, :3] = np.clip(pixels[:, :, :3] + grain + fall, 0, 255).astype(np.uint8)
