"""Painting: lays cut-outs into a street so that they look as if they stood there."""

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.scenes.cut_out import CutOut
from benchmarks.scenes.disturbances import Occluder
from benchmarks.scenes.pictures.staging import StagedActor, occluded_rects
from benchmarks.scenes.scene import Scene
from streams.frame import Picture

# What shines keeps its own light, what lies on the ground throws no shadow.
_SHINING = frozenset({"flame", "smoke"})
_FLAT = frozenset({"pothole", "manhole_cover", "open_manhole", "boat", *_SHINING})

# How far the light on a cut-out is drawn towards that of the place where it is laid. All the way
# would turn a white car on dark asphalt grey.
_LIGHT_MATCHING = 0.3
# What is a part of the ground has its light.
_PARTS_OF_GROUND = frozenset({"pothole"})
_MOST_GAIN = 1.35

_SHADOW_DARKNESS = 0.45


def paint_actor(picture: Picture, one: StagedActor) -> None:
    """Lay an actor into ``picture``, with a soft shadow under its foot."""
    if one.stands_on_ground and one.actor.what not in _FLAT:
        _paint_shadow(picture, one)
    lay(picture, one.cut_out, one.left, one.top)


def lay(picture: Picture, cut_out: CutOut, left: int, top: int) -> None:
    """Blend a cut-out into ``picture``; what lies outside is left away."""
    rows, columns = cut_out.pixels.shape[:2]
    height, width = picture.shape[:2]
    first_row, last_row = max(top, 0), min(top + rows, height)
    first_column, last_column = max(left, 0), min(left + columns, width)
    if first_row >= last_row or first_column >= last_column:
        return
    pixels = cut_out.pixels[
        first_row - top : last_row - top, first_column - left : last_column - left
    ].astype(np.float32)
    target = picture[first_row:last_row, first_column:last_column]
    cover = pixels[:, :, 3:] / np.float32(255)
    colours = pixels[:, :, :3]
    if cut_out.what not in _SHINING:
        matching = 1.0 if cut_out.what in _PARTS_OF_GROUND else _LIGHT_MATCHING
        colours = colours * _gain(colours, cover, target, matching)
    target[...] = np.clip(target + (colours - target) * cover, 0, 255).astype(np.uint8)


def _gain(
    colours: npt.NDArray[np.float32],
    cover: npt.NDArray[np.float32],
    target: Picture,
    matching: float,
) -> float:
    own = float((colours * cover).sum() / max(float(cover.sum()) * 3, 1.0))
    wanted = float(target.mean())
    gain = (max(wanted, 1.0) / max(own, 1.0)) ** matching
    most = _MOST_GAIN if matching < 1.0 else 2 * _MOST_GAIN
    return float(np.clip(gain, 1 / most, most))


def _paint_shadow(picture: Picture, one: StagedActor) -> None:
    rows, columns = one.cut_out.pixels.shape[:2]
    half_width, half_height = columns * 0.52, max(min(rows, columns) * 0.09, 1.0)
    middle_x, middle_y = one.left + columns / 2, one.top + rows - half_height * 0.5
    reach = 1.3
    left, right = (int(middle_x + side * half_width * reach) for side in (-1, 1))
    top, bottom = (int(middle_y + side * half_height * reach) for side in (-1, 1))
    left, top = max(left, 0), max(top, 0)
    target = picture[top : bottom + 1, left : right + 1]
    if not target.size:
        return
    y, x = np.mgrid[top : top + target.shape[0], left : left + target.shape[1]]
    far = ((x - middle_x) / half_width) ** 2 + ((y - middle_y) / half_height) ** 2
    dark = _SHADOW_DARKNESS * np.clip(1.5 - far, 0, 1)
    target[...] = (target * (1 - dark[:, :, None])).astype(np.uint8)


def paint_occluders(picture: Picture, scene: Scene, moment: float) -> None:
    """Lay the scene's occluders over ``picture``: dull sides of lorries."""
    if not scene.disturbances_of(Occluder):
        return
    for rect in occluded_rects(scene, moment):
        target = picture[rect.top : rect.bottom, rect.left : rect.right]
        shade = np.linspace(105, 70, target.shape[0], dtype=np.float32)[:, None, None]
        grain = scene.chance("occluder", 0.0).normal(0, 4, target.shape)
        target[...] = np.clip(shade * (0.95, 1.0, 1.02) + grain, 0, 255).astype(np.uint8)
        cv2.rectangle(
            picture, (rect.left, rect.top), (rect.right - 1, rect.bottom - 1), (60, 60, 60), 2
        )
