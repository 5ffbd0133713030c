from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from labeling.data_sets.data_set import DataSetError
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.data_sets.picture_signatures import PictureSignatureError
from labeling.data_sets.splits import split_by_place, without_leaks
from tests.labeling.made_data_set import HEIGHT, WIDTH, jpeg, scene

BOXES, CLASS_IDS = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)


def picture(folder: Path, seed: int, take: int = 0, camera: str = "") -> LabelledPicture:
    """Frame ``take`` of scene ``seed``."""
    path = folder / f"{seed:03}_{take}.jpg"
    if not path.exists():
        path.write_bytes(jpeg(scene(seed), 90 - 10 * take))
    return LabelledPicture(path, WIDTH, HEIGHT, BOXES, CLASS_IDS, camera)


def names(pictures: Sequence[LabelledPicture]) -> list[str]:
    return [picture.path.stem for picture in pictures]


def test_what_shows_the_held_out_is_taken_out(tmp_path: Path):
    train = [
        picture(tmp_path, 1),
        picture(tmp_path, 2, take=1),
        picture(tmp_path, 3, camera="gate"),
    ]
    held_out = [picture(tmp_path, 4, camera="gate"), picture(tmp_path, 2)]

    sorted_out = without_leaks(train, held_out)

    assert names(sorted_out.kept) == ["001_0"]
    assert [(leak.picture.path.stem, leak.held_out.path.stem) for leak in sorted_out.leaks] == [
        ("002_1", "002_0"),
        ("003_0", "004_0"),
    ]


def test_nothing_held_out_leaks_nothing(tmp_path: Path):
    train = [picture(tmp_path, 1), picture(tmp_path, 1, take=1)]

    assert without_leaks(train, []).kept == tuple(train)
    assert without_leaks([], train).kept == ()


def test_higher_similarity_keeps_more(tmp_path: Path):
    train, held_out = [picture(tmp_path, 1, take=3)], [picture(tmp_path, 1)]

    assert without_leaks(train, held_out, similarity=1).kept == tuple(train)


def test_picture_that_went_away_is_an_error(tmp_path: Path):
    gone = picture(tmp_path, 1)
    gone.path.unlink()

    with pytest.raises(PictureSignatureError, match=r"001_0\.jpg"):
        without_leaks([gone], [picture(tmp_path, 2)])


def test_no_scene_and_no_camera_is_in_two_splits(tmp_path: Path):
    pictures = [picture(tmp_path, seed, take) for seed in range(20) for take in range(3)]
    pictures += [picture(tmp_path, seed, camera=f"camera {seed % 4}") for seed in range(20, 40)]

    splits = split_by_place(pictures, {"train": 0.6, "val": 0.4})

    assert sorted(names([*splits["train"], *splits["val"]])) == sorted(names(pictures))
    for place in (lambda one: one.path.stem[:3], lambda one: one.camera or one.path.stem[:3]):
        assert not {place(one) for one in splits["train"]} & {place(one) for one in splits["val"]}


def test_camera_and_likeness_chain(tmp_path: Path):
    """A picture like one of a camera goes where the camera goes."""
    pictures = [
        picture(tmp_path, 1, camera="gate"),
        picture(tmp_path, 2, camera="gate"),
        picture(tmp_path, 2, take=1),
        picture(tmp_path, 3),
        picture(tmp_path, 3, take=1, camera="gate"),
    ]

    with pytest.raises(DataSetError, match="5 pictures of 1 places leave the split"):
        split_by_place(pictures, {"train": 0.5, "val": 0.5})


def test_split_is_the_same_everywhere_and_new_pictures_move_none(tmp_path: Path):
    pictures = [picture(tmp_path, seed) for seed in range(30)]
    shares = {"train": 0.7, "val": 0.3}
    before = split_by_place(pictures[:20], shares)

    after = split_by_place(pictures[::-1], shares)

    for name in shares:
        assert set(names(before[name])) <= set(names(after[name]))


@pytest.mark.parametrize("shares", [{}, {"train": 1.0, "val": 0.0}, {"train": -1.0}])
def test_wrong_shares_are_an_error(tmp_path: Path, shares: dict[str, float]):
    with pytest.raises(DataSetError, match="shares of splits must be positive"):
        split_by_place([picture(tmp_path, 1)], shares)
