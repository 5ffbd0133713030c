"""What a check of a data set found, for people and for programs."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from labeling.data_sets.class_aliases import ClassAliases
from labeling.data_sets.content_hash import data_set_hash
from labeling.data_sets.data_fault import DataFaultKind, faults_by_kind
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.near_duplicates import SIMILARITY, near_duplicate_groups, resembling
from labeling.data_sets.picture_signatures import PictureSignatures, sign_pictures
from labeling.data_sets.reader import read_data_set

_FIRST_FEW = 3


class FaultsOfKind(BaseModel):
    """All faults of one kind.

    Attributes:
        kind: What is wrong.
        leaves_out: Whether what has it is left out.
        count: How many there are.
        first: The first few.
    """

    model_config = ConfigDict(frozen=True)

    kind: DataFaultKind
    leaves_out: bool
    count: int
    first: tuple[str, ...]


class SplitReport(BaseModel):
    """One split.

    Attributes:
        name: Such as "train".
        pictures: Pictures that may be used.
        empty_pictures: Those of them in which nothing is labelled.
        cameras: Cameras that they are known to be from.
        boxes: Boxes by the set's own class name.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    pictures: int
    empty_pictures: int
    cameras: int
    boxes: dict[str, int]


class NearDuplicates(BaseModel):
    """Pictures that are nearly the same.

    Attributes:
        groups: Groups of two or more.
        pictures: Pictures in them.
        largest: Pictures in the largest.
        across_splits: The first few groups that lie in several splits: one picture of each.
        groups_across_splits: How many such groups there are.
        leaking_train_pictures: Pictures in train that resemble a held-out one themselves.
    """

    model_config = ConfigDict(frozen=True)

    groups: int
    pictures: int
    largest: int
    across_splits: tuple[tuple[str, ...], ...]
    groups_across_splits: int
    leaking_train_pictures: int


class DataSetReport(BaseModel):
    """One data set.

    Attributes:
        name: Name of its folder.
        folder: Where it lies.
        licence: Its terms.
        sha256: Of what may be used of it.
        visual_classes: Its own class names to the visual classes that they may be.
        splits: Each split.
        faults: Each kind of fault that it has.
        near_duplicates: Pictures that are nearly the same.
        cameras_across_splits: Cameras with pictures in several splits; training leaves out their
            pictures in train too.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    folder: Path
    licence: str
    sha256: str
    visual_classes: dict[str, tuple[str, ...]]
    splits: tuple[SplitReport, ...]
    faults: tuple[FaultsOfKind, ...]
    near_duplicates: NearDuplicates
    cameras_across_splits: tuple[str, ...]

    @property
    def leaves_out(self) -> bool:
        """Whether something of the set had to be left out."""
        return any(found.leaves_out for found in self.faults)


def check_data_set(
    folder: Path,
    aliases: ClassAliases,
    camera_pattern: re.Pattern[str] | None = None,
    similarity: float = SIMILARITY,
) -> DataSetReport:
    """Read a data set, look for near-duplicates and report what was found.

    Args:
        folder: Folder with data.yaml.
        aliases: Visual classes of its class names.
        camera_pattern: Finds the camera in a file name; the set's own if None.
        similarity: Least similarity of two near-duplicates.

    Raises:
        DataSetError: It is no data set, or not one picture of it can be used.
    """
    data_set = read_data_set(folder, aliases, camera_pattern)
    return DataSetReport(
        name=data_set.name,
        folder=data_set.folder,
        licence=data_set.licence,
        sha256=data_set_hash(data_set),
        visual_classes=dict(zip(data_set.class_names, data_set.visual_classes, strict=True)),
        splits=tuple(_split_report(data_set, name) for name in data_set.splits),
        faults=tuple(
            FaultsOfKind(
                kind=kind,
                leaves_out=kind.leaves_out,
                count=len(found),
                first=tuple(map(str, found[:_FIRST_FEW])),
            )
            for kind, found in faults_by_kind(data_set.faults).items()
        ),
        near_duplicates=_near_duplicates(data_set, similarity),
        cameras_across_splits=_cameras_across_splits(data_set),
    )


def _split_report(data_set: DataSet, name: str) -> SplitReport:
    pictures = data_set.split(name)
    return SplitReport(
        name=name,
        pictures=len(pictures),
        empty_pictures=sum(not len(picture.class_ids) for picture in pictures),
        cameras=len({picture.camera for picture in pictures if picture.camera}),
        boxes=data_set.box_counts(name),
    )


def _near_duplicates(data_set: DataSet, similarity: float) -> NearDuplicates:
    pictures = [picture for split in data_set.splits.values() for picture in split]
    splits = np.array([name for name, split in data_set.splits.items() for _ in split])
    signatures = sign_pictures([picture.path for picture in pictures])
    groups = near_duplicate_groups(signatures, similarity)
    sizes = np.bincount(groups)
    across = [
        members
        for group in np.nonzero(sizes > 1)[0]
        if len(set(splits[members := np.nonzero(groups == group)[0]])) > 1
    ]
    return NearDuplicates(
        groups=int((sizes > 1).sum()),
        pictures=int(sizes[sizes > 1].sum()),
        largest=int(sizes.max()),
        groups_across_splits=len(across),
        across_splits=tuple(
            _one_of_each_split(pictures, splits[members].tolist(), members.tolist())
            for members in across[:_FIRST_FEW]
        ),
        leaking_train_pictures=_leaking(signatures, splits == "train", similarity),
    )


def _cameras_across_splits(data_set: DataSet) -> tuple[str, ...]:
    splits_of: dict[str, set[str]] = {}
    for name, split in data_set.splits.items():
        for picture in split:
            splits_of.setdefault(picture.camera, set()).add(name)
    return tuple(
        sorted(camera for camera, splits in splits_of.items() if camera and len(splits) > 1)
    )


def _one_of_each_split(
    pictures: Sequence[LabelledPicture], splits: list[str], members: list[int]
) -> tuple[str, ...]:
    first = dict(zip(reversed(splits), reversed(members), strict=True))
    return tuple(str(pictures[member].path) for member in sorted(first.values()))


def _leaking(signatures: PictureSignatures, train: np.ndarray, similarity: float) -> int:
    held_out = signatures.at(np.nonzero(~train)[0])
    alike = resembling(signatures.at(np.nonzero(train)[0]), held_out, similarity)
    return int((alike >= 0).sum())


def report_table(report: DataSetReport) -> RenderableType:
    """What a check found, for the terminal."""
    table = Table("class", "stands for", title_justify="left")
    table.title = f"{report.name} ({report.licence})"
    for split in report.splits:
        table.add_column(f"boxes in {split.name}", justify="right")
    for name, visual in report.visual_classes.items():
        counts = [split.boxes[name] for split in report.splits]
        if any(counts):
            table.add_row(name, ", ".join(visual), *map(str, counts))
    return Group(table, *(Text(line, overflow="fold") for line in _lines(report)), Text())


def _lines(report: DataSetReport) -> list[str]:
    lines = []
    for split in report.splits:
        cameras = f" of {split.cameras} cameras" if split.cameras else ""
        lines.append(
            f"{split.name}: {split.pictures} pictures{cameras}, {split.empty_pictures} with "
            "nothing labelled"
        )
    for found in report.faults:
        meaning = "left out" if found.leaves_out else "put right or harmless"
        lines.append(f"{found.count} {found.kind} ({meaning})")
        lines += [f"    {fault}" for fault in found.first]
        if found.count > len(found.first):
            lines.append(f"    … and {found.count - len(found.first)} more")
    if not report.faults:
        lines.append("no faults")
    alike = report.near_duplicates
    lines.append(
        f"{alike.groups} groups of near-duplicates with {alike.pictures} pictures, "
        f"the largest {alike.largest}"
        if alike.groups
        else "no near-duplicates"
    )
    if alike.groups_across_splits:
        lines.append(
            f"{alike.groups_across_splits} groups lie across splits; "
            f"{alike.leaking_train_pictures} pictures in train resemble a held-out one, and "
            "training leaves them out"
        )
        lines += [f"    {' ~ '.join(group)}" for group in alike.across_splits]
    if report.cameras_across_splits:
        shown = ", ".join(report.cameras_across_splits[:_FIRST_FEW])
        lines.append(
            f"{len(report.cameras_across_splits)} cameras lie across splits, such as {shown}; "
            "training leaves out their pictures in train"
        )
    lines.append(f"sha256 {report.sha256}")
    return lines
