import warnings

import numpy as np
import pytest

from detector.inference.letterbox import PADDING_GREY, Letterbox

SIZES = [(640, 480), (480, 640), (1920, 1080), (641, 359), (320, 240), (3000, 1), (1, 3000), (7, 5)]


def noise(width: int, height: int) -> np.ndarray:
    """A picture of random values."""
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_picture_of_any_size_fits(width: int, height: int):
    picture = noise(width, height)
    box = Letterbox.fitting(picture, 640, 352)
    fitted = box.apply(picture)
    assert fitted.shape == (352, 640, 3)
    assert fitted.dtype == np.uint8
    assert box.width == 640 or box.height == 352
    inside = np.zeros((352, 640), bool)
    inside[box.top : box.top + box.height, box.left : box.left + box.width] = True
    assert (fitted[~inside] == PADDING_GREY).all()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_boxes_come_back_as_fractions(width: int, height: int):
    box = Letterbox.fitting(noise(width, height), 640, 352)
    whole = [box.left, box.top, box.left + box.width, box.top + box.height]
    middle = [
        box.left + box.width / 4,
        box.top + box.height / 2,
        box.left + box.width / 2,
        box.top + box.height,
    ]
    back = box.fractions(np.array([whole, middle], np.float32))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, [[0, 0, 1, 1], [0.25, 0.5, 0.5, 1]], atol=1e-6)


def test_boxes_are_clipped_to_the_picture():
    box = Letterbox.fitting(noise(640, 320), 640, 640)
    back = box.fractions(np.array([[-50, 0, 700, 640], [10, 0, 20, 50]], np.float32))
    np.testing.assert_allclose(back[0], [0, 0, 1, 1])
    np.testing.assert_allclose(back[1, [1, 3]], [0, 0])


def test_no_boxes_stay_no_boxes():
    box = Letterbox.fitting(noise(640, 320), 640, 640)
    assert box.fractions(np.zeros((0, 4), np.float32)).shape == (0, 4)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_is_ultralytics_letterbox(width: int, height: int):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        augment = pytest.importorskip("ultralytics.data.augment", reason="extra 'train' is absent")
    picture = noise(width, height)
    expected = augment.LetterBox(new_shape=(640, 640))(image=picture)
    np.testing.assert_array_equal(Letterbox.fitting(picture, 640, 640).apply(picture), expected)
