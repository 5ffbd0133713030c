from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.installed_model import (
    ModelNotFoundError,
    find_model,
    installed_model,
    shared_weights,
)
from models.model_card import CARD_FILE_NAME, ModelFileError, read_card, write_card
from models.settings import ModelSettings
from models.ultralytics_export import ExportError
from tests.colour_model import write_colour_model

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def install(registry: Path, name: str, days: float | None = None) -> Path:
    """Install the colour model as exported ``days`` after new year."""
    path = write_colour_model(registry / name)
    if days is not None:
        card_path = path.parent / CARD_FILE_NAME
        exported_at = NEW_YEAR + timedelta(days=days)
        write_card(read_card(card_path).model_copy(update={"exported_at": exported_at}), card_path)
    return path


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    return tmp_path / "registry"


@pytest.fixture(autouse=True)
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty shared folder."""
    folder = tmp_path / "shared"
    (folder / "weights").mkdir(parents=True)
    monkeypatch.setenv("CITYPATROL_SHARED", str(folder))
    return folder


def test_the_model_exported_last_is_found(registry: Path):
    install(registry, "a", days=1)
    newest = install(registry, "b", days=3)
    install(registry, "c", days=2)
    install(registry, "d")
    assert find_model(ModelSettings(registry=registry)).onnx_path == newest


def test_a_given_onnx_file_wins(registry: Path, tmp_path: Path):
    install(registry, "a", days=1)
    given = write_colour_model(tmp_path / "given")
    assert find_model(ModelSettings(registry=registry, weights=given)).onnx_path == given


def test_given_weights_are_exported(registry: Path, tiny_weights: Path):
    install(registry, "a", days=1)
    settings = ModelSettings(registry=registry, weights=tiny_weights, input_pixels=64)
    assert find_model(settings).card.name == "tiny-model"


def test_an_installed_model_is_found_before_the_shared_weights(registry: Path, shared: Path):
    installed = install(registry, "a")
    (shared / "weights" / "yolo11n.pt").write_bytes(b"never looked at")
    assert find_model(ModelSettings(registry=registry)).onnx_path == installed


def test_shared_weights_are_exported_where_nothing_is_installed(
    registry: Path, shared: Path, tiny_weights: Path
):
    (shared / "weights" / "street.pt").write_bytes(tiny_weights.read_bytes())
    model = find_model(ModelSettings(registry=registry, input_pixels=64))
    assert model.card.name == "street"
    assert model.onnx_path.is_relative_to(registry)


def test_of_several_shared_weights_yolo11n_comes_first(shared: Path):
    for name in ("yolov8n.pt", "yolo11n_coco.pt", "a.pt", "notes.txt"):
        (shared / "weights" / name).touch()
    assert [path.name for path in shared_weights()] == ["yolo11n_coco.pt", "a.pt", "yolov8n.pt"]


def test_without_any_model_the_way_out_is_named(registry: Path):
    with pytest.raises(ModelNotFoundError, match=r"--weights .* models export") as caught:
        find_model(ModelSettings(registry=registry))
    assert str(registry) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_installed_model_is_not_passed_over(registry: Path):
    install(registry, "a", days=1)
    install(registry, "b", days=2).write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="changed or torn"):
        find_model(ModelSettings(registry=registry))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("absent.onnx", ModelFileError),
        ("absent.pt", ExportError),
        ("model.engine", ModelFileError),
        ("no_suffix", ModelFileError),
    ],
)
def test_given_weights_that_cannot_be_used(
    registry: Path, tmp_path: Path, name: str, expected: type[Exception]
):
    with pytest.raises(expected, match=name):
        find_model(ModelSettings(registry=registry, weights=tmp_path / name))


def test_models_are_called_by_folder_or_by_name(registry: Path):
    path = install(registry, "street-0123-640")
    install(registry, "quay-0123-640")
    install(registry, "quay-4567-640")
    assert installed_model("street-0123-640", registry).onnx_path == path
    assert installed_model("street", registry).onnx_path == path
    with pytest.raises(ModelNotFoundError, match=r"several .* quay-0123-640, quay-4567-640"):
        installed_model("quay", registry)
    with pytest.raises(ModelNotFoundError, match=r"no model .* there: quay-0123-640, .*street"):
        installed_model("str", registry)
