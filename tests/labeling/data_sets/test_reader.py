import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from labeling.data_sets.camera_name import camera_of, camera_pattern
from labeling.data_sets.class_aliases import ClassAliases
from labeling.data_sets.data_fault import DataFaultKind, faults_by_kind
from labeling.data_sets.data_set import DataSet, DataSetError
from labeling.data_sets.description import DataSetMeta
from labeling.data_sets.reader import read_data_set
from tests.labeling.made_data_set import (
    HEIGHT,
    WIDTH,
    add_label,
    add_picture,
    describe,
    jpeg,
    made_data_set,
    scene,
)
from tests.shared_material import shared_path

GOOD = jpeg(scene(9))
BOX = "0 0.5 0.5 0.25 0.5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_data_set(tmp_path / "streets")


def names(data_set: DataSet, split: str) -> list[str]:
    return [picture.path.name for picture in data_set.split(split)]


def counts(data_set: DataSet) -> dict[DataFaultKind, int]:
    return {kind: len(found) for kind, found in faults_by_kind(data_set.faults).items()}


def test_set_without_a_fault(folder: Path):
    (folder / "meta.json").write_text(
        json.dumps({"source": "made", "licence": "CC0", "note": "made up"})
    )

    data_set = read_data_set(folder)

    assert data_set.name == "streets"
    assert data_set.class_names == ("car", "fire")
    assert data_set.visual_classes == (("car",), ("flame",))
    assert data_set.labelled_classes == ("car", "flame")
    assert (data_set.source, data_set.licence, data_set.note) == ("made", "CC0", "made up")
    assert names(data_set, "train") == ["a.jpg", "b.jpg"]
    assert names(data_set, "val") == ["c.jpg"]
    assert data_set.box_counts("train") == {"car": 1, "fire": 1}
    assert data_set.faults == ()
    picture = data_set.split("train")[0]
    assert (picture.width, picture.height, picture.camera) == (WIDTH, HEIGHT, "")
    np.testing.assert_allclose(picture.pixel_boxes, [[120, 60, 200, 180]], atol=1e-3)


def test_aliases_of_the_user_count(folder: Path):
    aliases = ClassAliases({"car": ("bus", "truck")})

    assert read_data_set(folder, aliases).visual_classes == (("bus", "truck"), ("fire",))


def test_split_that_is_not_there_is_named(folder: Path):
    with pytest.raises(DataSetError, match=r"streets has no split 'test'; it has train, val"):
        read_data_set(folder).split("test")


def describe_test_split(folder: Path) -> None:
    describe(folder, {"names": ["car", "fire"], "test": "images/test"})


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda folder: add_label(folder, "train/x.jpg", BOX), DataFaultKind.LABEL_WITHOUT_PICTURE),
        (
            lambda folder: add_picture(folder, "train/x.jpg", GOOD[:-200], BOX),
            DataFaultKind.PICTURE_BROKEN,
        ),
        (
            lambda folder: add_picture(folder, "train/x.jpg", b"", BOX),
            DataFaultKind.PICTURE_EMPTY_FILE,
        ),
        (
            lambda folder: add_picture(folder, "train/x.jpg", GOOD, f"{BOX}7 0.5 0.5 0.1 0.1"),
            DataFaultKind.UNKNOWN_CLASS,
        ),
        (
            lambda folder: add_picture(folder, "train/x.jpg", GOOD, "0 2 2 1 1"),
            DataFaultKind.BOX_OUTSIDE,
        ),
        (
            lambda folder: (folder / "images/train/x.jpg").symlink_to(folder / "gone.jpg"),
            DataFaultKind.PICTURE_UNREADABLE,
        ),
        (describe_test_split, DataFaultKind.SPLIT_ABSENT),
    ],
)
def test_bad_file_is_left_out_and_named(
    folder: Path, spoil: Callable[[Path], object], kind: DataFaultKind
):
    spoil(folder)

    data_set = read_data_set(folder)

    assert counts(data_set) == {kind: 1}
    assert kind.leaves_out
    assert names(data_set, "train") == ["a.jpg", "b.jpg"]


def test_pictures_of_one_name_are_both_left_out(folder: Path):
    add_picture(folder, "train/x.jpg", GOOD, BOX)
    add_picture(folder, "train/x.jpeg", jpeg(scene(10)), None)

    data_set = read_data_set(folder)

    assert counts(data_set) == {DataFaultKind.PICTURES_OF_ONE_NAME: 2}
    assert names(data_set, "train") == ["a.jpg", "b.jpg"]


def test_picture_without_label_is_an_empty_one(folder: Path):
    add_picture(folder, "train/x.jpg", GOOD, None)

    data_set = read_data_set(folder)

    assert counts(data_set) == {DataFaultKind.PICTURE_WITHOUT_LABEL: 1}
    assert data_set.split("train")[-1].boxes.shape == (0, 4)


def test_other_files_do_no_harm(folder: Path):
    for name in ("images/train/.DS_Store", "images/train/notes.pdf", "labels/train/classes.txt"):
        (folder / name).write_text("x")

    data_set = read_data_set(folder)

    assert counts(data_set) == {DataFaultKind.FILE_IGNORED: 1}


def test_splits_of_the_same_pictures_count_once(folder: Path):
    describe(folder, {"names": ["car", "fire"], "val": "images/train"})

    data_set = read_data_set(folder)

    assert list(data_set.splits) == ["train"]
    assert counts(data_set) == {DataFaultKind.SPLIT_REPEATED: 1}
    assert data_set.split("val") == data_set.split("train")
    assert data_set.counted_split("val") == "train"


def test_links_out_of_the_set_and_in_circles(folder: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere.jpg"
    elsewhere.write_bytes(GOOD)
    (folder / "images/train/linked.jpg").symlink_to(elsewhere)
    add_label(folder, "train/linked.jpg", BOX)
    (folder / "images/train/round").symlink_to(folder / "images/train")

    data_set = read_data_set(folder)

    assert names(data_set, "train") == ["a.jpg", "b.jpg", "linked.jpg"]
    assert data_set.faults == ()


def test_folders_below_and_list_files(folder: Path):
    add_picture(folder, "more/gate/x.jpg", GOOD, BOX)
    (folder / "val.txt").write_text("./images/val/c.jpg\n\nimages/more/gate/x.jpg\n")
    describe(
        folder,
        {"names": ["car", "fire"], "train": ["images/train", "images/more"], "val": "val.txt"},
    )

    data_set = read_data_set(folder)

    assert names(data_set, "train") == ["x.jpg", "a.jpg", "b.jpg"]
    assert names(data_set, "val") == ["x.jpg", "c.jpg"]


def test_places_as_one_exporter_writes_them(folder: Path):
    changes = {"path": None, "train": "../images/train", "val": "../images/val"}
    describe(folder, {"names": {0: "car", 1: "fire"}, "nc": 2, **changes})

    assert read_data_set(folder).faults == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"names": ["car"], "nc": 2}, "nc is 2, but names lists 1"),
        ({"names": ["car", "car"]}, r"names lists \['car'\] more than once"),
        ({"names": []}, "names"),
        ({"names": None}, "names: Field required"),
        ({"names": {0: "car", 2: "bus"}}, "the ids must count from 0 to 1"),
        ({"names": [1, 2]}, r"names\.0: Input should be a valid string, got 1"),
        ({"names": ["car"], "train": None, "val": None}, "lists no split"),
    ],
)
def test_wrong_description_is_an_error(folder: Path, changes: dict[str, object], said: str):
    describe(folder, changes)

    with pytest.raises(DataSetError, match=said):
        read_data_set(folder)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("data.yaml", None, "has no data.yaml; it must name the classes"),
        ("data.yaml", "names: [", "data.yaml cannot be read"),
        ("data.yaml", "- 1", r"data.yaml: .*dictionary"),
        ("meta.json", "{", "meta.json cannot be read"),
        ("meta.json", '{"names": ["bus"]}', r"meta.json names the classes \['bus'\], data.yaml"),
        ("meta.json", '{"camera_pattern": "("}', "camera_pattern"),
    ],
)
def test_wrong_file_is_an_error(folder: Path, name: str, content: str | None, said: str):
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)

    with pytest.raises(DataSetError, match=said):
        read_data_set(folder)


def test_folder_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(DataSetError, match="nowhere is no folder; give the folder that holds"):
        read_data_set(tmp_path / "nowhere")


def test_set_of_which_nothing_is_left_is_an_error(tmp_path: Path):
    describe(tmp_path, {"names": ["car"]})
    add_picture(tmp_path, "train/x.jpg", b"", BOX)

    with pytest.raises(
        DataSetError,
        match=r"no picture that can be used: 1 picture_empty_file .*x.jpg.*split_absent",
    ):
        read_data_set(tmp_path)


def test_empty_set_is_an_error(tmp_path: Path):
    describe(tmp_path, {"names": ["car"], "val": None})
    (tmp_path / "images/train").mkdir(parents=True)

    with pytest.raises(DataSetError, match="no picture that can be used: 1 split_absent"):
        read_data_set(tmp_path)


def test_other_counts_than_the_description_gives(folder: Path):
    told = {"train": {"images": 3}, "val": {"images": 1, "boxes": {"car": 5}}}
    (folder / "meta.json").write_text(json.dumps({"splits": told}))

    found = faults_by_kind(read_data_set(folder).faults)[DataFaultKind.COUNT_DIFFERS]

    assert [fault.detail for fault in found] == [
        "train: 2 pictures, 3 by meta.json",
        "val: 1 boxes of car, 5 by meta.json",
    ]


@pytest.mark.parametrize(
    ("pattern", "camera"),
    [
        ("^([^_]+)_", "gate7"),
        ("(x)?_(?P<camera>[0-9]+)", "0012"),
        ("gate[0-9]", "gate7"),
        ("^(bridge)", ""),
    ],
)
def test_camera_of_a_file_name(pattern: str, camera: str):
    path = Path("gate7_0012.jpg")

    assert camera_of(path, DataSetMeta(), camera_pattern(pattern)) == camera
    named = DataSetMeta(cameras={"gate7_0012.jpg": "the gate"})
    assert camera_of(path, named, camera_pattern(pattern)) == "the gate"


def test_pattern_that_is_none_is_an_error():
    with pytest.raises(DataSetError, match=re.escape("camera pattern '(' is no regular")):
        camera_pattern("(")


def test_cameras_of_a_set(folder: Path):
    (folder / "meta.json").write_text(
        json.dumps({"camera_pattern": "[ab]", "cameras": {"c.jpg": "bridge"}})
    )

    own = read_data_set(folder)
    given = read_data_set(folder, camera_pattern=camera_pattern("jpg"))

    assert [picture.camera for picture in own.split("train")] == ["a", "b"]
    assert [picture.camera for picture in own.split("val")] == ["bridge"]
    assert [picture.camera for picture in given.split("train")] == ["jpg", "jpg"]


def test_real_set():
    data_set = read_data_set(shared_path("data/facade_ads"))

    assert data_set.faults == ()
    assert data_set.box_counts("val") == {"signboard": 176, "cantilever_sign": 56, "window_ad": 33}
