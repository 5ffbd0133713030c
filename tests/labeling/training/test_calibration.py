import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector.inference.letterbox import Letterbox
from labeling.data_sets.data_set import DataSetError
from labeling.training.calibration import (
    CalibrationError,
    CalibrationPictures,
    choose_calibration_pictures,
)
from models.cards.model_card import Preprocessing
from tests.labeling.made_data_set import made_data_set
from tests.labeling.picture_folder import write_pictures


def test_pictures_are_prepared_as_a_worker_prepares_them(tmp_path: Path):
    paths = write_pictures(tmp_path, 2)
    prepared = CalibrationPictures(paths, Preprocessing(input_width=320, input_height=256))
    assert len(prepared) == len(list(prepared)) == len(list(prepared)) == 2
    for path, tensor in zip(paths, prepared, strict=True):
        picture = cv2.imread(str(path))
        expected = Letterbox.fitting(picture, 320, 256).apply(picture)
        assert tensor.shape == (1, 3, 256, 320)
        assert tensor.dtype == np.float32
        blue_green_red = (tensor[0, ::-1].transpose(1, 2, 0) * 255).round().astype(np.uint8)
        np.testing.assert_array_equal(blue_green_red, expected)


def test_a_picture_that_went_is_named(tmp_path: Path):
    prepared = CalibrationPictures(
        [tmp_path / "gone.png"], Preprocessing(input_width=64, input_height=64)
    )
    with pytest.raises(CalibrationError, match=r"gone\.png cannot be read any more"):
        list(prepared)


@pytest.mark.parametrize(
    ("sizes", "count", "expected"),
    [((9,), 3, (3,)), ((2, 9), 6, (2, 4)), ((9, 2), 6, (4, 2)), ((3, 3), 99, (3, 3))],
)
def test_each_folder_gives_as_much_as_it_can(
    tmp_path: Path, sizes: tuple[int, ...], count: int, expected: tuple[int, ...]
):
    folders = [tmp_path / f"{index}" for index in range(len(sizes))]
    for folder, size in zip(folders, sizes, strict=True):
        write_pictures(folder, size)
    chosen = choose_calibration_pictures(folders, count)
    assert len(set(chosen)) == len(chosen)
    assert tuple(sum(path.parent == folder for path in chosen) for folder in folders) == expected
    assert chosen == choose_calibration_pictures(folders, count)


def test_they_are_spread_over_a_folder(tmp_path: Path):
    paths = write_pictures(tmp_path, 10)
    assert choose_calibration_pictures([tmp_path], 2) == (paths[0], paths[5])


def test_of_a_data_set_only_the_training_split_is_used(tmp_path: Path):
    made_data_set(tmp_path / "set")
    chosen = choose_calibration_pictures([tmp_path / "set"], 300)
    assert chosen
    assert {path.parent.name for path in chosen} == {"train"}


def test_damaged_pictures_stay_away(tmp_path: Path):
    whole, torn = write_pictures(tmp_path, 2)
    torn.write_bytes(torn.read_bytes()[:100])
    assert choose_calibration_pictures([tmp_path], 300) == (whole,)


@pytest.mark.parametrize("content", ["nothing", "text"])
def test_a_folder_without_pictures_is_named(tmp_path: Path, content: str):
    if content == "text":
        (tmp_path / "a.jpg").write_text("no picture")
    with pytest.raises(CalibrationError, match=r"holds neither data\.yaml nor pictures"):
        choose_calibration_pictures([tmp_path], 5)


def test_what_is_no_picture_stays_away_beside_ultralytics_too(tmp_path: Path):
    # Its import changes what Pillow does with a file that it does not know.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ultralytics")
    (whole,) = write_pictures(tmp_path, 1)
    (tmp_path / "b.png").write_text("no picture")
    assert choose_calibration_pictures([tmp_path], 5) == (whole,)


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(CalibrationError, match="absent is not there"):
        choose_calibration_pictures([tmp_path / "absent"], 5)


def test_a_data_set_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "data.yaml").write_text("names: 7")
    with pytest.raises(DataSetError):
        choose_calibration_pictures([tmp_path], 5)
