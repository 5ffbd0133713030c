"""Truth: what is to be seen in a scene at a moment, exactly."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.scenes.actor import Actor
from benchmarks.scenes.disturbances import BLINDING_FAULTS
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.pictures.staging import StagedActor, staged_actors, visible_masks
from benchmarks.scenes.pictures.view import View, view_at
from benchmarks.scenes.scene import Scene
from detector.detections import Detections

# Of what a detector is shown less, it makes nothing.
_LEAST_VISIBLE = 0.3
_OF_BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class VisibleThing:
    """A thing that can be seen at a moment.

    Attributes:
        actor: Name of the actor; ``background`` for a thing of the background.
        what: Its visual class.
        box: Around what is seen of it.
        visible: How much of it is seen: 1 all of it, towards 0 hardly anything.
    """

    actor: str
    what: str
    box: PictureBox
    visible: float


@dataclass(frozen=True, slots=True)
class DetectionFlaws:
    """How far detections made of the truth are from perfect.

    Attributes:
        box_jitter: Standard deviation of each side of a box, as a part of the box's size.
        missed: Part of the things that are missed at a look, 0 to 1.
        score: Score of a thing seen in full; partly hidden ones get less.
        score_spread: Standard deviation of the scores.
    """

    box_jitter: float = 0.0
    missed: float = 0.0
    score: float = 0.9
    score_spread: float = 0.0


PERFECT = DetectionFlaws()
USUAL = DetectionFlaws(box_jitter=0.03, missed=0.05, score=0.75, score_spread=0.08)
"""About what a good detector does with things of 60 pixels."""


def visible_things(
    scene: Scene, moment: float, material: SceneMaterial
) -> tuple[VisibleThing, ...]:
    """Everything that the camera shows at a moment: none of it while it is blind.

    A frozen camera shows what was there when it froze.
    """
    if any(scene.fault_span(fault, moment) for fault in BLINDING_FAULTS):
        return ()
    shown = scene.shown_moment(moment)
    if scene.elsewhere_at(shown) is not None:
        return ()
    view = view_at(scene, shown)
    staged = staged_actors(scene, shown, material)
    things = [
        thing
        for one, mask in zip(staged, visible_masks(scene, shown, staged), strict=True)
        if (thing := _seen(one, mask, view)) is not None
    ]
    for what, box in scene.background.own_things:
        corners = np.array([[box.left, box.top, box.right, box.bottom]], np.float32)
        placed = _placed(corners, view)
        if placed is not None:
            things.append(VisibleThing(_OF_BACKGROUND, what, *placed))
    return tuple(things)


def _seen(one: StagedActor, mask: npt.NDArray[np.bool_], view: View) -> VisibleThing | None:
    height, width = mask.shape
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return None
    box = np.array([[columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]], np.float32)
    placed = _placed((box / np.array([width, height] * 2)).astype(np.float32), view)
    if placed is None:
        return None
    whole = np.count_nonzero(one.cut_out.pixels[:, :, 3] >= 128)
    inside, share = placed
    visible = share * np.count_nonzero(mask) / whole
    return VisibleThing(one.actor.name, one.actor.what, inside, float(min(visible, 1.0)))


def _placed(box: npt.NDArray[np.float32], view: View) -> tuple[PictureBox, float] | None:
    """A box as the view shows it, cut at its edges, and the part of it that is left."""
    shown = view.shown(box)[0]
    cut = np.clip(shown, 0, 1)
    sides, whole = cut[2:] - cut[:2], shown[2:] - shown[:2]
    if not (sides > 0).all():
        return None
    return PictureBox(*map(float, cut)), float(min(sides.prod() / whole.prod(), 1.0))


def detections_of(
    scene: Scene,
    moment: float,
    material: SceneMaterial,
    flaws: DetectionFlaws = PERFECT,
    known: Collection[str] = (),
) -> Detections:
    """What a detector that knows every class would find, so that rules can be tried alone.

    Its classes are those of all the scene's actors and background things, and those ``known``
    besides, so that a class that is not there counts as looked for and not found.
    """
    things = [
        thing
        for thing in visible_things(scene, moment, material)
        if thing.visible >= _LEAST_VISIBLE
    ]
    classes = tuple(
        sorted(
            {actor.what for actor in scene.actors}
            | {what for what, _ in scene.background.own_things}
            | set(known)
        )
    )
    chance = scene.chance("detections", moment)
    count = len(things)
    boxes = np.array(
        [[one.box.left, one.box.top, one.box.right, one.box.bottom] for one in things], np.float32
    ).reshape(-1, 4)
    sides = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    boxes = np.clip(boxes + chance.normal(0, flaws.box_jitter, (count, 4)) * sides, 0, 1)
    visible = np.array([one.visible for one in things], np.float32)
    # Half hidden things score three quarters of what they would in full.
    scores = flaws.score * (0.5 + 0.5 * visible) + chance.normal(0, flaws.score_spread, count)
    kept = (chance.random(count) >= flaws.missed) & (boxes[:, :2] < boxes[:, 2:]).all(axis=1)
    return Detections(
        boxes=boxes[kept].astype(np.float32),
        scores=np.clip(scores, 0.01, 1.0)[kept].astype(np.float32),
        class_ids=np.array([classes.index(one.what) for one in things], np.int64)[kept],
        class_names=classes,
    )


def visible_share(things: tuple[VisibleThing, ...], actor: Actor) -> float:
    """How much of an actor is seen; 0 where it is not there or wholly hidden."""
    return next((thing.visible for thing in things if thing.actor == actor.name), 0.0)
