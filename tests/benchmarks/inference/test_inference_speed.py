"""The speed benchmark gives each form its turns and compares within a round."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.commands.commands import bench
from benchmarks.inference.inference_speed import SpeedFigures
from models.cards.artefact import Artefact, ArtefactFile, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import CARD_FILE_NAME, read_card, sha256_of, write_card
from streams.kit.errors import CityPatrolError
from tests.colour_model import write_colour_model


def write_model_of_two_forms(folder: Path) -> Path:
    """The colour model, and once more under the name of an INT8 form."""
    path = write_colour_model(folder)
    card = read_card(folder / CARD_FILE_NAME)
    (folder / "int8.onnx").write_bytes(path.read_bytes())
    second = Artefact(
        format=ArtefactFormat.ONNX,
        precision=ArtefactPrecision.INT8,
        files=(ArtefactFile(path="int8.onnx", sha256=sha256_of(path)),),
    )
    artefacts = (*card.artefacts, second)
    write_card(card.model_copy(update={"artefacts": artefacts}), folder / CARD_FILE_NAME)
    return folder


def test_ratios_are_within_rounds(tmp_path: Path):
    folder = write_model_of_two_forms(tmp_path / "model")
    report = tmp_path / "figures.json"
    options = ["--rounds", "3", "--seconds", "0.1", "--report", str(report)]

    ran = CliRunner(env={"COLUMNS": "200"}).invoke(
        bench, ["speed", str(folder), *options], catch_exceptions=False
    )

    figures = SpeedFigures.model_validate_json(report.read_text())
    first, second = figures.artefacts
    assert (first.precision, second.precision) == ("float32", "int8")
    assert first.ratio.lowest == first.ratio.highest == 1.0
    for spread in (second.ratio, second.pictures_per_second, second.cpu_ratio):
        assert 0 < spread.lowest <= spread.median <= spread.highest
    assert "onnx int8" in ran.output
    assert "noise of 1280 x 720 pixels" in " ".join(ran.output.split())


@pytest.mark.parametrize(
    ("forms", "options", "said"),
    [
        (1, [], "nothing to compare"),
        (2, ["--pictures", "/nowhere"], r"--pictures /nowhere: has no"),
        (2, ["--rounds", "1", "--seconds", "0.1", "--report", "/nowhere/x"], "--report /nowhere/x"),
    ],
)
def test_what_cannot_be_compared(forms: int, options: list[str], said: str, tmp_path: Path):
    write = write_colour_model if forms == 1 else write_model_of_two_forms
    write(tmp_path / "model")

    with pytest.raises(CityPatrolError, match=said):
        CliRunner().invoke(
            bench, ["speed", str(tmp_path / "model"), *options], catch_exceptions=False
        )
