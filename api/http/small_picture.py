"""Small pictures for lists: a part of a large one, with the thing and what is around it."""

import io

from PIL import Image

from api.http.picture_check import opened_jpeg

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of the picture."""

# Twice what a list shows, for screens of high density.
WIDTH, HEIGHT = 240, 160
QUALITY = 78
# A thing alone says little of what is wrong with it: at least this part of the picture is shown,
SMALLEST_PART = 0.35
# and this many times the thing itself.
SURROUNDINGS = 2.0


def small_picture(jpeg: bytes, box: Box) -> bytes:
    """Cut out what is around a box, in the small picture's shape, and shrink it.

    Args:
        jpeg: A JPEG picture that passed ``check_jpeg``.
        box: Where the thing is in it.
    """
    picture = opened_jpeg(jpeg)
    left, top, right, bottom = _part(box, picture.width / picture.height)
    # Decoded at an eighth, a quarter or half of its size where that is enough.
    picture.draft("RGB", (round(WIDTH / (right - left)), round(HEIGHT / (bottom - top))))
    width, height = picture.size
    part = (left * width, top * height, right * width, bottom * height)
    small = picture.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=part)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def _part(box: Box, aspect: float) -> Box:
    """The part of a picture of an aspect that is shown for a box, in the small one's shape."""
    left, top, right, bottom = box
    width = max(SMALLEST_PART, SURROUNDINGS * (right - left))
    height = max(SMALLEST_PART, SURROUNDINGS * (bottom - top))
    # Of the same shape: as fractions, a height is worth more in a wide picture.
    shape = WIDTH / HEIGHT / aspect
    width, height = max(width, height * shape), max(height, width / shape)
    shrink = min(1.0, 1.0 / width, 1.0 / height)
    width, height = width * shrink, height * shrink
    from_left = min(max(0.0, (left + right - width) / 2), 1.0 - width)
    from_top = min(max(0.0, (top + bottom - height) / 2), 1.0 - height)
    return from_left, from_top, from_left + width, from_top + height
