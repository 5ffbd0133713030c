"""Signatures of pictures: short vectors that stay much the same when a picture is copied.

A copy may be compressed again, resized, darkened, mirrored or cropped by up to a tenth. Plain
hashes of brightness take any two pictures for the same whose sky is bright and road is dark, or
that were turned by an augmentation and filled with black; so brightness and contrast are evened
out around each point first.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn

from labeling.data_sets.picture_file import grey_picture
from streams.kit.errors import CityPatrolError

# Frequencies of the cosine transform kept in each direction. With 16 or 20 a crop of a tenth no
# longer resembles its original; with 8 different streets look alike.
FREQUENCIES = 12

_THUMBNAIL_PIXELS = 128
_WINDOW_PIXELS = 64
# Contrast is evened out within this distance, a pixel of contrast up to this being noise.
_EVEN_OUT_PIXELS = 16.0
_NOISE_LEVEL = 8.0
_THREADS = 2

# Left, top and side as fractions: the whole picture, then its middle and corners.
_WINDOWS = (
    (0.0, 0.0, 1.0),
    *(
        (x * (1 - side), y * (1 - side), side)
        for side in (0.9, 0.8)
        for x, y in ((0.5, 0.5), (0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
    ),
)
_WEIGHTS = np.sqrt(np.hypot(*np.mgrid[:FREQUENCIES, :FREQUENCIES]))
# Mirroring a picture changes the sign of its odd frequencies across.
_MIRROR = np.tile((-1.0) ** np.arange(FREQUENCIES), FREQUENCIES).astype(np.float32)


class PictureSignatureError(CityPatrolError):
    """A picture that cannot be opened to compare it with others."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureSignatures:
    """What each of n pictures looks like.

    The product of two signatures is their similarity: 1 for the same picture, near 0 for two
    that have nothing in common.

    Attributes:
        windows: float32 (n, windows, FREQUENCIES ** 2): each picture's whole, then parts of it
            that a crop may have kept; each of length 1, or 0 for a picture without content.
    """

    windows: NDArray[np.float32]

    @property
    def whole(self) -> NDArray[np.float32]:
        """float32 (n, FREQUENCIES ** 2): of the whole pictures."""
        return np.ascontiguousarray(self.windows[:, 0])

    @property
    def mirrored(self) -> NDArray[np.float32]:
        """float32 (n, FREQUENCIES ** 2): of the whole pictures, left and right changed over."""
        return self.whole * _MIRROR

    def __len__(self) -> int:
        return len(self.windows)

    def at(self, places: NDArray[np.int64]) -> "PictureSignatures":
        """The signatures at these places, in their order."""
        return PictureSignatures(self.windows[places])


def sign_pictures(paths: Sequence[Path]) -> PictureSignatures:
    """Compute the signatures of picture files, in their order; 17 kB for each.

    Raises:
        PictureSignatureError: A file cannot be decoded.
    """
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="sign-picture") as pool:
        return _joined(pool.map(_sign_file, paths), len(paths))


def sign_picture(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Compute the signature of one picture.

    Args:
        grey: uint8 (height, width).

    Returns:
        float32 (windows, FREQUENCIES ** 2), as in ``PictureSignatures``.
    """
    size = (_THUMBNAIL_PIXELS, _THUMBNAIL_PIXELS)
    thumbnail = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    even = _evened_out(thumbnail)
    windows = np.stack([_window(even, *window) for window in _WINDOWS])
    transformed = dctn(windows, axes=(1, 2), norm="ortho")[:, :FREQUENCIES, :FREQUENCIES]
    vectors = (transformed * _WEIGHTS).reshape(len(_WINDOWS), -1)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)


def _joined(signatures: Iterable[NDArray[np.float32]], count: int) -> PictureSignatures:
    windows = np.empty((count, len(_WINDOWS), FREQUENCIES**2), np.float32)
    for index, signature in enumerate(signatures):
        windows[index] = signature
    return PictureSignatures(windows)


def _sign_file(path: Path) -> NDArray[np.float32]:
    grey = grey_picture(path)
    if grey is None:
        raise PictureSignatureError(
            f"picture {path} cannot be decoded any more; check its data set again"
        )
    return sign_picture(grey)


def _evened_out(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    difference = picture - cv2.GaussianBlur(picture, (0, 0), _EVEN_OUT_PIXELS)
    contrast = np.sqrt(cv2.GaussianBlur(difference**2, (0, 0), _EVEN_OUT_PIXELS))
    return np.asarray(difference / (contrast + _NOISE_LEVEL), np.float32)


def _window(
    picture: NDArray[np.float32], left: float, top: float, side: float
) -> NDArray[np.float32]:
    x, y, pixels = (round(value * _THUMBNAIL_PIXELS) for value in (left, top, side))
    part = picture[y : y + pixels, x : x + pixels]
    resized = cv2.resize(part, (_WINDOW_PIXELS, _WINDOW_PIXELS), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.float32)
