"""The files of one split: pictures, and the labels that belong to them by name."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labeling.data_sets.data_fault import DataFault, DataFaultKind
from labeling.data_sets.picture_file import PICTURE_SUFFIXES

# Annotation tools leave the list of class names among the labels.
_NO_LABELS = frozenset({"classes.txt"})


@dataclass(frozen=True, slots=True)
class SplitFiles:
    """What lies in a split.

    Attributes:
        pictures: Picture files whose name is their own, sorted.
        faults: What is wrong with the others.
    """

    pictures: tuple[Path, ...]
    faults: tuple[DataFault, ...]


def label_path(picture: Path) -> Path:
    """Where the label of ``picture`` lies: ``images`` in its path becomes ``labels``.

    Example:
        >>> label_path(Path("set/images/train/a.jpg")).as_posix()
        'set/labels/train/a.txt'
    """
    return _labels_folder(picture.parent) / f"{picture.stem}.txt"


def _labels_folder(pictures: Path) -> Path:
    parts = list(pictures.parts)
    for index in reversed(range(len(parts))):
        if parts[index] == "images":
            parts[index] = "labels"
            break
    return Path(*parts)


def find_split_files(root: Path, places: tuple[str, ...]) -> SplitFiles:
    """Find the pictures of a split below its folders, or named in its list files.

    Links are followed, also out of the set.

    Args:
        root: Folder that ``places`` are relative to.
        places: Folders, or .txt files that list one picture per line.
    """
    faults: list[DataFault] = []
    files: list[Path] = []
    labels: list[Path] = []
    for place in places:
        path = _existing(root, place)
        if path is None:
            faults.append(DataFault(DataFaultKind.SPLIT_ABSENT, root / place, "is not there"))
        elif path.is_file():
            files += _listed(path)
        else:
            files += _walk(path)
            labels += _walk(_labels_folder(path))
    files = sorted(set(files))
    pictures = [path for path in files if path.suffix.lower() in PICTURE_SUFFIXES]
    faults += _ignored(files)
    faults += _labels_without_picture(labels, pictures)
    own_name, shared_name = _by_name(pictures)
    return SplitFiles(own_name, (*faults, *shared_name))


def _existing(root: Path, place: str) -> Path | None:
    # One common exporter writes ../train/images, meant from a folder that is not there.
    for candidate in (root / place, root / place.removeprefix("../")):
        if candidate.is_dir() or (candidate.is_file() and candidate.suffix == ".txt"):
            return candidate
    return None


def _listed(path: Path) -> list[Path]:
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return [path.parent / line.strip() for line in lines if line.strip()]


def _walk(folder: Path) -> Iterator[Path]:
    seen = set()
    for parent, folders, names in os.walk(folder, followlinks=True):
        # A link to a folder above would go round for ever.
        real = Path(parent).resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        for name in names:
            yield Path(parent, name)


def _ignored(files: list[Path]) -> list[DataFault]:
    # Labels may lie beside their pictures; tools leave hidden files and caches.
    usual = PICTURE_SUFFIXES | {".txt", ".cache"}
    return [
        DataFault(DataFaultKind.FILE_IGNORED, path, f"has the suffix {path.suffix!r}")
        for path in files
        if path.suffix.lower() not in usual and not path.name.startswith(".")
    ]


def _labels_without_picture(labels: list[Path], pictures: list[Path]) -> list[DataFault]:
    described = {label_path(picture) for picture in pictures}
    return [
        DataFault(DataFaultKind.LABEL_WITHOUT_PICTURE, path, "has no picture of its name")
        for path in sorted(set(labels))
        if path.suffix == ".txt" and path.name not in _NO_LABELS and path not in described
    ]


def _by_name(pictures: list[Path]) -> tuple[tuple[Path, ...], list[DataFault]]:
    named: dict[Path, list[Path]] = {}
    for picture in pictures:
        named.setdefault(label_path(picture), []).append(picture)
    alone = tuple(sorted(group[0] for group in named.values() if len(group) == 1))
    faults = [
        DataFault(DataFaultKind.PICTURES_OF_ONE_NAME, path, f"shares its label with {other.name}")
        for group in named.values()
        if len(group) > 1
        for path, other in zip(group, [*group[1:], group[0]], strict=True)
    ]
    return alone, faults
