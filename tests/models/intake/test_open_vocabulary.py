import warnings
from pathlib import Path

import numpy as np
import pytest

from detector.inference.letterbox import Letterbox
from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.settings import DetectorSettings, Precision
from detector.inference.yolo_output import Thresholds, read_output
from models.cards.artefact import ArtefactFormat
from models.cards.model_card import ModelClass, ModelTask, sha256_of
from models.cards.stored_model import InstalledModel
from models.intake.model_file import GivenFacts, load_model_file
from models.intake.open_vocabulary import class_features, put_in_prompts
from models.intake.open_vocabulary_addition import add_open_vocabulary
from models.intake.output_layout import OutputLayout
from models.intake.text_encoder import TextEncoderError
from models.intake.ultralytics_export import ExportError, ultralytics_is_installed, write_onnx
from models.registry.folder_registry import FolderRegistry
from streams.kit.stage_costs import StageCosts
from tests.models.open_vocabulary_weights import (
    needs_clip,
    stand_in_encoder,
    write_mobile_clip,
    write_untrained,
)
from tests.models.tiny_weights import write_tiny_weights

pytestmark = pytest.mark.skipif(
    not ultralytics_is_installed(), reason="the extra 'train' (ultralytics, onnx) is not installed"
)
PIXELS = 64
PROMPTS = "trolley: [abandoned trolley, supermarket cart]\nmattress: [mattress in the street]\n"
CLASSES = (
    ModelClass(name="trolley", visual_class="trolley", prompts=("abandoned trolley", "cart")),
    ModelClass(name="mattress", visual_class="mattress", prompts=("mattress",)),
)


def test_several_prompts_are_averaged():
    features = class_features(CLASSES, stand_in_encoder)
    cart, trolley, mattress = (
        stand_in_encoder([text])[0] for text in ("cart", "abandoned trolley", "mattress")
    )
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(features[1], mattress, atol=1e-6)
    np.testing.assert_allclose(
        features[0], (cart + trolley) / np.linalg.norm(cart + trolley), atol=1e-6
    )


# Of boxes that overlap less than this none is suppressed.
NOT_SUPPRESSED = 0.9999


@pytest.mark.parametrize(
    ("structure", "encoder"),
    [
        ("yolov8n-worldv2.yaml", "ViT-B-32.pt"),
        ("yoloe-11n-seg.yaml", "mobileclip_blt.ts"),
        ("yoloe-26n.yaml", "mobileclip2_b.ts"),
    ],
)
def test_the_export_finds_what_torch_finds(tmp_path: Path, structure: str, encoder: str):
    weights = write_untrained(tmp_path / "untrained.pt", structure)
    asked: list[str] = []

    def encoder_for(file_name: str):
        asked.append(file_name)
        return stand_in_encoder

    target = tmp_path / "model.pt"
    put_in_prompts(weights, CLASSES, encoder_for, target)
    assert asked == [encoder]
    exported = write_onnx(target, PIXELS)
    assert exported.class_names == ("trolley", "mattress")
    assert exported.licence == "for tests"

    picture = np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    expected = found_by_torch(weights, picture)
    model = load_model_file(exported.onnx_path)
    settings = DetectorSettings(confidence=0.01, precision=Precision.FLOAT32, iou=NOT_SUPPRESSED)
    with OpenVinoBackend(model, settings, StageCosts()) as backend:
        found = backend.detect([picture]).result(60)[0]
    assert len(found) == len(expected.scores) > 0
    # Random weights give scores that differ by less than the engines' rounding, so that only
    # the sets of boxes can be compared, neither their order nor which of two that overlap stays.
    np.testing.assert_allclose(np.sort(found.scores), np.sort(expected.scores), atol=1e-3)
    assert sorted(found.class_ids) == sorted(expected.class_ids)
    letterbox = Letterbox.fitting(picture, PIXELS, PIXELS)
    np.testing.assert_allclose(
        np.sort(found.boxes, axis=0),
        np.sort(letterbox.fractions(expected.boxes), axis=0),
        atol=5e-3,
    )


def found_by_torch(weights: Path, picture: np.ndarray):
    """What the model finds in torch, asked by prompts while it runs instead of before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = pytest.importorskip("torch")
        tasks = pytest.importorskip("ultralytics.nn.tasks")
        model, _ = tasks.load_checkpoint(weights)
        fitted = Letterbox.fitting(picture, PIXELS, PIXELS).apply(picture)
        tensor = torch.from_numpy(fitted[:, :, ::-1].transpose(2, 0, 1).copy()).float()[None] / 255
        features = torch.from_numpy(class_features(CLASSES, stand_in_encoder))[None]
        model.model[-1].nc = len(CLASSES)
        asked = {"txt_feats" if isinstance(model, tasks.WorldModel) else "tpe": features}
        with torch.no_grad():
            output = model.predict(tensor, **asked)[0]
        if isinstance(output, tuple):
            output = output[0]
    raw = output[0].numpy()[: 4 + len(CLASSES)]
    return read_output(raw, OutputLayout.RAW, Thresholds(0.01, NOT_SUPPRESSED))


def test_without_prompts_weights_that_need_them_are_refused(tmp_path: Path):
    weights = write_untrained(tmp_path / "yoloe-11n-seg.pt", "yoloe-11n-seg.yaml")
    with pytest.raises(ExportError, match="--prompts"):
        write_onnx(weights, PIXELS)


def test_adding_keeps_prompts_in_the_card(tmp_path: Path):
    needs_clip()
    weights = write_untrained(tmp_path / "yoloe-11n.pt", "yoloe-11n.yaml")
    write_mobile_clip(tmp_path / "mobileclip_blt.ts")
    (tmp_path / "prompts.yaml").write_text(PROMPTS)
    registry = FolderRegistry(tmp_path / "registry")

    def add(given: GivenFacts) -> InstalledModel:
        return add_open_vocabulary(weights, tmp_path / "prompts.yaml", registry, PIXELS, given)

    added = add(GivenFacts())
    card = added.card
    added.check()
    assert card.name == "yoloe-11n"
    assert card.task is ModelTask.OPEN_VOCABULARY_DETECTION
    assert card.class_names == ("trolley", "mattress")
    assert card.classes[0].prompts == ("abandoned trolley", "supermarket cart")
    assert card.source_sha256 == sha256_of(weights)
    assert {one.format for one in card.artefacts} == {
        ArtefactFormat.ONNX,
        ArtefactFormat.ULTRALYTICS,
    }
    with OpenVinoBackend(added, DetectorSettings(confidence=0.9), StageCosts()) as backend:
        assert backend.detect([np.zeros((48, 64, 3), np.uint8)]).result(60)

    (tmp_path / "prompts.yaml").write_text("mattress: [mattress in the street]\n")
    other = add(GivenFacts(name="bulky")).card
    assert other.name == "bulky"
    assert other.version != card.version


def test_a_missing_encoder_is_named_with_its_place(tmp_path: Path):
    weights = write_untrained(tmp_path / "yoloe.pt", "yoloe-11n.yaml")
    (tmp_path / "prompts.yaml").write_text(PROMPTS)
    registry = FolderRegistry(tmp_path / "registry")
    with pytest.raises(TextEncoderError, match=rf"{tmp_path}/mobileclip_blt\.ts is missing"):
        add_open_vocabulary(weights, tmp_path / "prompts.yaml", registry, PIXELS, GivenFacts())
    with pytest.raises(TextEncoderError, match=r"elsewhere\.ts is missing"):
        add_open_vocabulary(
            weights,
            tmp_path / "prompts.yaml",
            registry,
            PIXELS,
            GivenFacts(),
            tmp_path / "elsewhere.ts",
        )
    assert registry.versions() == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("detector", "take no prompts: prompts need YOLO-World or YOLOE"),
        ("first", "first YOLO-World, which cannot be exported: take those with '-worldv2'"),
        ("torn", "no Ultralytics model, or damaged"),
        ("absent", "no Ultralytics model, or damaged: FileNotFoundError"),
    ],
)
def test_other_weights_are_refused(tmp_path: Path, kind: str, message: str):
    path = tmp_path / "weights.pt"
    match kind:
        case "detector":
            write_tiny_weights(path)
        case "first":
            write_untrained(path, "yolov8n-world.yaml")
        case "torn":
            path.write_bytes(b"torn")
    with pytest.raises(ExportError, match=rf"weights\.pt.*{message}"):
        put_in_prompts(path, CLASSES, lambda _: stand_in_encoder, tmp_path / "model.pt")
