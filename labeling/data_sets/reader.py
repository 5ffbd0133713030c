"""Reads a data set in YOLO's layout; whatever is wrong with it is named, counted and left out."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

from labeling.data_sets.camera_name import camera_of
from labeling.data_sets.class_aliases import ClassAliases, load_class_aliases
from labeling.data_sets.data_fault import DataFault, DataFaultKind, faults_by_kind
from labeling.data_sets.data_set import DataSet, DataSetError
from labeling.data_sets.description import DataSetDescription, read_description
from labeling.data_sets.drawn_otherwise import BoxCorrection, box_corrections
from labeling.data_sets.label_file import NO_BOXES, NO_CLASS_IDS, LabelFile, read_label_file
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.picture_file import inspect_picture
from labeling.data_sets.split_files import SplitFiles, find_split_files, label_path

# Decoding runs beside Python; more threads than this only wait for the disk.
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class _ReadPicture:
    """One picture file: the labelled picture if nothing speaks against it, and its faults."""

    picture: LabelledPicture | None
    faults: tuple[DataFault, ...]


def read_data_set(
    folder: Path,
    aliases: ClassAliases | None = None,
    camera_pattern: re.Pattern[str] | None = None,
) -> DataSet:
    """Read the data set in ``folder``, every picture decoded to its end.

    The layout is that of Ultralytics: ``data.yaml`` names the classes and the folder of each
    split, ``labels/…/a.txt`` belongs to ``images/…/a.jpg``. ``meta.json`` may tell source,
    licence, note and cameras (``DataSetMeta``). Boxes of known public sets that are drawn otherwise
    than the catalogue means them are put right (``drawn_otherwise.yaml``).

    Args:
        folder: Folder with data.yaml.
        aliases: Visual classes of its class names; the built-in ones if None.
        camera_pattern: Finds the camera in a picture's file name; the set's own if None.

    Raises:
        DataSetError: It is no data set, or not one picture of it can be used.
    """
    description = read_description(folder)
    aliases = aliases or load_class_aliases()
    pattern = camera_pattern or description.meta.camera_pattern
    corrections = box_corrections(description.meta.source, description.class_names)
    splits: dict[str, tuple[LabelledPicture, ...]] = {}
    faults: list[DataFault] = []
    repeated: dict[str, str] = {}
    for name, files in _files_of_splits(description, faults, repeated).items():
        read = list(_read_pictures(files, description, pattern))
        usable = [one.picture for one in read if one.picture is not None]
        splits[name] = tuple(_corrected(picture, corrections) for picture in usable)
        faults += [*files.faults, *(fault for one in read for fault in one.faults)]
        faults += _count_differences(description, name, files, splits[name])
    if not any(splits.values()):
        raise DataSetError(_nothing_usable(folder, faults))
    return DataSet(
        name=folder.resolve().name,
        folder=folder,
        class_names=description.class_names,
        visual_classes=tuple(map(aliases.visual_classes, description.class_names)),
        source=description.meta.source,
        licence=description.meta.licence,
        note=description.meta.note,
        splits=splits,
        faults=tuple(faults),
        repeated_splits=repeated,
    )


def _files_of_splits(
    description: DataSetDescription, faults: list[DataFault], repeated: dict[str, str]
) -> dict[str, SplitFiles]:
    """Find each split's files; those that do not count are added to ``faults``.

    A split that is the same as one before is added to ``repeated``, too.
    """
    found: dict[str, SplitFiles] = {}
    for name, places in description.places.items():
        files = find_split_files(description.root, places)
        same = [other for other in found if files.pictures and found[other] == files]
        place = description.root / places[0]
        if same:
            detail = f"{name} is the same pictures as {same[0]}"
            faults.append(DataFault(DataFaultKind.SPLIT_REPEATED, place, detail))
            repeated[name] = same[0]
            continue
        if not files.pictures and not files.faults:
            detail = f"{name} has no picture"
            faults.append(DataFault(DataFaultKind.SPLIT_ABSENT, place, detail))
        found[name] = files
    return found


def _read_pictures(
    files: SplitFiles, description: DataSetDescription, pattern: re.Pattern[str] | None
) -> Iterator[_ReadPicture]:
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads, thread_name_prefix="read-picture") as pool:
        class_count = len(description.class_names)
        for read in pool.map(_read_picture, files.pictures, repeat(class_count)):
            if read.picture is None:
                yield read
                continue
            camera = camera_of(read.picture.path, description.meta, pattern)
            yield _ReadPicture(replace(read.picture, camera=camera), read.faults)


def _corrected(picture: LabelledPicture, corrections: tuple[BoxCorrection, ...]) -> LabelledPicture:
    for correction in corrections:
        picture = correction.corrected(picture)
    return picture


def _read_picture(path: Path, class_count: int) -> _ReadPicture:
    facts = inspect_picture(path)
    if isinstance(facts, DataFault):
        return _ReadPicture(None, (facts,))
    label = _read_label(path, class_count)
    faults = (*facts.faults, *label.faults)
    if any(fault.kind.leaves_out for fault in faults):
        return _ReadPicture(None, faults)
    picture = LabelledPicture(path, facts.width, facts.height, label.boxes, label.class_ids)
    return _ReadPicture(picture, faults)


def _read_label(picture: Path, class_count: int) -> LabelFile:
    path = label_path(picture)
    if path.exists():
        return read_label_file(path, class_count)
    fault = DataFault(DataFaultKind.PICTURE_WITHOUT_LABEL, picture, "counts as empty")
    return LabelFile(NO_BOXES, NO_CLASS_IDS, (fault,))


def _count_differences(
    description: DataSetDescription,
    split: str,
    files: SplitFiles,
    pictures: tuple[LabelledPicture, ...],
) -> list[DataFault]:
    told = description.meta.splits.get(split)
    if told is None:
        return []
    differences = []
    if told.images != len(files.pictures):
        differences.append(f"{len(files.pictures)} pictures, {told.images} by meta.json")
    if len(pictures) == len(files.pictures):
        counted = Counter(int(index) for picture in pictures for index in picture.class_ids)
        for index, name in enumerate(description.class_names):
            expected = told.boxes.get(name, counted[index])
            if expected != counted[index]:
                differences.append(f"{counted[index]} boxes of {name}, {expected} by meta.json")
    place = description.root / description.places[split][0]
    return [
        DataFault(DataFaultKind.COUNT_DIFFERS, place, f"{split}: {difference}")
        for difference in differences
    ]


def _nothing_usable(folder: Path, faults: list[DataFault]) -> str:
    kinds = ", ".join(
        f"{len(found)} {kind} (such as {found[0]})"
        for kind, found in faults_by_kind(faults).items()
    )
    return f"data set {folder} has no picture that can be used: {kinds or 'its folders are empty'}"
