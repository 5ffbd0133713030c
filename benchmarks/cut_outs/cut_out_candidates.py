"""Cut-out candidates: things in real pictures that are worth cutting out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.cut_outs.cut_out_trial import Finder
from benchmarks.cut_outs.real_backgrounds import clip_median
from benchmarks.scenes.picture_box import PictureBox
from detector.detections import Detections
from detector.geometry.boxes import overlaps
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.evaluation.picture_detection import read_labelled_picture
from streams.frame import Picture
from streams.kit.errors import CityPatrolError

# A box that the finder and the annotators agree on.
_SAME_BOX_IOU = 0.6

# At fewer pixels nothing is sharp enough to be shown large; more are never shown.
_FEWEST_PIXELS = 44


@dataclass(frozen=True, slots=True)
class _Choice:
    """What makes a thing of a class worth cutting out.

    Attributes:
        least_score: The finder's score.
        most_shared: Part of its box that another thing may share; more probably hides it.
        edge: Distance from the picture's edge; of what is nearer a part is missing.
        largest_area: Part of its picture; what fills more was taken from too near.
        narrowest: Width over height, to keep to those that are seen from the side or in full.
        widest: The same.
    """

    least_score: float = 0.55
    most_shared: float = 0.15
    edge: float = 0.008
    largest_area: float = 0.55
    narrowest: float = 0.0
    widest: float = float("inf")


_USUAL = _Choice()
# A class that a set's annotators did not mark is the finder's word alone: it has taken the mark of
# a web site for a boat.
_UNMARKED_SCORE = 0.7
_CHOICES = {
    # Of many people only the upper half is shown.
    "person": _Choice(narrowest=0.2, widest=0.5),
    "car": _Choice(narrowest=0.9, widest=2.6),
    # Of these there are few, and most lean on or lie beside something.
    "bicycle": _Choice(least_score=0.4, most_shared=0.45, narrowest=0.8, widest=2.2),
    "motorcycle": _Choice(least_score=0.45, most_shared=0.4, narrowest=0.8, widest=2.2),
    "boat": _Choice(least_score=0.4, most_shared=0.6),
    "dog": _Choice(least_score=0.45, most_shared=0.3),
    # Heaps lie beside bins, and bins stand beside each other.
    "garbage_pile": _Choice(
        least_score=0.45, most_shared=0.4, edge=0.002, largest_area=0.7, narrowest=1.1
    ),
    "overflowing_bin": _Choice(most_shared=0.25),
    # They have no edge that could be cut off.
    "smoke": _Choice(least_score=0.4, most_shared=0.5, edge=0.0, largest_area=0.85),
    "flame": _Choice(least_score=0.4, most_shared=0.5, edge=0.0, largest_area=0.85),
    "pothole": _Choice(least_score=0.45, most_shared=0.3, edge=0.0, narrowest=1.3),
}

# Variance of the Laplacian.
_LEAST_SHARPNESS = 60.0
_SOFT = frozenset({"smoke", "flame"})

_FRAMES_PER_CLIP = 40

# A clip shows the same few things again and again.
_MOST_PER_PICTURE = 2
_MOST_PER_CLIP = 6
# Of 64 comparisons between neighbouring pixels, fewer that differ are the same thing again.
_LIKE = 12


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A thing that could be cut out.

    Attributes:
        what: Its visual class.
        box: Where it is in its picture.
        score: How sure the finder is, higher for larger and sharper ones.
        origin: Name of the picture and number of the box in it.
        part: The picture, cut to the box and some surroundings.
        part_box: The box within ``part``.
        empty_part: The same part of the same view without it, if there is one.
    """

    what: str
    score: float
    origin: str
    part: Picture
    part_box: PictureBox
    empty_part: Picture | None


def set_candidates(data_set: DataSet, finder: Finder) -> Iterator[Candidate]:
    """Candidates of an annotated set.

    Classes that its annotators marked count only where the finder agrees with them; of other
    classes the finder alone is asked, and must be sure.
    """
    for labelled in (one for pictures in data_set.splits.values() for one in pictures):
        picture = read_labelled_picture(labelled)
        found = finder(picture)
        name = f"{data_set.name}/{labelled.path.stem}"
        yield from _candidates(picture, found, _agreed(found, labelled, data_set), name)


def clip_candidates(clip: Path, finder: Finder) -> Iterator[Candidate]:
    """Candidates of a clip of a fixed camera, from frames spread over its length.

    Raises:
        CityPatrolError: The clip cannot be read.
    """
    empty = clip_median(clip)
    for number, frame in enumerate(spread_frames(clip, _FRAMES_PER_CLIP)):
        found = finder(frame)
        name = f"{clip.stem}/{number}"
        yield from _candidates(frame, found, np.arange(len(found)), name, empty)


def spread_frames(clip: Path, count: int) -> Iterator[Picture]:
    """About ``count`` frames of a clip at equal distances.

    Raises:
        CityPatrolError: The clip cannot be read.
    """
    try:
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            step = max(stream.frames // count, 1)
            for number, frame in enumerate(container.decode(stream)):
                if number % step == 0:
                    yield frame.to_ndarray(format="bgr24").astype(np.uint8, copy=False)
    except (av.FFmpegError, IndexError) as error:
        raise CityPatrolError(f"clip {clip} cannot be read: {error}") from None


def _agreed(found: Detections, labelled: LabelledPicture, data_set: DataSet) -> np.ndarray:
    own = set(data_set.labelled_classes)
    iou = overlaps(found.boxes, labelled.boxes).iou if len(labelled.boxes) else None
    rows = []
    for row in range(len(found)):
        what = found.class_name(row)
        if what not in own:
            if found.scores[row] >= _UNMARKED_SCORE:
                rows.append(row)
            continue
        for other, class_id in enumerate(labelled.class_ids):
            names = data_set.visual_classes[int(class_id)]
            if iou is not None and what in names and iou[row, other] >= _SAME_BOX_IOU:
                rows.append(row)
                break
    return np.array(rows, np.int64)


def _candidates(
    picture: Picture,
    found: Detections,
    rows: np.ndarray,
    name: str,
    empty: Picture | None = None,
) -> Iterator[Candidate]:
    height, width = picture.shape[:2]
    if not len(found):
        return
    inside = overlaps(found.boxes, found.boxes).inside.copy()
    np.fill_diagonal(inside, 0.0)
    for row in map(int, rows):
        left, top, right, bottom = map(float, found.boxes[row])
        what = found.class_name(row)
        tall, wide = (bottom - top) * height, (right - left) * width
        choice = _CHOICES.get(what, _USUAL)
        if (
            found.scores[row] < choice.least_score
            or min(tall * 2, wide * 2) < _FEWEST_PIXELS
            or (right - left) * (bottom - top) > choice.largest_area
            or min(left, top, 1 - right, 1 - bottom) < choice.edge
            or inside[row].max(initial=0.0) > choice.most_shared
            or not choice.narrowest <= wide / tall <= choice.widest
        ):
            continue
        surroundings = _surroundings(picture, empty, PictureBox(left, top, right, bottom))
        sharpness = cv2.Laplacian(surroundings[0], cv2.CV_64F).var()
        if what not in _SOFT and sharpness < _LEAST_SHARPNESS:
            continue
        size = min(max(tall, wide), 200.0) / 200
        score = float(found.scores[row]) * (0.5 + 0.5 * size)
        yield Candidate(what, score, f"{name}#{row}", *surroundings)


def _surroundings(
    picture: Picture, empty: Picture | None, box: PictureBox
) -> tuple[Picture, PictureBox, Picture | None]:
    height, width = picture.shape[:2]
    beside, above = (box.right - box.left) * 0.25, (box.bottom - box.top) * 0.25
    left, top = max(int((box.left - beside) * width), 0), max(int((box.top - above) * height), 0)
    right = min(int((box.right + beside) * width) + 1, width)
    bottom = min(int((box.bottom + above) * height) + 1, height)
    part = picture[top:bottom, left:right].copy()
    rows, columns = part.shape[:2]
    within = PictureBox(
        (box.left * width - left) / columns,
        (box.top * height - top) / rows,
        (box.right * width - left) / columns,
        (box.bottom * height - top) / rows,
    )
    return part, within, None if empty is None else empty[top:bottom, left:right].copy()


def without_likes(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best candidates of one class that do not look alike, and few from one source.

    Args:
        candidates: Of one class.
        most: How many are wanted.
    """
    chosen: list[Candidate] = []
    seen: list[np.ndarray] = []
    per_source: Counter[str] = Counter()
    for one in sorted(candidates, key=lambda candidate: (-candidate.score, candidate.origin)):
        picture = one.origin.split("#")[0]
        of_clip = one.empty_part is not None
        key, room = (
            (picture.split("/")[0], _MOST_PER_CLIP) if of_clip else (picture, _MOST_PER_PICTURE)
        )
        small = cv2.resize(cv2.cvtColor(one.part, cv2.COLOR_BGR2GRAY), (9, 8)).astype(np.int16)
        look = (small[:, 1:] > small[:, :-1]).ravel()
        if per_source[key] >= room or any((look != other).sum() < _LIKE for other in seen):
            continue
        per_source[key] += 1
        seen.append(look)
        chosen.append(one)
        if len(chosen) == most:
            break
    return chosen
