"""Staging: which pixels each actor of a scene takes at a moment, before the camera's faults."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from benchmarks.scenes.actor import Actor, OnGround
from benchmarks.scenes.cut_out import CutOut
from benchmarks.scenes.disturbances import Occluder
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.scene import Scene

# A crowd's figures at all their sizes; at 150 pixels high one takes about 40 kB.
_SCALED_KEPT = 512


@dataclass(frozen=True, slots=True, eq=False)
class StagedActor:
    """One actor at one moment.

    Attributes:
        actor: Who.
        cut_out: What it looks like, in the size in which it is shown.
        left: Pixel column of the cut-out's left edge; may lie outside the picture.
        top: Pixel row of its upper edge.
    """

    actor: Actor
    cut_out: CutOut
    left: int
    top: int

    @property
    def stands_on_ground(self) -> bool:
        """Whether it touches the ground, and casts a shadow there."""
        return isinstance(self.actor.path[0].place, OnGround)


@dataclass(frozen=True, slots=True)
class PixelRect:
    """Rows and columns of a picture, the last ones not included."""

    left: int
    top: int
    right: int
    bottom: int


def staged_actors(scene: Scene, moment: float, material: SceneMaterial) -> tuple[StagedActor, ...]:
    """Who is there at a moment, in the order in which they are painted: the farthest first."""
    staged = []
    for actor in scene.actors:
        place = actor.place_at(moment)
        if place is None:
            continue
        whole = material.cut_out(actor.what, actor.variety)
        background = scene.background
        # The aspect of the cut-out in picture fractions of height, whatever the picture's shape.
        height = background.ground.height_of(actor.what, place, whole.aspect)
        shown = _scaled(whole, max(round(height * background.height), 2))
        rows, columns = shown.pixels.shape[:2]
        left = round(place.x * background.width - columns / 2)
        raised = place.raised if isinstance(place, OnGround) else 0.0
        top = round((place.y - raised) * background.height) - rows
        depth = place.y if isinstance(place, OnGround) else float("-inf")
        staged.append((depth, StagedActor(actor, shown, left, top)))
    return tuple(one for _, one in sorted(staged, key=lambda pair: pair[0]))


@lru_cache(maxsize=_SCALED_KEPT)
def _scaled(cut_out: CutOut, height: int) -> CutOut:
    return cut_out.scaled(height)


def occluded_rects(scene: Scene, moment: float) -> tuple[PixelRect, ...]:
    """What the scene's occluders hide at a moment, cut at the picture's edges."""
    width, height = scene.background.width, scene.background.height
    rects = []
    for one in scene.disturbances_of(Occluder):
        if not one.span.holds(moment):
            continue
        way = (moment - one.span.begins_at) / (one.span.ends_at - one.span.begins_at)
        left = way * (1 + one.width) - one.width
        columns = np.clip([left, left + one.width], 0, 1) * width
        rows = np.clip([one.top, one.bottom], 0, 1) * height
        rects.append(
            PixelRect(round(columns[0]), round(rows[0]), round(columns[1]), round(rows[1]))
        )
    return tuple(rect for rect in rects if rect.left < rect.right and rect.top < rect.bottom)


def visible_masks(
    scene: Scene, moment: float, staged: tuple[StagedActor, ...]
) -> list[npt.NDArray[np.bool_]]:
    """Which pixels of the whole picture show each actor, in the order of ``staged``.

    What hides at least half of what is behind it counts as hiding it.
    """
    shape = (scene.background.height, scene.background.width)
    hidden = np.zeros(shape, np.bool_)
    for rect in occluded_rects(scene, moment):
        hidden[rect.top : rect.bottom, rect.left : rect.right] = True
    masks = []
    for one in reversed(staged):
        mask = np.zeros(shape, np.bool_)
        rows, columns, part = _inside(one, shape)
        mask[rows, columns] = part
        masks.append(mask & ~hidden)
        hidden |= mask
    return masks[::-1]


def _inside(one: StagedActor, shape: tuple[int, int]) -> tuple[slice, slice, npt.NDArray[np.bool_]]:
    hides = one.cut_out.pixels[:, :, 3] >= 128
    rows, columns = hides.shape
    top, bottom = max(one.top, 0), max(min(one.top + rows, shape[0]), 0)
    left, right = max(one.left, 0), max(min(one.left + columns, shape[1]), 0)
    if top >= bottom or left >= right:
        return slice(0, 0), slice(0, 0), hides[:0, :0]
    part = hides[top - one.top : bottom - one.top, left - one.left : right - one.left]
    return slice(top, bottom), slice(left, right), part
