"""The cut-out library: cut-outs by visual class, made once and kept in a folder."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import structlog
from pydantic import BaseModel, ConfigDict

from benchmarks.cut_outs.cut_out_candidates import Candidate, without_likes
from benchmarks.cut_outs.cut_out_masks import cut
from benchmarks.cut_outs.cut_out_trial import Finder, Street, passes_trial
from benchmarks.scenes.cut_out import CutOut, CutOutError
from benchmarks.scenes.ground import USUAL_SIZES
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

_INDEX = "cut_outs.json"
_PER_CLASS = 16
_TRIED_PER_CLASS = 60
# More pictures than this need not be held in memory to choose from.
_REMEMBERED_PER_CLASS = 300

# Of a class of which the finder finds fewer again, so many are kept all the same: a real picture
# that no model finds yet is better than a drawing, and rules can be tried with it.
_UNPROVEN = 3


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    file: str
    origin: str
    proven: bool


class _Index(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cut_outs: tuple[_Kept, ...]


class CutOutLibrary:
    """Cut-outs by visual class.

    Args:
        cut_outs: Any number of any classes; which one a variety means follows from their order.
        proven_classes: Classes whose cut-outs the finder found again in other streets.
    """

    def __init__(self, cut_outs: Iterable[CutOut], proven_classes: Iterable[str]) -> None:
        self.proven_classes = frozenset(proven_classes)
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
            proven = what in self.proven_classes
            for number, one in enumerate(found):
                file = f"{what}_{number:02}.png"
                if not cv2.imwrite(str(folder / file), one.pixels):
                    raise CityPatrolError(f"cut-out {folder / file} cannot be written")
                kept.append(_Kept(what=what, file=file, origin=one.origin, proven=proven))
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
        kept = _Index.model_validate_json(path.read_text(encoding="utf-8")).cut_outs
        for one in kept:
            pixels = cv2.imread(str(folder / one.file), cv2.IMREAD_UNCHANGED)
            if pixels is None or pixels.ndim != 3 or pixels.shape[2] != 4:
                raise CutOutError(
                    f"cut-out {folder / one.file} is missing or damaged; delete {folder} and it "
                    "is made again"
                )
            found.append(CutOut(one.what, pixels.astype(np.uint8, copy=False), one.origin))
        return cls(found, (one.what for one in kept if one.proven))


def make_library(candidates: Iterable[Candidate], finder: Finder, street: Street) -> CutOutLibrary:
    """Cut out the best candidates that are found again in other streets.

    Args:
        candidates: Things of any classes.
        finder: Says what it finds in a picture.
        street: Gives empty streets to try each cut-out in.
    """
    by_class: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        if one.what not in USUAL_SIZES:
            continue  # no scene could show it in its size
        found = by_class[one.what]
        found.append(one)
        if len(found) == 2 * _REMEMBERED_PER_CLASS:
            found.sort(key=lambda candidate: -candidate.score)
            del found[_REMEMBERED_PER_CLASS:]
    kept: list[CutOut] = []
    proven_classes = []
    for what, found in sorted(by_class.items()):
        proven, unproven = _tried(found, finder, street)
        if proven:
            proven_classes.append(what)
        log.info("cut_outs_made", visual_class=what, candidates=len(found), proven=len(proven))
        kept += proven or unproven[:_UNPROVEN]
    return CutOutLibrary(kept, proven_classes)


def _tried(
    candidates: list[Candidate], finder: Finder, street: Street
) -> tuple[list[CutOut], list[CutOut]]:
    """Cut-outs of one class: those that are found again, and the others."""
    proven: list[CutOut] = []
    unproven: list[CutOut] = []
    for one in without_likes(candidates, _TRIED_PER_CLASS):
        try:
            result = cut(one.part, one.part_box, one.what, one.origin, one.empty_part)
        except CutOutError:
            continue
        (proven if passes_trial(result, finder, street) else unproven).append(result)
        if len(proven) == _PER_CLASS:
            break
    return proven, unproven
