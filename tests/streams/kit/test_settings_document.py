"""Settings are written the way they are given."""

from enum import StrEnum
from pathlib import Path

import pytest
import typer
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from typer.testing import CliRunner

from streams.kit.errors import CityPatrolError
from streams.kit.settings_document import settings_document
from streams.kit.settings_options import environment_settings, settings_options, value_text


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class PaintSettings(BaseSettings):
    """How walls are painted."""

    model_config = SettingsConfigDict(env_prefix="CITYPATROL_PAINT_")

    colours: frozenset[Colour] = Field(frozenset(Colour), description="Colours.")
    avoided: frozenset[Colour] = Field(frozenset(), description="Other colours.")
    layers: int = Field(2, ge=1, description="Layers.")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (frozenset({Colour.RED, Colour.BLUE}), "blue,red"),
        ((Path("b"), Path("a")), "b,a"),
        (Colour.RED, "red"),
        (0.5, "0.5"),
        ((), ""),
    ],
)
def test_value_is_written_as_it_is_given(value: object, text: str):
    assert value_text(value) == text


def test_document_writes_several_values_with_commas():
    lines = settings_document([PaintSettings]).splitlines()
    assert "| `--colours` | `CITYPATROL_PAINT_COLOURS` | `blue,red` |  | Colours. |" in lines
    assert "| `--avoided` | `CITYPATROL_PAINT_AVOIDED` | none |  | Other colours. |" in lines


def test_help_writes_several_values_with_commas(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()

    @app.command()
    @settings_options(PaintSettings)
    def paint(settings: PaintSettings) -> None:
        """Paint."""

    text = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    assert "default: blue,red; environment:" in text
    assert "default: none; environment:" in text
    assert "--layers <int>" in text
    assert "--colours <red|blue,…>" in text


def test_a_refused_secret_is_not_shown():
    class SafeSettings(BaseSettings):
        """A safe."""

        number: SecretStr = Field(SecretStr("0"), max_length=4, description="A number.")
        word: SecretStr | None = Field(None, max_length=4, description="A word.")

    app = typer.Typer()

    @app.command()
    @settings_options(SafeSettings)
    def unlock(settings: SafeSettings) -> None:
        """Unlock."""

    result = CliRunner().invoke(app, ["--word", "open-sesame", "--number", "12345"])
    assert "--word" in str(result.exception)
    assert "--number" in str(result.exception)
    assert not any(secret in str(result.exception) for secret in ("sesame", "12345"))


def test_wrong_value_in_the_environment_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CITYPATROL_PAINT_LAYERS", "0")
    with pytest.raises(CityPatrolError) as told:
        environment_settings(PaintSettings)
    assert str(told.value) == (
        "CITYPATROL_PAINT_LAYERS: Input should be greater than or equal to 1, got '0'"
    )
