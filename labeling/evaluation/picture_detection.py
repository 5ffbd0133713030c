"""Running a model over labelled pictures."""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from detector.detections import Detections
from detector.inference.backend import Backend
from labeling.data_sets.labelled_picture import LabelledPicture
from streams.frame import Picture
from streams.kit.errors import CityPatrolError


class PictureError(CityPatrolError):
    """A labelled picture cannot be read, or is not the one that was labelled."""


@dataclass(frozen=True, slots=True)
class DetectedPictures:
    """What a model found in pictures.

    Attributes:
        found: One entry per picture, in their order.
        seconds: How long it took, reading the pictures included.
    """

    found: tuple[Detections, ...]
    seconds: float

    @property
    def pictures_per_second(self) -> float:
        """Pictures read and looked at per second."""
        return len(self.found) / self.seconds


def detect_pictures(
    backend: Backend, pictures: Sequence[LabelledPicture], title: str
) -> DetectedPictures:
    """Look at every picture, with a progress bar of this title where a person watches.

    The backend takes no more pictures than it can hold, so that memory does not grow with the
    set.

    Raises:
        PictureError: A picture cannot be read.
        InferenceError: The model failed on one.
    """
    console = Console(stderr=True)
    started = time.monotonic()
    waiting: list[Future[list[Detections]]] = [
        backend.detect([read_labelled_picture(picture)])
        for picture in track(
            pictures,
            title,
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
    ]
    found = tuple(future.result()[0] for future in waiting)
    return DetectedPictures(found, time.monotonic() - started)


def read_labelled_picture(picture: LabelledPicture) -> Picture:
    """The picture as it was labelled.

    Raises:
        PictureError: It cannot be read or has another size.
    """
    read = cv2.imread(str(picture.path), cv2.IMREAD_COLOR)
    if read is None:
        raise PictureError(f"picture {picture.path} cannot be read: missing or no picture")
    height, width = read.shape[:2]
    if (width, height) != (picture.width, picture.height):
        raise PictureError(
            f"picture {picture.path} has {width} x {height} pixels, but {picture.width} x "
            f"{picture.height} when its labels were read: it was changed meanwhile"
        )
    return read.astype(np.uint8, copy=False)
