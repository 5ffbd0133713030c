"""Cut-out masks: tells a thing in a box from its surroundings."""

from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.scenes.cut_out import CutOut, CutOutError, trimmed
from benchmarks.scenes.picture_box import PictureBox
from streams.frame import Picture

Mask = npt.NDArray[np.uint8]


class Cutting(StrEnum):
    """How a thing's outline is found."""

    OUTLINE = "outline"
    """It has one; GrabCut finds it within the box."""
    BOARD = "board"
    """It fills its box, as a sign does."""
    PATCH = "patch"
    """It has no edge of its own and fades out, as damage in asphalt and smoke do."""
    GLOW = "glow"
    """It is what shines."""


_CUTTINGS = {
    "shop_signboard": Cutting.BOARD,
    "pothole": Cutting.PATCH,
    "smoke": Cutting.PATCH,
    "flame": Cutting.GLOW,
}

# Over how much of the way from its middle to its edge a patch fades out.
_USUAL_SOFTNESS = 0.3
_SOFTNESS = {"smoke": 0.45}

# Cut-outs are never shown larger, and GrabCut takes 2 s per million pixels.
_LARGEST_SIDE = 360

# Surroundings that GrabCut learns from, as a part of the box's sides.
_MARGIN = 0.15
_GRABCUT_ROUNDS = 5

# An outline that leaves more or less of its box has gone wrong.
_LEAST_FILLED = 0.3
_MOST_FILLED = 0.96

# The outline must reach its box again within this part of the box's sides.
_BOX_MISSED = 0.12

# Grey levels by which a pixel differs from the empty street where something stands there.
_DIFFERENT = 22


def cut(
    picture: Picture, box: PictureBox, what: str, origin: str, empty: Picture | None = None
) -> CutOut:
    """Cut the thing in ``box`` out of ``picture``.

    Args:
        picture: Picture that shows it.
        box: Where it is.
        what: Its visual class, which says how it is cut.
        origin: What the cut-out is to be known by.
        empty: The same view without it, if there is one; outlines are better then.

    Raises:
        CutOutError: No sensible outline was found.
    """
    cutting = _CUTTINGS.get(what, Cutting.OUTLINE)
    around = _around(picture, box, _MARGIN if cutting is Cutting.OUTLINE else 0.0)
    part = around.of(picture)
    match cutting:
        case Cutting.OUTLINE:
            clean = None if empty is None else around.of(empty)
            mask = _outline(part, around.box, clean)
        case Cutting.BOARD:
            mask = np.full(part.shape[:2], 255, np.uint8)
        case Cutting.PATCH:
            mask = _faded(part.shape[1], part.shape[0], _SOFTNESS.get(what, _USUAL_SOFTNESS))
        case Cutting.GLOW:
            mask = _glowing(part)
    result = trimmed(what, np.dstack([part, mask]), origin)
    if cutting is Cutting.OUTLINE:
        _check_outline(result, around)
    return result


class _Around:
    """A thing's box with a margin, in pixels of a picture that is made small enough."""

    def __init__(self, outer: tuple[int, int, int, int], inner: tuple[int, int, int, int]) -> None:
        self._outer = outer
        left, top, right, bottom = outer
        self._shrink = min(1.0, _LARGEST_SIDE / max(right - left, bottom - top))
        self.box = tuple(round(side * self._shrink) for side in inner)

    def of(self, picture: Picture) -> Picture:
        left, top, right, bottom = self._outer
        part = picture[top:bottom, left:right]
        if self._shrink < 1.0:
            size = (
                max(round((right - left) * self._shrink), 4),
                max(round((bottom - top) * self._shrink), 4),
            )
            part = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        return np.ascontiguousarray(part)


def _around(picture: Picture, box: PictureBox, margin: float) -> _Around:
    height, width = picture.shape[:2]
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    if right - left < 4 or bottom - top < 4:
        raise CutOutError(f"a thing of {right - left} x {bottom - top} pixels is too small to cut")
    beside, above = round((right - left) * margin), round((bottom - top) * margin)
    outer = (
        max(left - beside, 0),
        max(top - above, 0),
        min(right + beside, width),
        min(bottom + above, height),
    )
    inner = (left - outer[0], top - outer[1], right - left, bottom - top)
    return _Around(outer, inner)


def _outline(part: Picture, box: tuple[int, ...], empty: Picture | None) -> Mask:
    left, top, width, height = box
    marks = np.full(part.shape[:2], cv2.GC_BGD, np.uint8)
    marks[top : top + height, left : left + width] = cv2.GC_PR_FGD
    if empty is not None:
        changed = cv2.GaussianBlur(cv2.absdiff(part, empty).max(axis=2), (0, 0), 1.0)
        inside = marks == cv2.GC_PR_FGD
        marks[inside & (changed < _DIFFERENT)] = cv2.GC_PR_BGD
        marks[inside & (changed < _DIFFERENT / 3)] = cv2.GC_BGD
    rounds = _GRABCUT_ROUNDS
    models = np.zeros((1, 65)), np.zeros((1, 65))
    of_marks = (0, 0, part.shape[1], part.shape[0])  # not read, as the marks say where it is
    cv2.setRNGSeed(0)  # GrabCut begins with k-means
    try:
        cv2.grabCut(part, marks, of_marks, *models, rounds, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        raise CutOutError("no outline: all of the box looks like its surroundings") from None
    hides = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.uint8)
    hides = cv2.morphologyEx(hides, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8), iterations=2)
    whole = _largest_piece(hides.astype(np.uint8, copy=False))
    return cv2.GaussianBlur(whole * np.uint8(255), (0, 0), 0.8).astype(np.uint8, copy=False)


def _largest_piece(mask: Mask) -> Mask:
    count, pieces, facts, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        raise CutOutError("no outline: nothing stands out in the box")
    largest = 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA]))
    piece = (pieces == largest).astype(np.uint8)
    # Holes such as those between arms and body stay; specks within do not.
    return cv2.morphologyEx(piece, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(
        np.uint8, copy=False
    )


def _check_outline(found: CutOut, around: _Around) -> None:
    rows, columns = found.pixels.shape[:2]
    filled = float((found.pixels[:, :, 3] >= 128).mean())
    if not _LEAST_FILLED <= filled <= _MOST_FILLED:
        raise CutOutError(f"cut-out {found.origin} fills {filled:.0%} of its box")
    _, _, width, height = around.box
    if columns < width * (1 - 2 * _BOX_MISSED) or rows < height * (1 - _BOX_MISSED):
        raise CutOutError(
            f"cut-out {found.origin} has {columns} x {rows} pixels of {width} x {height}"
        )


def _faded(width: int, height: int, softness: float) -> Mask:
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    far = (np.abs(x) ** 3 + np.abs(y) ** 3) ** (1 / 3)
    return np.asarray(np.clip((1.02 - far) / softness, 0, 1) * 255).astype(np.uint8)


def _glowing(part: Picture) -> Mask:
    blue, _, red = (part[:, :, channel].astype(np.float32) for channel in range(3))
    brightness = part.astype(np.float32).max(axis=2)
    warm = np.clip((red - blue) / 60, 0.25, 1)
    core = np.clip((brightness - 205) / 35, 0, 1)
    shine = np.maximum(np.clip((brightness - 110) / 70, 0, 1) * warm, core)
    faded = _faded(part.shape[1], part.shape[0], _USUAL_SOFTNESS) / 255
    return np.asarray(cv2.GaussianBlur(shine * faded * 255, (0, 0), 1.0)).astype(np.uint8)
