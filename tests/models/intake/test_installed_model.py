from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.cards.model_card import ModelFileError
from models.intake.installed_model import ModelNotFoundError, find_model
from models.intake.ultralytics_export import ExportError
from models.registry.registry import UnknownModelVersionError
from models.registry.registry_access import open_registry
from models.registry.settings import ModelSettings, RegistrySettings
from models.registry.version_choice import named_version, settled_version
from tests.colour_model import write_colour_model
from tests.models.registered import install

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return tmp_path / "registry"


def settings(registry: Path, **fields: object) -> ModelSettings:
    return ModelSettings(registry=str(registry), **fields)


def installed(registry: Path, name: str, days: float | None = None) -> str:
    """Install the colour model as made ``days`` after new year."""
    made = None if days is None else NEW_YEAR + timedelta(days=days)
    return str(install(registry, name, created_at=made).card.model_version)


def found(settings: ModelSettings) -> str:
    return str(find_model(settings).card.model_version)


def test_a_candidate_runs_only_where_it_is_named(registry: Path):
    candidate = installed(registry, "street@2099", days=3)
    installed(registry, "d@1")
    shipped = open_registry(settings(registry)).shipped.versions()[0]
    assert found(settings(registry)) == str(shipped)
    assert found(settings(registry, weights=candidate)) == candidate
    with pytest.raises(UnknownModelVersionError, match=r"street@2100 is not in"):
        found(settings(registry, weights="street@2100"))


def test_what_runs_unseen_takes_no_candidate_for_a_bare_name(registry: Path):
    candidate = installed(registry, "hats@1")
    installed(registry, "street@2099")
    opened = open_registry(settings(registry))
    assert settled_version("street", opened) == opened.shipped.versions()[0]
    assert str(settled_version(candidate, opened)) == candidate
    with pytest.raises(UnknownModelVersionError, match=r"'hats' .*such as hats@1"):
        settled_version("hats", opened)


def test_a_given_onnx_file_wins(registry: Path, tmp_path: Path):
    installed(registry, "a@1", days=1)
    given = write_colour_model(tmp_path / "given")
    assert found(settings(registry, weights=given)) == "colour-squares@1"


def test_given_weights_are_exported(registry: Path, tiny_weights: Path):
    installed(registry, "a@1", days=1)
    given = settings(registry, weights=tiny_weights, input_pixels=64)
    assert find_model(given).card.name == "tiny-model"


def test_without_any_model_the_way_out_is_named(registry: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("models.registry.shipped_weights.SHIPPED_WEIGHTS", registry.parent / "none")
    with pytest.raises(ModelNotFoundError, match=r"--weights .* models add") as caught:
        find_model(settings(registry))
    assert str(registry) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shipped_street_model_runs_where_nothing_is_installed(
    registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("models.registry.shipped_weights.SHIPPED_WEIGHTS", tmp_path / "shipped")
    installed(tmp_path / "shipped", "street@1", days=1)
    installed(tmp_path / "shipped", "street@2", days=2)
    installed(tmp_path / "shipped", "river@1", days=3)
    assert found(settings(registry)) == "street@2"
    installed(registry, "quay@1")
    assert found(settings(registry)) == "street@2"


def test_a_damaged_installed_model_is_not_passed_over(registry: Path):
    installed(registry, "b@1", days=2)
    (registry / "b" / "1" / "model.onnx").write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="changed or torn"):
        find_model(settings(registry, weights="b@1"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("absent.onnx", ModelFileError),
        ("absent.pt", ExportError),
        ("model.tflite", ModelFileError),
        ("no_suffix", ModelFileError),
    ],
)
def test_given_weights_that_cannot_be_used(
    registry: Path, tmp_path: Path, name: str, expected: type[Exception]
):
    with pytest.raises(expected, match=name):
        find_model(settings(registry, weights=tmp_path / name))


@pytest.mark.usefixtures("nothing_shipped")
def test_a_name_alone_means_the_newest_version(registry: Path):
    old = installed(registry, "street@1", days=1)
    new = installed(registry, "street@2", days=2)
    opened = open_registry(RegistrySettings(registry=str(registry)))
    assert str(named_version("street", opened)) == new
    assert str(named_version("street@1", opened)) == old
    with pytest.raises(UnknownModelVersionError, match=r"'str' .*there: street@2, street@1"):
        named_version("str", opened)
