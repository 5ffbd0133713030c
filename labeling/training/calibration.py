"""Pictures that show quantisation what a model will see."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from detector.inference.letterbox import Letterbox
from labeling.data_sets.picture_file import PICTURE_SUFFIXES, PictureFacts, inspect_picture
from labeling.data_sets.reader import read_data_set
from models.cards.model_card import Preprocessing
from models.intake.quantisation import InputTensor
from streams.kit.errors import CityPatrolError

_DESCRIPTION = "data.yaml"
_TRAINING_SPLIT = "train"


class CalibrationError(CityPatrolError):
    """There are no pictures to calibrate with."""


class CalibrationPictures(Collection[InputTensor]):
    """Pictures as a worker prepares them for a model, each read from disk when it is its turn.

    300 pictures of 640 x 640 pixels would take 1.5 GB if they were held.

    Args:
        paths: Pictures that OpenCV can open.
        preprocessing: How the model takes them.
    """

    def __init__(self, paths: Sequence[Path], preprocessing: Preprocessing) -> None:
        self._paths = tuple(paths)
        self._preprocessing = preprocessing

    def __len__(self) -> int:
        return len(self._paths)

    def __iter__(self) -> Iterator[InputTensor]:
        return map(self._prepared, self._paths)

    def __contains__(self, item: object) -> bool:
        return any(item is picture for picture in self)

    def _prepared(self, path: Path) -> InputTensor:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise CalibrationError(f"calibration picture {path} cannot be read any more")
        size = self._preprocessing
        letterbox = Letterbox.fitting(
            picture.astype(np.uint8, copy=False), size.input_width, size.input_height
        )
        fitted = letterbox.apply(picture.astype(np.uint8, copy=False))
        channels = np.ascontiguousarray(fitted[:, :, ::-1].transpose(2, 0, 1))[None]
        return channels.astype(np.float32) * np.float32(size.scale)


def choose_calibration_pictures(folders: Sequence[Path], count: int) -> tuple[Path, ...]:
    """Choose about ``count`` pictures, as many from each folder and spread over all of it.

    The same folders give the same pictures.

    Args:
        folders: Data sets, of which only the split "train" is used, since calibrating on what a
            model is measured with would flatter it; or folders of pictures without labels.
        count: How many to choose; fewer where there are fewer.

    Raises:
        CalibrationError: A folder has no picture that can be used.
        DataSetError: A data set cannot be read.
    """
    found = sorted((_pictures(folder) for folder in folders), key=len)
    chosen: list[Path] = []
    for index, paths in enumerate(found):
        # What a small folder cannot give is shared out among the larger ones after it.
        share = min(-(-(count - len(chosen)) // (len(found) - index)), len(paths))
        chosen += [paths[place * len(paths) // share] for place in range(share)]
    return tuple(chosen)


def _pictures(folder: Path) -> list[Path]:
    if (folder / _DESCRIPTION).is_file():
        paths = [one.path for one in read_data_set(folder).splits.get(_TRAINING_SPLIT, ())]
        lacking = f"has no picture in its split {_TRAINING_SPLIT!r}"
    else:
        paths = sorted(
            path
            for path in folder.rglob("*")
            if path.suffix.lower() in PICTURE_SUFFIXES
            and isinstance(inspect_picture(path), PictureFacts)
        )
        lacking = f"holds neither {_DESCRIPTION} nor pictures that can be read"
    if not paths:
        lacking = lacking if folder.is_dir() else "is not there"
        raise CalibrationError(f"folder {folder} {lacking}: give --data another one")
    return paths
