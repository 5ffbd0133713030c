from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from labeling.training.quantise_commands import register
from models.intake.quantisation import QuantisationError, nncf_is_installed
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import UnknownModelVersionError
from tests.labeling.picture_folder import write_pictures
from tests.models.registered import install

pytestmark = pytest.mark.skipif(
    not nncf_is_installed(), reason="the extra 'train' (nncf) is not installed"
)


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    register(app)
    return app


def test_a_model_of_the_registry_becomes_int8(app: typer.Typer, tmp_path: Path):
    install(tmp_path / "registry", "colours@3")
    write_pictures(tmp_path / "own", 3)
    arguments = ["models", "quantise", "colours", "--data", str(tmp_path / "own")]
    registry = ["--registry", str(tmp_path / "registry")]
    done = CliRunner().invoke(app, [*arguments, *registry, "--pictures", "2"])
    assert done.exit_code == 0, done.exception
    assert "added colours@3-int8" in done.stdout
    for artefact in ("onnx:float32", "openvino:int8"):
        assert (
            f"models evaluate colours@3-int8 --record --data DIR --artefact {artefact}"
            in done.stdout
        )
    assert "calibrating with 2 pictures" in done.stderr
    versions = FolderRegistry(tmp_path / "registry").versions()
    assert {str(version) for version in versions} == {"colours@3", "colours@3-int8"}

    again = CliRunner().invoke(app, [*arguments, *registry])
    assert isinstance(again.exception, QuantisationError)


def test_an_unknown_model_is_named(app: typer.Typer, tmp_path: Path):
    arguments = ["models", "quantise", "river", "--data", str(tmp_path)]
    done = CliRunner().invoke(app, [*arguments, "--registry", str(tmp_path / "registry")])
    assert isinstance(done.exception, UnknownModelVersionError)
