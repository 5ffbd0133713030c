"""Picture files of a data set: whether they are whole, and how large they are shown."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from labeling.data_sets.data_fault import DataFault, DataFaultKind

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
"""What the training engine and OpenCV both open."""

# By content, whatever the suffix says.
_KNOWN_FORMS = ("PNG", "BMP", "WEBP", "TIFF")

# Fewer show nothing; the training engine drops such pictures without a word.
SMALLEST_SIDE = 10
# A street camera's 8K picture has 33 million; more would need gigabytes to be opened.
MOST_PIXELS = 89_000_000

_ORIENTATION_TAG = 0x0112
_TURNED_SIDEWAYS = frozenset({5, 6, 7, 8})
_JPEG_START = b"\xff\xd8"
_COLOURS_OF_JPEG = {"Gray": "GRAY", "CMYK": "CMYK", "YCCK": "CMYK"}
_EIGHT_BIT_MODES = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX"})


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What is known of a picture that is whole.

    Attributes:
        width: Pixels across, as shown.
        height: Pixels down, as shown.
        faults: What is odd about it, none of a kind that leaves it out.
    """

    width: int
    height: int
    faults: tuple[DataFault, ...]


def inspect_picture(path: Path) -> PictureFacts | DataFault:
    """Decode a picture to its end and tell its size, or what is wrong with it.

    A torn JPEG file decodes without an error in most libraries, which fill what is missing with
    grey; here every warning of the decoder counts as damage.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        return DataFault(DataFaultKind.PICTURE_UNREADABLE, path, error.strerror or str(error))
    if not content:
        return DataFault(DataFaultKind.PICTURE_EMPTY_FILE, path, "has no bytes")
    if content.startswith(_JPEG_START):
        return _inspect_jpeg(path, content)
    return _inspect_other(path, content)


def _inspect_jpeg(path: Path, content: bytes) -> PictureFacts | DataFault:
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(content)
        fault = _size_fault(path, width, height)
        if fault is not None:
            return fault
        # An eighth of the size, since all of the file is read for it too.
        simplejpeg.decode_jpeg(
            content, _COLOURS_OF_JPEG.get(colours, "BGR"), min_height=1, min_width=1, min_factor=8
        )
    except ValueError as error:
        return DataFault(DataFaultKind.PICTURE_BROKEN, path, str(error))
    unusual = "CMYK" if _COLOURS_OF_JPEG.get(colours) == "CMYK" else ""
    return _facts(path, (width, height), _orientation(content), unusual)


def _inspect_other(path: Path, content: bytes) -> PictureFacts | DataFault:
    with warnings.catch_warnings():
        # Pillow warns of damaged tags and of many pixels; both are judged here.
        warnings.simplefilter("ignore")
        try:
            picture = Image.open(io.BytesIO(content), formats=_KNOWN_FORMS)
        except (OSError, SyntaxError, ValueError, ImportError) as error:
            # Once Ultralytics is imported, Pillow wants a package for HEIF instead of saying no.
            told = "is no JPEG, PNG, BMP, WebP or TIFF picture"
            if not isinstance(error, UnidentifiedImageError | ImportError):
                told = str(error)
            return DataFault(DataFaultKind.PICTURE_UNREADABLE, path, told)
        except Image.DecompressionBombError as error:
            return DataFault(DataFaultKind.PICTURE_SIZE, path, str(error))
        with picture:
            fault = _size_fault(path, picture.width, picture.height)
            if fault is not None:
                return fault
            try:
                orientation = int(picture.getexif().get(_ORIENTATION_TAG, 1))
                picture.load()
            except (OSError, SyntaxError, ValueError, IndexError) as error:
                return DataFault(DataFaultKind.PICTURE_BROKEN, path, str(error))
            unusual = "" if picture.mode in _EIGHT_BIT_MODES else f"has pixels {picture.mode}"
            return _facts(path, picture.size, orientation, unusual)


def _size_fault(path: Path, width: int, height: int) -> DataFault | None:
    if min(width, height) >= SMALLEST_SIDE and width * height <= MOST_PIXELS:
        return None
    detail = (
        f"is {width} x {height} pixels; a side needs {SMALLEST_SIDE}, and all of it may have "
        f"{MOST_PIXELS}"
    )
    return DataFault(DataFaultKind.PICTURE_SIZE, path, detail)


def _orientation(content: bytes) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
                return int(picture.getexif().get(_ORIENTATION_TAG, 1))
        except (OSError, SyntaxError, ValueError, TypeError, ImportError):
            return 1  # damaged tags; OpenCV does not turn such a picture either


def _facts(
    path: Path, stored_size: tuple[int, int], orientation: int, unusual: str
) -> PictureFacts:
    width, height = stored_size
    faults = []
    if unusual:
        faults.append(DataFault(DataFaultKind.PICTURE_UNUSUAL, path, unusual))
    if 2 <= orientation <= 8:
        detail = f"EXIF orientation {orientation}"
        faults.append(DataFault(DataFaultKind.PICTURE_ROTATED, path, detail))
    if orientation in _TURNED_SIDEWAYS:
        width, height = height, width
    return PictureFacts(width, height, tuple(faults))


def grey_picture(path: Path) -> NDArray[np.uint8] | None:
    """Decode a picture to grey, at half its size where its form allows that cheaply.

    Returns:
        uint8 (height, width), turned as it is shown; None if it cannot be opened.
    """
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    if not content.size:
        return None
    decoded = cv2.imdecode(content, cv2.IMREAD_REDUCED_GRAYSCALE_2)
    return None if decoded is None else np.asarray(decoded, np.uint8)
