"""The accuracy benchmark measures every set of a folder."""

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import benchmarks.commands.accuracy_command
from benchmarks.commands.commands import bench
from benchmarks.inference.accuracy import AccuracyFigures, accuracy_table
from benchmarks.inference.published_anchors import anchor_for
from models.cards.model_card import CARD_FILE_NAME, ModelClass, read_card, write_card
from streams.kit.errors import CityPatrolError
from tests.colour_model import write_colour_model
from tests.labeling.evaluation.made_data_set import write_square_set

benchmarks.commands.accuracy_command.register(bench)


def test_every_set_gets_a_row(tmp_path: Path):
    model = write_colour_model(tmp_path / "model")
    write_square_set(tmp_path / "sets" / "squares")
    foreign = write_square_set(tmp_path / "sets" / "foreign")
    (foreign / "data.yaml").write_text('val: images/val\nnames: ["a", "b", "c", "d"]\n')
    report = tmp_path / "figures.json"
    options = ["--data-root", str(tmp_path / "sets"), "--report", str(report)]

    ran = CliRunner(env={"COLUMNS": "250"}).invoke(
        bench, ["accuracy", str(model), *options], catch_exceptions=False
    )

    figures = AccuracyFigures.model_validate_json(report.read_text())
    (row,) = figures.rows
    assert (row.set_name, row.pictures, row.classes_known, row.classes_marked) == (
        "squares",
        5,
        3,
        4,
    )
    assert row.map50 > 0.8
    assert row.published is None or "garbage" in row.published
    assert "knows none of its classes" in figures.left_out[0]
    said = " ".join(ran.output.split())
    assert "published: others' figures on their own pictures" in said
    assert "EcoDetect-YOLO" in said


def test_models_are_compared_by_what_both_know(tmp_path: Path):
    model = write_colour_model(tmp_path / "model")
    fewer = write_colour_model(tmp_path / "fewer")
    card = read_card(fewer.parent / CARD_FILE_NAME)
    renamed = tuple(
        ModelClass(name=entry.name, visual_class="skiff") if entry.name == "boat" else entry
        for entry in card.classes
    )
    write_card(card.model_copy(update={"classes": renamed}), fewer.parent / CARD_FILE_NAME)
    write_square_set(tmp_path / "sets" / "squares")
    report = tmp_path / "figures.json"
    options = ["--data-root", str(tmp_path / "sets"), "--report", str(report)]

    CliRunner().invoke(
        bench, ["accuracy", str(model), str(fewer), *options], catch_exceptions=False
    )

    every, few = AccuracyFigures.model_validate_json(report.read_text()).rows
    assert (every.classes_known, few.classes_known) == (3, 2)
    assert every.map50 < few.map50
    assert every.map50_shared == few.map50_shared == few.map50


def test_folder_without_sets_is_named(tmp_path: Path):
    model = write_colour_model(tmp_path / "model")

    with pytest.raises(CityPatrolError, match=r"no data set is in .*--data-root"):
        CliRunner().invoke(
            bench,
            ["accuracy", str(model), "--data-root", str(tmp_path / "none")],
            catch_exceptions=False,
        )


@pytest.mark.parametrize(
    ("classes", "source"),
    [
        (["garbage_pile", "garbage_bin"], "EcoDetect"),
        (["pothole", "road_crack"], "RDD2022"),
        (["person", "car", "dog", "umbrella", "tv"], "COCO"),
    ],
)
def test_anchor_is_of_the_same_kind(classes: list[str], source: str):
    anchor = anchor_for(classes)

    assert anchor is not None
    assert source in anchor.source


def test_no_anchor_for_other_things():
    assert anchor_for(["shop_signboard"]) is None


def test_empty_table_can_be_printed():
    figures = AccuracyFigures.model_validate(
        {
            "machine": "test",
            "measured_at": "2026-11-22T12:00:00Z",
            "wished_precision": 0.9,
            "rows": [],
            "left_out": ["a: b knows none of its classes"],
        }
    )
    console = Console(record=True, width=150)

    console.print(accuracy_table(figures))

    assert "not measured: a: b knows none" in console.export_text()
