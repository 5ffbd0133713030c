"""Small pictures show the thing in its surroundings, whole and undistorted."""

import io

import pytest
from PIL import Image, ImageDraw

from api.http.small_picture import HEIGHT, WIDTH, small_picture

RED, GREY = (220, 30, 30), (128, 128, 128)


def picture(width: int, height: int, box: tuple[float, float, float, float]) -> bytes:
    drawn = Image.new("RGB", (width, height), GREY)
    left, top, right, bottom = box
    place = (left * width, top * height, right * width, bottom * height)
    ImageDraw.Draw(drawn).rectangle(place, fill=RED)
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=95)
    return written.getvalue()


def red_box(jpeg: bytes) -> tuple[int, int, int, int]:
    small = Image.open(io.BytesIO(jpeg))
    assert small.size == (WIDTH, HEIGHT)
    red, green, _ = small.split()
    found = Image.merge("L", (red,)).point(lambda one: 255 if one > 170 else 0)
    found.paste(0, mask=green.point(lambda one: 255 if one > 90 else 0))
    box = found.getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (640, 640), (600, 1000), (320, 240)])
@pytest.mark.parametrize(
    "box",
    [(0.45, 0.4, 0.55, 0.5), (0.0, 0.0, 0.1, 0.1), (0.9, 0.92, 1.0, 1.0), (0.3, 0.1, 0.6, 0.4)],
    ids=["middle", "corner", "other corner", "large"],
)
def test_the_thing_is_there_whole_and_undistorted(width: int, height: int, box: tuple):
    left, top, right, bottom = red_box(small_picture(picture(width, height, box), box))
    shape = (right - left) / (bottom - top)
    told = (box[2] - box[0]) * width / ((box[3] - box[1]) * height)
    assert shape == pytest.approx(told, rel=0.15)
    assert (right - left) * (bottom - top) < 0.6 * WIDTH * HEIGHT


def test_a_thing_that_fills_the_picture_is_shown_as_far_as_the_shape_goes():
    box = (0.0, 0.0, 1.0, 1.0)
    left, top, right, bottom = red_box(small_picture(picture(400, 800, box), box))
    assert (left, top, right, bottom) == (0, 0, WIDTH, HEIGHT)
