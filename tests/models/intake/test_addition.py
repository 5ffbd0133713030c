"""``citypatrol models add`` and ``pull``, for every kind of file."""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import onnx
import openvino
import pytest

from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings
from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import CARD_FILE_NAME, ModelCardError, ModelFileError
from models.cards.stored_model import InstalledModel
from models.intake.addition import AdditionError
from models.intake.published_weights import PullError
from models.model_version import ModelVersionError, parse_model_version
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import ModelVersionTakenError
from streams.kit.stage_costs import StageCosts
from tests.colour_model import (
    CLASS_NAMES,
    ColourSquare,
    colour_square_picture,
    write_colour_model,
)
from tests.models.registered import write_draft

CLASSES = ",".join(CLASS_NAMES)


@pytest.fixture
def onnx_path(tmp_path: Path) -> Path:
    """The colour model without its card."""
    path = write_colour_model(tmp_path / "files")
    path.with_name(CARD_FILE_NAME).unlink()
    return path.rename(path.with_name("Colour Squares.onnx"))


def write_openvino(onnx_path: Path, *, halves: bool) -> Path:
    """The same model in OpenVINO's own form."""
    path = onnx_path.with_name("squares.xml")
    model = openvino.Core().read_model(onnx_path)
    openvino.save_model(model, path, compress_to_fp16=halves)
    return path


def write_engine(path: Path, metadata: object) -> Path:
    """A file with the header that Ultralytics writes before a TensorRT engine."""
    text = json.dumps(metadata).encode()
    path.write_bytes(struct.pack("<i", len(text)) + text + b"engine" * 100)
    return path


def added(registry: Path, version: str) -> InstalledModel:
    return FolderRegistry(registry).fetch(parse_model_version(version))


def car_is_found_by(model: InstalledModel) -> bool:
    picture = colour_square_picture([ColourSquare("car", 0.5, 0.5)])
    with OpenVinoBackend(model, DetectorSettings(), StageCosts()) as backend:
        (found,) = backend.detect([picture]).result(60)
    return [found.class_name(index) for index in range(len(found))] == ["car"]


def test_weights_are_exported_and_kept(models, registry: Path, tiny_weights: Path):
    words = ("--input-pixels", "64", "--name", "tiny", "--version", "7", "--licence", "MIT")
    assert "added tiny@7" in models("add", str(tiny_weights), *words)
    model = added(registry, "tiny@7")
    assert model.card.licence == "MIT"
    forms = [artefact.format for artefact in model.card.artefacts]
    assert forms == [ArtefactFormat.ONNX, ArtefactFormat.ULTRALYTICS]
    assert model.path_of(model.card.artefacts[1]).read_bytes() == tiny_weights.read_bytes()
    assert "64 x 64" in models("list")
    with pytest.raises(AdditionError, match="leave out --classes"):
        models("add", str(tiny_weights), "--classes", "a,b")


def test_an_onnx_file_is_added(models, registry: Path, onnx_path: Path):
    words = ("--version", "1", "--parent", "street@2026.11")
    assert "added colour-squares@1" in models("add", str(onnx_path), *words)
    model = added(registry, "colour-squares@1")
    assert model.card.class_names == CLASS_NAMES
    assert str(model.card.parent) == "street@2026.11"
    assert model.card.created_at is not None
    assert car_is_found_by(model)
    models("add", str(onnx_path), *words)
    with pytest.raises(ModelVersionTakenError, match="--version"):
        models("add", str(onnx_path), "--version", "1")


def test_classes_may_be_given(models, registry: Path, onnx_path: Path):
    graph = onnx.load(onnx_path)
    del graph.metadata_props[:]
    onnx.save(graph, str(onnx_path))
    with pytest.raises(ModelFileError, match=r"Colour Squares\.onnx .*--classes"):
        models("add", str(onnx_path))
    words = (
        "--name",
        "squares",
        "--version",
        "1",
        "--classes",
        "Person, b, c, d, e, Traffic light",
    )
    models("add", str(onnx_path), *words)
    names = added(registry, "squares@1").card.class_names
    assert names == ("person", "b", "c", "d", "e", "traffic_light")


@pytest.mark.parametrize(
    ("halves", "precision"),
    [(False, ArtefactPrecision.FLOAT32), (True, ArtefactPrecision.FLOAT16)],
)
def test_an_openvino_model_is_added(
    models, registry: Path, onnx_path: Path, halves: bool, precision: ArtefactPrecision
):
    path = write_openvino(onnx_path, halves=halves)
    path.with_name("metadata.yaml").write_text(
        "names: {0: person, 1: bicycle, 2: car, 3: bus, 4: truck, 5: boat}\nimgsz: [640, 640]\n"
    )
    assert "added squares@1" in models("add", str(path), "--version", "1")
    model = added(registry, "squares@1")
    (artefact,) = model.card.artefacts
    assert artefact.format is ArtefactFormat.OPENVINO
    assert artefact.precision is precision
    assert [file.path for file in artefact.files] == ["squares.xml", "squares.bin"]
    assert car_is_found_by(model)


def test_an_openvino_model_without_metadata(models, registry: Path, onnx_path: Path):
    path = write_openvino(onnx_path, halves=False)
    with pytest.raises(ModelFileError, match="what it recognises"):
        models("add", str(path))
    models("add", str(path), "--version", "1", "--classes", CLASSES)
    size = added(registry, "squares@1").card.preprocessing
    assert (size.input_width, size.input_height) == (640, 640)
    path.with_suffix(".bin").unlink()
    with pytest.raises(ModelFileError, match=r"squares\.bin are not beside it"):
        models("add", str(path))


def test_an_onnx_model_of_half_precision_runs(models, registry: Path, onnx_path: Path):
    graph = onnx.load(onnx_path)
    halves = [
        onnx.numpy_helper.from_array(
            onnx.numpy_helper.to_array(value).astype(np.float16), value.name
        )
        if value.data_type == onnx.TensorProto.FLOAT
        else value
        for value in graph.graph.initializer
    ]
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(halves)
    for value in (*graph.graph.input, *graph.graph.output):
        value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
    onnx.save(graph, str(onnx_path))
    models("add", str(onnx_path), "--version", "1")
    model = added(registry, "colour-squares@1")
    assert model.card.artefacts[0].precision is ArtefactPrecision.FLOAT16
    assert car_is_found_by(model)


@pytest.mark.parametrize(
    ("arguments", "precision"),
    [
        ({"half": True}, ArtefactPrecision.FLOAT16),
        ({"int8": True}, ArtefactPrecision.INT8),
        ({"quantize": 16}, ArtefactPrecision.FLOAT16),
        ({}, ArtefactPrecision.FLOAT32),
    ],
)
def test_an_engine_is_registered_and_said_to_be_untried(
    models, registry: Path, tmp_path: Path, arguments: dict, precision: ArtefactPrecision
):
    names = {"0": "car", "1": "Fire hydrant"}
    path = write_engine(
        tmp_path / "street.engine", {"names": names, "imgsz": [352, 640], "args": arguments}
    )
    said = models("add", str(path), "--version", "1")
    assert "was not tried" in said
    card = added(registry, "street@1").card
    assert card.class_names == ("car", "fire_hydrant")
    size = card.preprocessing
    assert (size.input_width, size.input_height) == (640, 352)
    assert card.artefacts[0].format is ArtefactFormat.TENSORRT
    assert card.artefacts[0].precision is precision


@pytest.mark.parametrize(
    "content", [b"", b"ftrt" * 99, b"\x05\0\0\0hello", b"\x02\0\0\0[]", b"\x01"]
)
def test_an_engine_without_metadata_needs_classes(
    models, registry: Path, tmp_path: Path, content: bytes
):
    path = tmp_path / "plain.engine"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"plain\.engine .*--classes"):
        models("add", str(path))
    models("add", str(path), "--version", "1", "--classes", "car,boat", "--input-pixels", "320")
    size = added(registry, "plain@1").card.preprocessing
    assert (size.input_width, size.input_height) == (320, 320)


def test_a_folder_with_a_card_is_added(models, registry: Path, tmp_path: Path):
    draft = write_draft(tmp_path / "draft", "squares@3")
    assert f"added squares@3 in {registry / 'squares' / '3'}" in models("add", str(draft))
    with pytest.raises(AdditionError, match=r"its card\.yaml says all"):
        models("add", str(draft), "--name", "other")
    with pytest.raises(ModelCardError, match="cannot be read"):
        models("add", str(tmp_path))


@pytest.mark.parametrize(
    ("words", "expected", "message"),
    [
        (("absent.onnx",), ModelFileError, "absent"),
        (("absent.engine",), ModelFileError, "cannot be read"),
        (("model.tflite",), ModelFileError, r"\.pt, \.onnx"),
        (("x.onnx", "--parent", "street"), ModelVersionError, "NAME@VERSION"),
    ],
)
def test_what_cannot_be_added(models, words: tuple[str, ...], expected: type, message: str):
    with pytest.raises(expected, match=message):
        models("add", *words)


@pytest.mark.parametrize(
    ("words", "message"),
    [(("--name", "Big Street"), "name 'Big Street'"), (("--classes", "a,A"), "more than once")],
)
def test_what_makes_no_card(models, onnx_path: Path, words: tuple[str, ...], message: str):
    with pytest.raises(ModelCardError, match=message):
        models("add", str(onnx_path), *words)


def test_pulling_without_internet_is_said_in_one_line(
    models, registry: Path, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with pytest.raises(
        PullError, match=r"'yolo11n' .*no internet.*models add yolo11n\.pt"
    ) as caught:
        models("pull", "yolo11n")
    assert "\n" not in str(caught.value)
    with pytest.raises(PullError, match=r"publishes none of this name.*yolo26n"):
        models("pull", "yolo0")
    assert not registry.exists()


def test_pulled_weights_are_added_with_licence_and_origin(
    models, registry: Path, tiny_weights: Path, monkeypatch: pytest.MonkeyPatch
):
    downloads = pytest.importorskip("ultralytics.utils.downloads")

    def fetch(url: str, file: Path, **_: object) -> None:
        assert url.endswith("/yolo11n.pt")
        file.write_bytes(tiny_weights.read_bytes())

    monkeypatch.setattr(downloads, "safe_download", fetch)
    models("pull", "yolo11n", "--version", "1", "--input-pixels", "64")
    card = added(registry, "yolo11n@1").card
    assert card.licence == "AGPL-3.0"
    assert "Published by Ultralytics as yolo11n.pt" in card.summary


def test_pulling_without_ultralytics(models, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    with pytest.raises(PullError, match=r"citypatrol\[train\]"):
        models("pull", "yolo11n")
