import json
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from labeling.data_sets.class_aliases import ClassAliasesError
from labeling.data_sets.commands import register
from labeling.data_sets.data_set import DataSetError
from tests.labeling.made_data_set import add_picture, jpeg, made_data_set, scene

BOX = "0 0.5 0.5 0.25 0.5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made_data_set(tmp_path / "streets")


def check(*arguments: object) -> Result:
    app = typer.Typer()
    register(app)
    # Wide enough that no path is broken, however deep the folder of the test lies.
    wide = {"COLUMNS": "400"}
    return CliRunner().invoke(app, ["datasets", "check", *map(str, arguments)], env=wide)


def words(result: Result) -> str:
    return " ".join(result.output.split())


def test_good_set_is_told_and_passes(folder: Path):
    result = check(folder)

    assert result.exit_code == 0, result.output
    for said in (
        "streets (unknown)",
        "│ fire │ flame │ 1 │ 0 │",
        "train: 2 pictures, 0 with nothing labelled",
        "no faults",
        "no near-duplicates",
        "sha256 ",
    ):
        assert said in words(result)


def test_what_is_left_out_is_told_and_fails(folder: Path):
    for number in range(5):
        add_picture(folder, f"train/torn{number}.jpg", jpeg(scene(number))[:-500], BOX)
    add_picture(folder, "train/bare.jpg", jpeg(scene(8)), None)

    result = check(folder)

    assert result.exit_code == 1
    assert "5 picture_broken (left out)" in words(result)
    assert "torn0.jpg: Premature end of JPEG file" in words(result)
    assert "… and 2 more" in words(result)
    assert "1 picture_without_label (put right or harmless)" in words(result)


def test_near_duplicates_across_splits_are_told(folder: Path):
    add_picture(folder, "val/again.jpg", jpeg(scene(0), 50), BOX)

    result = check(folder)

    assert result.exit_code == 0, result.output
    assert "1 groups of near-duplicates with 2 pictures, the largest 2" in words(result)
    assert "1 groups lie across splits; 1 pictures in train resemble a held-out one" in words(
        result
    )
    assert "a.jpg ~ " in words(result)


def test_cameras_across_splits_are_told(folder: Path):
    result = check("--camera", "jpg", folder)

    assert result.exit_code == 0, result.output
    assert "train: 2 pictures of 1 cameras" in words(result)
    assert "1 cameras lie across splits, such as jpg" in words(result)


def test_json_holds_every_set(folder: Path, tmp_path: Path):
    add_picture(folder, "val/again.jpg", jpeg(scene(0), 50), BOX)
    other = made_data_set(tmp_path / "other")
    add_picture(other, "train/x.jpg", jpeg(scene(5)), "9 0.5 0.5 0.1 0.1")

    result = check("--json", "--camera", "^[abc]", folder, other)

    assert result.exit_code == 1
    streets, found = json.loads(result.stdout)
    assert streets["near_duplicates"]["groups_across_splits"] == 1
    assert streets["near_duplicates"]["leaking_train_pictures"] == 1
    assert streets["splits"][0] == {
        "name": "train",
        "pictures": 2,
        "empty_pictures": 0,
        "cameras": 2,
        "boxes": {"car": 1, "fire": 1},
    }
    assert streets["cameras_across_splits"] == ["a"]
    assert found["faults"][0]["kind"] == "unknown_class"
    assert found["faults"][0]["leaves_out"] is True


def test_one_unusable_set_does_not_hide_the_others(folder: Path, tmp_path: Path):
    result = check(tmp_path / "nowhere", folder)

    assert isinstance(result.exception, DataSetError)
    assert "nowhere is no folder" in str(result.exception)
    assert "train: 2 pictures" in words(result)


def test_own_aliases_count(folder: Path, tmp_path: Path):
    aliases = tmp_path / "aliases.yaml"
    aliases.write_text("car: [bus, truck]")

    assert "│ car │ bus, truck │" in words(check(folder, "--aliases", aliases))
    wrong = check(folder, "--aliases", tmp_path / "none.yaml")
    assert isinstance(wrong.exception, ClassAliasesError)


def test_wrong_pattern_is_an_error(folder: Path):
    assert "'('" in str(check(folder, "--camera", "(").exception)


def test_what_was_found_is_written_to_a_file(folder: Path, tmp_path: Path):
    report = tmp_path / "report.json"
    printed = check(folder, "--json", "--report", report)
    assert json.loads(report.read_text()) == json.loads(printed.output)
    assert json.loads(report.read_text())[0]["name"] == "streets"
