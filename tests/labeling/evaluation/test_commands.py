"""The evaluation as a user runs it, on pictures whose figures are known."""

import json
from pathlib import Path

import cv2
import pytest
import structlog
import typer
import yaml
from typer.testing import CliRunner, Result

from labeling.evaluation.commands import register
from labeling.evaluation.report import EvaluationReport
from models.model_version import parse_model_version
from models.registry.folder_registry import FolderRegistry
from streams.kit.errors import CityPatrolError
from tests.colour_model import write_colour_model
from tests.labeling.evaluation.made_data_set import PICTURES, write_square_set

HALF_FOUND = 51 / 101
"""COCO's average precision where one of two is found: 51 of its 101 recall steps."""


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_square_set(tmp_path_factory.mktemp("sets") / "squares")


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    model = write_colour_model(tmp_path / "draft")
    FolderRegistry(tmp_path / "registry").add(model.parent)
    return tmp_path / "registry"


def run(*arguments: str | Path) -> Result:
    app = typer.Typer()
    register(app)
    return CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["models", "evaluate", *map(str, arguments)], catch_exceptions=False
    )


def test_figures_of_known_pictures(registry: Path, squares: Path):
    ran = run("colour-squares", "--data", squares, "--registry", registry, "--json")

    # Beside it stands the log, which only the whole command line sends to standard error.
    report = EvaluationReport.model_validate_json(ran.stdout[ran.stdout.index("{\n") :])
    assert (report.set_name, report.split, report.pictures) == ("squares", "val", len(PICTURES))
    assert report.not_known == ("garbage_pile",)
    vehicle, boat, person = report.classes
    assert vehicle.visual_classes == ("car", "bus", "truck", "motorcycle")
    assert (vehicle.boxes, vehicle.ap50, vehicle.recall) == (2, pytest.approx(1.0), 1.0)
    assert (boat.boxes, boat.precision, boat.recall) == (2, 1.0, 0.5)
    assert boat.ap50 == pytest.approx(HALF_FOUND)
    assert (person.wish_reached, person.precision, person.recall) == (False, 0.5, 1.0)
    assert report.map50 == pytest.approx((1 + HALF_FOUND + person.ap50) / 3)
    assert report.map50_of_all == pytest.approx(report.map50 * 3 / 4)


def test_table_says_what_a_reader_must_know(registry: Path, squares: Path):
    ran = run("colour-squares@1", "--data", squares, "--registry", registry, "--precision", "0.95")

    said = " ".join(ran.stdout.split())
    assert "colour-squares@1 (onnx, float32) on squares val, 5 pictures" in said
    assert "vehicle (car, bus, truck, motorcycle)" in said
    assert "the lowest score at which 95% of the boxes found are right" in said
    assert "* no score gives this precision" in said
    assert "not known to the model and not in the means: garbage_pile." in said


def test_output_holds_charts_and_examples(registry: Path, squares: Path, tmp_path: Path):
    output = tmp_path / "a" / "report"

    run("colour-squares", "--data", squares, "--registry", registry, "--output", output)

    assert sorted(path.name for path in output.iterdir()) == [
        "confusion.png",
        "examples_false_alarm.jpg",
        "examples_missed.jpg",
        "examples_right.jpg",
        "precision_recall.png",
        "report.json",
    ]
    assert json.loads((output / "report.json").read_text())["set_name"] == "squares"
    for path in (*output.glob("*.png"), *output.glob("*.jpg")):
        assert min(cv2.imread(str(path)).shape[:2]) > 100


def test_recorded_result_replaces_the_one_before(registry: Path, squares: Path):
    version = parse_model_version("colour-squares@1")
    for precision in ("0.9", "0.4"):
        options = ["--registry", registry, "--precision", precision, "--record"]
        ran = run("colour-squares", "--data", squares, *options)
        assert "kept in the card of colour-squares@1" in ran.stderr

    (result,) = FolderRegistry(registry).fetch(version).card.results
    assert (result.set_name, result.split, result.pictures) == ("squares", "val", 5)
    assert [entry.visual_class for entry in result.classes][1:] == ["boat", "person"]
    assert result.map50 > 0.8
    assert "garbage_pile" in result.note
    assert not list(registry.glob("**/.card-*"))


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("wrong", [], r"no model is called 'wrong' .*colour-squares@1"),
        ("colour-squares@2", [], r"no model is called 'colour-squares@2'"),
        ("missing.onnx", [], r"missing\.onnx cannot be read"),
        ("colour-squares", ["--split", "test"], r"split 'test' .*: val \(5\)"),
        ("colour-squares", ["--artefact", "openvino:int8"], r"openvino:int8.*it has onnx:float32"),
        ("colour-squares", ["--artefact", "int8"], r"--artefact .*got 'int8'"),
        ("colour-squares", ["--precision", "1.5"], r"--precision .*got '1\.5'"),
        ("colour-squares", ["--device", "NPU7"], r"device 'NPU7'"),
        ("colour-squares", ["--output", "/dev/null/x"], r"--output /dev/null/x cannot be written"),
        ("folder/model.onnx", ["--record"], r"--record: folder/model\.onnx is a file"),
        ("street", ["--record"], r"--record: model street@.* came with CityPatrol .*copy its"),
    ],
)
def test_bad_wish_is_one_line(
    name: str, options: list[str], said: str, registry: Path, squares: Path
):
    with pytest.raises(CityPatrolError, match=said) as raised:
        run(name, "--data", squares, "--registry", registry, *options)

    assert "\n" not in str(raised.value)


def test_set_that_is_not_there(registry: Path, tmp_path: Path):
    with pytest.raises(CityPatrolError, match="nowhere"):
        run("colour-squares", "--data", tmp_path / "nowhere", "--registry", registry)


def test_model_that_knows_nothing_of_the_set(registry: Path, squares: Path, tmp_path: Path):
    foreign = tmp_path / "foreign"
    write_square_set(foreign)
    (foreign / "data.yaml").write_text('val: images/val\nnames: ["a", "b", "c", "d"]\n')

    with pytest.raises(CityPatrolError, match=r"knows none of the classes .*: a, b, c, d"):
        run("colour-squares", "--data", foreign, "--registry", registry)


def test_split_that_repeats_another_is_usable_and_named(registry: Path, tmp_path: Path):
    squares = write_square_set(tmp_path / "squares")
    described = squares / "data.yaml"
    content = yaml.safe_load(described.read_text())
    described.write_text(yaml.safe_dump({**content, "train": content["val"]}))
    with structlog.testing.capture_logs() as logged:
        ran = run("colour-squares", "--data", squares, "--registry", registry, "--json")
    report = EvaluationReport.model_validate_json(ran.stdout[ran.stdout.index("{\n") :])
    assert (report.split, report.pictures) == ("train", len(PICTURES))
    assert report.faults == {"split_repeated": 1}
    assert "split_repeated" in {entry["event"] for entry in logged}
