"""One number for the content of a data set, so that a card can say what was trained on."""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from labeling.data_sets.data_set import DataSet, DataSetError
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.split_files import label_path
from models.cards.model_card import sha256_of

_THREADS = 4
# Stands for the hash of a label file that is not there.
_NO_LABEL = "-"


def data_set_hash(data_set: DataSet) -> str:
    """Hexadecimal SHA-256 of all pictures in the splits of ``data_set`` and of their labels.

    Raises:
        DataSetError: A file cannot be read any more.
    """
    return pictures_hash(
        data_set.folder, (picture for split in data_set.splits.values() for picture in split)
    )


def pictures_hash(folder: Path, pictures: Iterable[LabelledPicture]) -> str:
    """Hexadecimal SHA-256 over each picture's path in ``folder``, its hash and its label's.

    The order of ``pictures`` does not matter, and neither does where the folder lies.

    Raises:
        DataSetError: A file cannot be read any more.
    """
    paths = sorted({picture.path for picture in pictures})
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="hash-picture") as pool:
        lines = sorted(pool.map(lambda path: _line(folder, path), paths))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _line(folder: Path, path: Path) -> str:
    label = label_path(path)
    try:
        hashes = sha256_of(path), sha256_of(label) if label.exists() else _NO_LABEL
    except OSError as error:
        raise DataSetError(
            f"{error.filename} cannot be read any more: {error.strerror}; check the data set again"
        ) from error
    relative = Path(os.path.relpath(path, folder)).as_posix()
    return f"{relative}\0{hashes[0]}\0{hashes[1]}\n"
