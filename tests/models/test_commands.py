from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from models.commands import register
from models.model_card import CARD_FILE_NAME
from streams.errors import CityPatrolError
from tests.colour_model import write_colour_model


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command with an empty registry; an error comes out as the user's error."""
    monkeypatch.setenv("CITYPATROL_MODEL_REGISTRY", str(tmp_path / "registry"))
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    register(app)

    def invoke(*words: str) -> str:
        result = CliRunner().invoke(app, ["models", *words])
        if isinstance(result.exception, CityPatrolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


def test_an_empty_registry_is_said(run, tmp_path: Path):
    assert f"no model is installed in {tmp_path / 'registry'}" in run("list")


def test_models_are_listed_and_shown(run, tmp_path: Path):
    write_colour_model(tmp_path / "registry" / "squares-1")
    listed = run("list")
    assert "squares-1" in listed
    assert "ready" in listed
    shown = run("show", "squares")
    assert "licence: AGPL-3.0-or-later" in shown
    assert "- bicycle" in shown


def test_a_damaged_model_is_listed_beside_the_others(run, tmp_path: Path):
    write_colour_model(tmp_path / "registry" / "good")
    write_colour_model(tmp_path / "registry" / "bad")
    (tmp_path / "registry" / "bad" / CARD_FILE_NAME).write_text("name: [")
    listed = run("list")
    assert "ready" in listed
    assert "cannot be read" in listed


def test_weights_are_exported(run, tiny_weights: Path):
    assert "installed tiny-model" in run("export", str(tiny_weights), "--input-pixels", "64")
    assert "64 x 64" in run("list")


def test_bad_values_are_named(run, tmp_path: Path):
    with pytest.raises(CityPatrolError, match=r"--input-pixels .*multiple of 32.* got '33'"):
        run("export", "some.pt", "--input-pixels", "33")
    with pytest.raises(CityPatrolError, match="'absent'"):
        run("show", "absent")
