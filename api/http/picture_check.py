"""Whether bytes are a JPEG picture: by decoding them, for the first bytes may lie."""

import io
import warnings
from enum import StrEnum

from PIL import Image, JpegImagePlugin

# Four times the pixels of the largest street cameras; decoded they take 200 MB.
MOST_PIXELS = 64_000_000


class PictureFault(StrEnum):
    """What is wrong with bytes that should be a JPEG picture."""

    NO_JPEG = "no_jpeg"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"


class BrokenPictureError(ValueError):
    """Bytes that are no JPEG picture; says why.

    Attributes:
        fault: Why, as a word.
    """

    def __init__(self, fault: PictureFault, said: str) -> None:
        self.fault = fault
        super().__init__(said)


def opened_jpeg(content: bytes) -> JpegImagePlugin.JpegImageFile:
    """Read the head of a JPEG picture.

    Raises:
        SyntaxError: It is none.
    """
    with warnings.catch_warnings():
        # Pillow's own limit warns; ours refuses.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        # Not by Image.open, which other packages put their own in the place of.
        return JpegImagePlugin.JpegImageFile(io.BytesIO(content))


def check_jpeg(content: bytes) -> None:
    """Decode a JPEG picture, at an eighth of its size: all its bytes are read all the same.

    Raises:
        BrokenPictureError: It is none, is broken off, or is absurdly large.
    """
    try:
        picture = opened_jpeg(content)
        _check_pixels(*picture.size)
        picture.draft("L", (1, 1))
        picture.load()
    except SyntaxError:
        start = content[:8].hex() or "nothing"
        raise BrokenPictureError(
            PictureFault.NO_JPEG, f"it starts with {start} and cannot be read"
        ) from None
    except BrokenPictureError:
        raise
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise BrokenPictureError(PictureFault.BROKEN, str(error)) from None


def _check_pixels(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BrokenPictureError(
            PictureFault.TOO_MANY_PIXELS,
            f"{width} x {height} pixels are more than the {MOST_PIXELS} allowed",
        )
