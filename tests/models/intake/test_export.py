import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings
from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelFileError, sha256_of
from models.intake.export import export_to_onnx
from models.intake.ultralytics_export import ExportError
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import RegistryError
from streams.kit.stage_costs import StageCosts
from tests.shared_material import REPOSITORY, shared_path

PIXELS = 64
EXPORT = """
import sys
from pathlib import Path
from models.intake.export import export_to_onnx
from models.registry.folder_registry import FolderRegistry
print("ready", flush=True)
sys.stdin.readline()
print(export_to_onnx(Path(sys.argv[1]), FolderRegistry(Path(sys.argv[2])), 64).folder)
"""


def entries(registry: Path) -> list[str]:
    """Folders of the versions, and whatever is hidden."""
    hidden = [path.name for path in registry.glob(".*")]
    return hidden + sorted(
        path.relative_to(registry).as_posix() for path in registry.glob("[!.]*/*")
    )


def test_weights_are_exported_once(tiny_weights: Path, tmp_path: Path):
    model = export_to_onnx(tiny_weights, FolderRegistry(tmp_path / "registry"), PIXELS)
    source = sha256_of(tiny_weights)
    assert model.card.name == "tiny-model"
    assert model.card.class_names == ("car", "boat")
    size = model.card.preprocessing
    assert (size.input_width, size.input_height) == (PIXELS, PIXELS)
    assert model.card.source_sha256 == source
    exported, trained = model.card.artefacts
    assert exported.format is ArtefactFormat.ONNX
    assert exported.precision is ArtefactPrecision.FLOAT32
    assert trained.format is ArtefactFormat.ULTRALYTICS
    assert sha256_of(model.path_of(trained)) == source
    assert model.card.licence == "for tests"
    assert entries(tmp_path / "registry") == [f"tiny-model/{source[:12]}-{PIXELS}"]
    assert [path.name for path in tiny_weights.parent.iterdir()] == [tiny_weights.name]

    onnx_path = model.path_of(exported)
    written = onnx_path.stat().st_mtime_ns
    assert export_to_onnx(tiny_weights, FolderRegistry(tmp_path / "registry"), PIXELS) == model
    assert onnx_path.stat().st_mtime_ns == written


def test_an_exported_model_runs(tiny_weights: Path, tmp_path: Path):
    model = export_to_onnx(tiny_weights, FolderRegistry(tmp_path), PIXELS)
    with OpenVinoBackend(model, DetectorSettings(confidence=0.9), StageCosts()) as backend:
        found = backend.detect([np.zeros((48, 64, 3), np.uint8)]).result(timeout=60)
    assert found[0].class_names == ("car", "boat")


def test_a_damaged_entry_is_named(tiny_weights: Path, tmp_path: Path):
    model = export_to_onnx(tiny_weights, FolderRegistry(tmp_path), PIXELS)
    model.path_of(model.card.artefacts[0]).write_bytes(b"torn")
    with pytest.raises(ModelFileError, match="delete its folder"):
        export_to_onnx(tiny_weights, FolderRegistry(tmp_path), PIXELS)


def test_two_processes_export_at_once(tiny_weights: Path, tmp_path: Path):
    command = [sys.executable, "-c", EXPORT, str(tiny_weights), str(tmp_path / "registry")]
    processes = [
        subprocess.Popen(
            command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 2
    answers = [process.communicate("go\n", timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert len({answer.splitlines()[-1] for answer in answers}) == 1
    assert len(entries(tmp_path / "registry")) == 1


@pytest.mark.parametrize("kind", ["empty", "text", "zip", "torn"])
def test_what_is_no_weights_is_named_and_leaves_nothing(
    tiny_weights: Path, tmp_path: Path, kind: str
):
    path = tmp_path / "broken.pt"
    match kind:
        case "empty":
            path.touch()
        case "text":
            path.write_text("hello")
        case "zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("readme", "hello")
        case "torn":
            path.write_bytes(tiny_weights.read_bytes()[:100_000])
    with pytest.raises(ExportError, match=r"broken\.pt: no Ultralytics model"):
        export_to_onnx(path, FolderRegistry(tmp_path / "registry"), PIXELS)
    assert not (tmp_path / "registry").exists()


def test_weights_that_are_not_there(tmp_path: Path):
    with pytest.raises(ExportError, match=r"absent\.pt cannot be read"):
        export_to_onnx(tmp_path / "absent.pt", FolderRegistry(tmp_path), PIXELS)


def test_without_ultralytics_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    weights = tmp_path / "some.pt"
    weights.write_bytes(b"weights")
    monkeypatch.setitem(sys.modules, "ultralytics", None)
    with pytest.raises(ExportError, match=r"citypatrol\[train\].*an \.onnx file"):
        export_to_onnx(weights, FolderRegistry(tmp_path / "registry"))


def test_a_registry_that_cannot_be_made(tiny_weights: Path, tmp_path: Path):
    (tmp_path / "file").touch()
    registry = FolderRegistry(tmp_path / "file" / "registry")
    with pytest.raises(RegistryError, match=r"registry .* cannot be written: .*--registry"):
        export_to_onnx(tiny_weights, registry, PIXELS)


def test_the_shared_weights_export(tiny_weights: Path, tmp_path: Path):
    weights = shared_path("weights/yolo11n_coco_rebuilt.pt")
    model = export_to_onnx(weights, FolderRegistry(tmp_path))
    assert len(model.card.class_names) == 80
    assert "AGPL-3.0" in model.card.licence
