import shutil
from pathlib import Path

import pytest

from labeling.data_sets.content_hash import data_set_hash, pictures_hash
from labeling.data_sets.data_set import DataSetError
from labeling.data_sets.reader import read_data_set
from tests.labeling.made_data_set import add_label, add_picture, jpeg, made_data_set, scene


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_data_set(tmp_path / "streets")


def hash_of(folder: Path) -> str:
    return data_set_hash(read_data_set(folder))


def test_same_content_has_the_same_hash_elsewhere(folder: Path, tmp_path: Path):
    moved = tmp_path / "elsewhere" / "other name"
    shutil.copytree(folder, moved)

    assert hash_of(moved) == hash_of(folder)
    assert len(hash_of(folder)) == 64


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: add_label(folder, "train/a.jpg", "1 0.5 0.5 0.25 0.5\n"),
        lambda folder: (folder / "labels/train/a.txt").unlink(),
        lambda folder: add_picture(folder, "train/a.jpg", jpeg(scene(7)), None),
        lambda folder: add_picture(folder, "train/new.jpg", jpeg(scene(0))),
        lambda folder: (folder / "images/val/c.jpg").rename(folder / "images/train/c.jpg"),
    ],
)
def test_any_change_is_seen(folder: Path, change):
    before = hash_of(folder)
    change(folder)

    assert hash_of(folder) != before


def test_order_does_not_matter(folder: Path):
    pictures = read_data_set(folder).split("train")

    assert pictures_hash(folder, pictures) == pictures_hash(folder, reversed(pictures))


def test_picture_that_went_away_is_an_error(folder: Path):
    data_set = read_data_set(folder)
    (folder / "images/train/a.jpg").unlink()

    with pytest.raises(DataSetError, match=r"a\.jpg cannot be read any more"):
        data_set_hash(data_set)
