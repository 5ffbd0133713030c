"""Merging real small data sets on disk into what Ultralytics trains on."""

from pathlib import Path

import pytest
import yaml

from labeling.training.data import HELD_OUT, PreparedSet, merge_sets, prepare_sets
from labeling.training.merged_pictures import MergedSet, MergeError, Teaching, write_merged
from labeling.training.plan import TrainingPlan, TrainingPlanError
from labeling.training.reduced_plans import learnable_plan
from tests.labeling.made_data_set import add_picture, describe, jpeg, made_data_set, scene


def plan_for(*sets: dict[str, object], **changes: object) -> TrainingPlan:
    content: dict[str, object] = {
        "name": "street",
        "version": "1",
        "base": {"weights": "base.pt", "kept_classes": ["car", "bus"]},
        "new_classes": ["flame", "garbage_pile"],
        "sets": list(sets),
        "stages": [{"name": "whole", "epochs": 1}],
    }
    return TrainingPlan.model_validate(content | changes)


def labels_of(folder: Path, split: str) -> dict[str, list[str]]:
    return {
        path.stem: path.read_text().split("\n")[:-1]
        for path in sorted((folder / "labels" / split).iterdir())
    }


def merged(plan: TrainingPlan, folder: Path) -> dict[str, object]:
    path = merge_sets(prepare_sets(plan), plan, folder)
    content: dict[str, object] = yaml.safe_load(path.read_text())
    return content


def test_classes_are_mapped_and_the_unlabelled_ones_are_unknown(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set", names=("car", "fire"))
    plan = plan_for({"folder": str(folder), "absent_classes": ["garbage_pile"]})
    content = merged(plan, tmp_path / "merged")
    assert content["names"] == {0: "car", 1: "bus", 2: "flame", 3: "garbage_pile"}
    assert content["unknown_classes"] == [[1]]
    assert content["taught_classes"] == ["car", "bus"]
    whole = "4 0.5 0.5 1 1"
    assert labels_of(tmp_path / "merged", "train") == {
        "set-a-0": [whole, "0 0.500000 0.500000 0.250000 0.500000"],
        "set-b-0": [whole, "2 0.500000 0.500000 0.250000 0.500000"],
    }
    picture = tmp_path / "merged" / "images" / "val" / "set-c.jpg"
    assert picture.read_bytes() == (folder / "images/val/c.jpg").read_bytes()


def test_grafted_model_trains_on_its_new_classes_alone(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set", names=("car", "fire"))
    base = {"weights": "base.pt", "kept_classes": ["car", "bus"], "keeping": "grafted"}
    stages = [{"name": "deep", "epochs": 1, "frozen_layers": 5}]
    content = merged(plan_for({"folder": str(folder)}, base=base, stages=stages), tmp_path / "m")
    assert content["names"] == {0: "flame", 1: "garbage_pile"}
    assert (content["unknown_classes"], content["taught_classes"]) == ([[1]], [])
    assert labels_of(tmp_path / "m", "train")["set-a-0"] == ["2 0.5 0.5 1 1"]


def test_naive_merging_takes_the_unlabelled_for_absent(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set")
    content = merged(plan_for({"folder": str(folder)}, partial_labels="absent"), tmp_path / "m")
    assert (content["unknown_classes"], content["taught_classes"]) == ([[]], [])


def test_set_of_which_only_the_pictures_are_used_still_validates(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set", names=("car", "fire"))
    content = merged(plan_for({"folder": str(folder), "use": "pictures"}), tmp_path / "m")
    assert content["unknown_classes"] == [[0, 1, 2, 3], [1, 3]]
    assert set(labels_of(tmp_path / "m", "train")["set-pictures-a-0"]) == {"4 0.5 0.5 1 1"}
    assert labels_of(tmp_path / "m", "val")["set-c"][0] == "5 0.5 0.5 1 1"
    assert len(labels_of(tmp_path / "m", "val")["set-c"]) == 2


def test_class_that_may_be_one_of_several_is_not_trained(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set", names=("vehicle", "fire"))
    content = merged(plan_for({"folder": str(folder)}), tmp_path / "m")
    assert content["unknown_classes"] == [[0, 1, 3]]
    assert len(labels_of(tmp_path / "m", "train")["set-a-0"]) == 1


def test_repeated_set_comes_more_often(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set")
    merged(plan_for({"folder": str(folder), "repeat": 3}), tmp_path / "m")
    assert len(labels_of(tmp_path / "m", "train")) == 6
    assert len(labels_of(tmp_path / "m", "val")) == 1


def test_rare_class_comes_more_often(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set")
    wished = {"folder": str(folder), "repeat": 2, "repeat_classes": {"fire": 3}}
    merged(plan_for(wished), tmp_path / "m")
    stems = [stem.rpartition("-")[0] for stem in labels_of(tmp_path / "m", "train")]
    assert (stems.count("set-a"), stems.count("set-b")) == (2, 6)
    assert len(labels_of(tmp_path / "m", "val")) == 1


def prepared(plan: TrainingPlan) -> PreparedSet:
    [one] = prepare_sets(plan)
    return one


def test_copy_of_a_held_out_picture_is_not_trained_on(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set")
    add_picture(folder, "train/copy.jpg", jpeg(scene(2), quality=60), "0 0.5 0.5 0.25 0.5\n")
    one = prepared(plan_for({"folder": str(folder)}))
    assert [picture.path.stem for picture in one.train] == ["a", "b"]
    assert one.leaks == 1
    assert "1 near-duplicates of held-out pictures left out" in one.record().note


def test_false_boxes_are_not_trained_on_but_still_measured(tmp_path: Path) -> None:
    folder = made_data_set(tmp_path / "set", names=("car", "fire"))
    for split in ("train", "val"):
        content = jpeg(scene(7 if split == "train" else 8))
        add_picture(folder, f"{split}/quiet.jpg", content, "1 0.5 0.5 1 1\n0 0.5 0.5 1 1\n")
    rule = {"class_name": "fire", "from_width_and_height": 0.99}
    one = prepared(plan_for({"folder": str(folder), "false_boxes": [rule]}))
    [quiet] = [picture for picture in one.train if picture.path.stem == "quiet"]
    assert quiet.class_ids.tolist() == [0]
    assert one.false_boxes == 1
    assert {len(picture.boxes) for picture in one.held_out} == {1, 2}


def test_set_without_a_held_out_split_gives_a_part_of_its_pictures(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    describe(folder, {"names": ["car", "fire"], "val": None})
    for seed in range(12):
        add_picture(folder, f"train/{seed}.jpg", jpeg(scene(seed)), "0 0.5 0.5 0.25 0.5\n")
    one = prepared(plan_for({"folder": str(folder), "held_out_split": None}))
    assert one.held_out_split == HELD_OUT
    names = [picture.path.stem for picture in (*one.train, *one.held_out)]
    assert sorted(names, key=int) == [str(seed) for seed in range(12)]
    assert 0 < len(one.held_out) < 12


@pytest.mark.parametrize(
    ("names", "entry", "problem"),
    [
        (("cat", "dog"), {}, r"labels \['cat', 'dog'\], none of which the model street"),
        (
            ("car", "fire"),
            {"false_boxes": [{"class_name": "tram", "from_width_and_height": 0.9}]},
            "false_boxes of .* no class 'tram', it has car, fire",
        ),
        (("car", "fire"), {"repeat_classes": {"bus": 2}}, "repeat_classes of .* no class 'bus'"),
    ],
)
def test_set_that_does_not_fit_is_named(
    tmp_path: Path, names: tuple[str, ...], entry: dict[str, object], problem: str
) -> None:
    folder = made_data_set(tmp_path / "set", names=names)
    with pytest.raises(TrainingPlanError, match=problem):
        prepare_sets(plan_for({"folder": str(folder)} | entry))


def test_nothing_left_to_train_on_is_an_error(tmp_path: Path) -> None:
    empty = MergedSet("set", (0,), (), (), ())
    with pytest.raises(MergeError, match="no picture is left for the split 'train'"):
        write_merged([empty], ("car",), Teaching(Path("base.pt"), (), degrade=False), tmp_path)


def test_pictures_without_a_stated_licence_are_left_out_by_one_switch(tmp_path: Path) -> None:
    streets = made_data_set(tmp_path / "streets", names=("car", "fire"))
    heaps = made_data_set(tmp_path / "heaps", names=("car", "garbage"))
    sets: list[dict[str, object]] = [
        {"folder": str(streets), "unlicensed_pictures": ["b.*"]},
        {"folder": str(heaps), "unlicensed_pictures": ["*"]},
    ]
    with_all = plan_for(*sets)
    prepared = prepare_sets(with_all)
    assert [len(one.train) for one in prepared] == [2, 2]
    assert learnable_plan(with_all, prepared) == with_all

    licensed = plan_for(*sets, only_licensed=True)
    prepared = prepare_sets(licensed)
    assert [[picture.path.name for picture in one.train] for one in prepared] == [["a.jpg"], []]
    assert "1 pictures without a stated licence left out" in prepared[0].record().note
    assert learnable_plan(licensed, prepared).new_classes == ("flame",)


def test_plan_whose_sets_are_all_without_licence_is_refused(tmp_path: Path) -> None:
    streets = made_data_set(tmp_path / "streets", names=("car", "fire"))
    plan = plan_for({"folder": str(streets), "unlicensed_pictures": ["*"]}, only_licensed=True)
    with pytest.raises(TrainingPlanError, match=r"no set has pictures to learn any of .*flame"):
        learnable_plan(plan, prepare_sets(plan))
