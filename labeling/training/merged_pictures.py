"""Merged pictures: several partly labelled data sets as one that Ultralytics reads.

A folder with links to the pictures, rewritten labels and a data.yaml. Each picture gets one
unknown region over its whole area, of the kind of its set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.training.unknown_regions import UnknownRegions
from streams.kit.errors import CityPatrolError


class MergeError(CityPatrolError):
    """Data sets cannot be merged."""


@dataclass(frozen=True, slots=True)
class MergedSet:
    """One data set's part in the merged one.

    Attributes:
        name: Of the set; pictures are called after it.
        class_of: For each class of the set the model's class id, or None if it is not trained.
        unknown: Ids of the model's classes that may be in its pictures unmarked.
        train: Pictures to learn from.
        held_out: Pictures to validate on.
        repeat: How often each picture comes per epoch.
        class_repeats: For each class of the set, how many times as often a picture with it comes.
    """

    name: str
    class_of: tuple[int | None, ...]
    unknown: tuple[int, ...]
    train: Sequence[LabelledPicture]
    held_out: Sequence[LabelledPicture]
    repeat: int = 1
    class_repeats: tuple[int, ...] = ()

    def times(self, picture: LabelledPicture) -> int:
        """How often a picture to learn from comes per epoch."""
        rarest = 1
        if self.class_repeats:
            rarest = max((self.class_repeats[index] for index in picture.class_ids), default=1)
        return self.repeat * rarest


@dataclass(frozen=True, slots=True)
class Teaching:
    """What the base model teaches, and how pictures are spoilt.

    Attributes:
        teacher: Weights of the base model.
        taught_classes: Visual classes that the new model keeps from it; none if nobody teaches.
        degrade: Whether pictures are spoilt as street cameras do.
    """

    teacher: Path
    taught_classes: tuple[str, ...]
    degrade: bool


def write_merged(
    sets: Sequence[MergedSet], class_names: Sequence[str], teaching: Teaching, folder: Path
) -> Path:
    """Write the merged data set.

    Args:
        sets: Its parts.
        class_names: Visual classes of the model, in the order of its output.
        teaching: What the base model teaches.
        folder: Where it goes; must be empty or absent.

    Returns:
        Path of its data.yaml.

    Raises:
        MergeError: Nothing is left to train on or to validate on.
    """
    regions = UnknownRegions(len(class_names), tuple(part.unknown for part in sets))
    for split in ("train", "val"):
        for part in ("images", "labels"):
            (folder / part / split).mkdir(parents=True, exist_ok=True)
    for kind, merged in enumerate(sets):
        region_id = regions.class_id(kind)
        _write_split(merged, region_id, folder, "train")
        _write_split(merged, region_id, folder, "val")
    for split in ("train", "val"):
        if not any((folder / "images" / split).iterdir()):
            raise MergeError(f"no picture is left for the split {split!r} of {folder}")
    content = {
        "path": str(folder.resolve()),
        "train": "images/train",
        "val": "images/val",
        "names": dict(enumerate(class_names)),
        "unknown_classes": [list(part.unknown) for part in sets],
        "taught_classes": list(teaching.taught_classes),
        "teacher": str(teaching.teacher.resolve()),
        "degrade": teaching.degrade,
    }
    path = folder / "data.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _write_split(part: MergedSet, region_id: int, folder: Path, split: str) -> None:
    is_learnt = split == "train"
    for picture in part.train if is_learnt else part.held_out:
        text = _label_text(picture, part.class_of, region_id)
        suffixes = [f"-{repetition}" for repetition in range(part.times(picture))]
        for suffix in suffixes if is_learnt else [""]:
            stem = f"{part.name}-{picture.path.stem}{suffix}"
            link = folder / "images" / split / f"{stem}{picture.path.suffix.lower()}"
            if link.is_symlink():
                raise MergeError(
                    f"two pictures of the set {part.name!r} are called {picture.path.stem!r}"
                )
            link.symlink_to(picture.path.resolve())
            (folder / "labels" / split / f"{stem}.txt").write_text(text, encoding="ascii")


def _label_text(picture: LabelledPicture, class_of: tuple[int | None, ...], region_id: int) -> str:
    lines = [f"{region_id} 0.5 0.5 1 1"]
    for class_id, box in zip(picture.class_ids, np.asarray(picture.boxes, np.float64), strict=True):
        mapped = class_of[class_id]
        if mapped is None:
            continue
        left, top, right, bottom = box
        place = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
        lines.append(" ".join([str(mapped), *(f"{value:.6f}" for value in place)]))
    return "\n".join(lines) + "\n"
