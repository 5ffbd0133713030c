"""The cut-out library: cut-outs by visual class, made once and kept in a folder."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import structlog
from pydantic import BaseModel, ConfigDict

from benchmarks.scenes.cut_out import CutOut, CutOutError
from benchmarks.scenes.cut_out_candidates import Candidate, Finder, without_likes
from benchmarks.scenes.cut_out_masks import cut
from benchmarks.scenes.painting import lay
from detector.detections import Detections
from detector.places import overlaps
from streams.errors import CityPatrolError
from streams.frame import Picture

log = structlog.get_logger(__name__)

_INDEX = "cut_outs.json"
_PER_CLASS = 16
_TRIED_PER_CLASS = 60
# More pictures than this need not be held in memory to choose from.
_REMEMBERED_PER_CLASS = 300

# A cut-out is kept if it is found again where it is laid into an empty street.
_TRIAL_HEIGHT = 0.24
_TRIAL_SCORE = 0.5
# Held near the middle of the street, where the ground is.
_TRIAL_PLACES = ((0.5, 0.75), (0.3, 0.85))
_TRIAL_IOU = 0.5


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    file: str
    origin: str


class _Index(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cut_outs: tuple[_Kept, ...]


class CutOutLibrary:
    """Cut-outs by visual class.

    Args:
        cut_outs: Any number of any classes; which one a variety means follows from their order.
    """

    def __init__(self, cut_outs: Iterable[CutOut]) -> None:
        self._by_class: dict[str, list[CutOut]] = defaultdict(list)
        for one in cut_outs:
            self._by_class[one.what].append(one)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each class."""
        return {what: len(found) for what, found in sorted(self._by_class.items())}

    def __contains__(self, what: object) -> bool:
        return what in self._by_class

    def cut_out(self, what: str, variety: int) -> CutOut:
        """One of a class; any variety gives one, and always the same.

        Raises:
            CutOutError: It has none of the class.
        """
        found = self._by_class.get(what)
        if not found:
            raise CutOutError(f"there is no cut-out of {what}; there are {', '.join(self.counts)}")
        return found[variety % len(found)]

    def save(self, folder: Path) -> None:
        """Write all to a folder, the index last, so that half a library is not taken for one."""
        folder.mkdir(parents=True, exist_ok=True)
        kept = []
        for what, found in sorted(self._by_class.items()):
            for number, one in enumerate(found):
                file = f"{what}_{number:02}.png"
                if not cv2.imwrite(str(folder / file), one.pixels):
                    raise CityPatrolError(f"cut-out {folder / file} cannot be written")
                kept.append(_Kept(what=what, file=file, origin=one.origin))
        index = _Index(cut_outs=tuple(kept)).model_dump_json(indent=1)
        (folder / _INDEX).write_text(index, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "CutOutLibrary | None":
        """The library that was saved in a folder; None if there is none.

        Raises:
            CutOutError: A file of it is missing or damaged.
        """
        path = folder / _INDEX
        if not path.is_file():
            return None
        found = []
        for one in _Index.model_validate_json(path.read_text(encoding="utf-8")).cut_outs:
            pixels = cv2.imread(str(folder / one.file), cv2.IMREAD_UNCHANGED)
            if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4:
                raise CutOutError(
                    f"cut-out {folder / one.file} is missing or damaged; delete {folder} and it "
                    "is made again"
                )
            found.append(CutOut(one.what, pixels.astype(np.uint8, copy=False), one.origin))
        return cls(found)


def make_library(
    candidates: Iterable[Candidate], finder: Finder, streets: tuple[Picture, ...]
) -> CutOutLibrary:
    """Cut out the best candidates that are found again in other streets.

    Args:
        candidates: Things of any classes.
        finder: Says what it finds in a picture.
        streets: Empty streets to try each cut-out in.
    """
    by_class: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        found = by_class[one.what]
        found.append(one)
        if len(found) == 2 * _REMEMBERED_PER_CLASS:
            found.sort(key=lambda candidate: -candidate.score)
            del found[_REMEMBERED_PER_CLASS:]
    kept = []
    for what, found in sorted(by_class.items()):
        good = []
        for candidate in without_likes(found, _TRIED_PER_CLASS):
            try:
                one = cut(
                    candidate.part, candidate.part_box, what, candidate.origin, candidate.empty_part
                )
            except CutOutError:
                continue
            if _found_again(one, finder, streets):
                good.append(one)
            if len(good) == _PER_CLASS:
                break
        log.info("cut_outs_made", visual_class=what, candidates=len(found), kept=len(good))
        kept += good
    return CutOutLibrary(kept)


def _found_again(one: CutOut, finder: Finder, streets: tuple[Picture, ...]) -> bool:
    for street, (x, y) in zip(streets, _TRIAL_PLACES * len(streets), strict=False):
        picture = street.copy()
        rows, columns = picture.shape[:2]
        # Wide things are measured by their width, so that a boat does not fill the street.
        height = _TRIAL_HEIGHT * rows / max(one.aspect / 1.5, 1.0)
        shown = one.scaled(round(height))
        own_rows, own_columns = shown.pixels.shape[:2]
        left, top = round(x * columns - own_columns / 2), round(y * rows) - own_rows
        lay(picture, shown, left, top)
        wanted = np.array([left, top, left + own_columns, top + own_rows], np.float32)
        box = wanted / np.array([columns, rows] * 2, np.float32)
        if score_of(finder(picture), one.what, box.astype(np.float32)) < _TRIAL_SCORE:
            return False
    return True


def score_of(found: Detections, what: str, box: npt.NDArray[np.float32]) -> float:
    """The best score with which a thing was found where it is; 0 if it was not found.

    Args:
        found: What was found in its picture.
        what: Its visual class.
        box: Where it is, shape (4,), picture fractions.
    """
    if not len(found):
        return 0.0
    same = overlaps(found.boxes, box[None]).iou[:, 0] >= _TRIAL_IOU
    rows = [row for row in np.flatnonzero(same) if found.class_name(int(row)) == what]
    return max((float(found.scores[row]) for row in rows), default=0.0)
