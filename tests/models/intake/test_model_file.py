from pathlib import Path

import onnx
import pytest

from models.cards.model_card import CARD_FILE_NAME, ModelCardError, ModelFileError
from models.intake.model_file import load_model_file
from tests.colour_model import CLASS_NAMES, write_colour_model


def without_card(folder: Path, metadata: dict[str, str] | None = None) -> Path:
    """The colour model without its card and, if given, with other metadata."""
    path = write_colour_model(folder)
    (folder / CARD_FILE_NAME).unlink()
    if metadata is not None:
        model = onnx.load(path)
        del model.metadata_props[:]
        onnx.helper.set_model_props(model, metadata)
        onnx.save(model, str(path))
    return path


def test_a_model_with_its_card(tmp_path: Path):
    path = write_colour_model(tmp_path)
    model = load_model_file(path)
    assert model.path_of(model.card.artefacts[0]) == path
    assert load_model_file(tmp_path) == model
    assert model.card.name == "colour-squares"
    assert model.card.class_names == CLASS_NAMES


def test_without_a_card_the_metadata_of_ultralytics_tell(tmp_path: Path):
    metadata = {
        "names": "{0: 'car', 1: 'Traffic light'}",
        "imgsz": "[352, 640]",
        "license": "AGPL-3.0",
    }
    card = load_model_file(without_card(tmp_path, metadata)).card
    assert card.class_names == ("car", "traffic_light")
    assert card.classes[1].name == "Traffic light"
    size = card.preprocessing
    assert (size.input_width, size.input_height) == (640, 352)
    assert card.licence == "AGPL-3.0"
    assert card.version == card.artefacts[0].files[0].sha256[:12]


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, ModelFileError),
        ({"names": "__import__('os')", "imgsz": "[640, 640]"}, ModelFileError),
        ({"names": "{5: 'car'}", "imgsz": "[640, 640]"}, ModelFileError),
        ({"names": "{0: 'car', 1: 'car'}", "imgsz": "[640, 640]"}, ModelCardError),
        ({"names": "{0: 'car'}", "imgsz": "[1, 640]"}, ModelCardError),
    ],
)
def test_metadata_that_do_not_suffice(tmp_path: Path, metadata: dict, expected: type):
    path = without_card(tmp_path, metadata)
    with pytest.raises(expected, match=r"model\.onnx"):
        load_model_file(path)


def test_a_file_that_its_card_does_not_describe_is_refused(tmp_path: Path):
    path = write_colour_model(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="changed or torn"):
        load_model_file(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n", b"PK\x03\x04" * 50])
def test_what_is_no_onnx_model_is_refused_quietly(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
):
    path = tmp_path / "other.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"other\.onnx"):
        load_model_file(path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "expected"), [("absent.onnx", ModelFileError), (".", ModelCardError)]
)
def test_a_path_that_is_no_model(tmp_path: Path, name: str, expected: type):
    with pytest.raises(expected, match="cannot be read"):
        load_model_file(tmp_path / name)


def test_a_file_that_the_card_beside_it_does_not_name(tmp_path: Path):
    write_colour_model(tmp_path).rename(tmp_path / "other.onnx")
    with pytest.raises(ModelFileError, match=r"other\.onnx .* is not in the card beside it"):
        load_model_file(tmp_path / "other.onnx")


def test_a_size_that_is_not_said_is_that_of_the_graph(tmp_path: Path):
    card = load_model_file(without_card(tmp_path, {"names": "{0: 'car'}"})).card
    assert (card.preprocessing.input_width, card.preprocessing.input_height) == (640, 640)
