from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from models.commands.commands import register
from models.intake.ultralytics_export import ultralytics_is_installed
from streams.kit.errors import CityPatrolError
from tests.models.tiny_weights import write_small_weights


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of an untrained model of the classes car and boat."""
    if not ultralytics_is_installed():
        pytest.skip("the extra 'train' (ultralytics, onnx) is not installed")
    return write_small_weights(tmp_path_factory.mktemp("weights") / "tiny model.pt")


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Folder of the registry; nothing is in it yet."""
    return tmp_path / "registry"


@pytest.fixture
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no model came with CityPatrol."""
    monkeypatch.setattr("models.registry.shipped_weights.SHIPPED_WEIGHTS", tmp_path / "shipped")


@pytest.fixture
def models(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command of ``citypatrol models`` with ``registry``; a user's error is raised."""
    monkeypatch.setenv("CITYPATROL_MODEL_REGISTRY", str(registry))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("models.registry.shipped_weights.SHIPPED_WEIGHTS", tmp_path / "shipped")
    app = typer.Typer()
    register(app)

    def invoke(*words: str) -> str:
        result = CliRunner().invoke(app, ["models", *words])
        if isinstance(result.exception, CityPatrolError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return invoke
