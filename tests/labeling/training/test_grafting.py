"""Grafting real small detectors: what each found alone, both find together."""

import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from ultralytics import YOLO
from ultralytics.nn.tasks import DetectionModel, load_checkpoint

from labeling.training.grafting import Graft, GraftingError, graft
from labeling.training.ungrafting import ungraft
from models.intake.ultralytics_export import write_onnx
from tests.models.tiny_weights import write_tiny_weights

SHARED = 5
PIXELS = 64


@pytest.fixture
def parts(tmp_path: Path) -> Graft:
    base = write_tiny_weights(tmp_path / "base.pt")
    torch.manual_seed(3)
    trained = DetectionModel("yolo11n.yaml", nc=3, verbose=False)
    origin, _ = load_checkpoint(str(base))
    for index in range(SHARED):
        trained.model[index].load_state_dict(origin.model[index].state_dict())
    trained.names = {0: "flame", 1: "smoke", 2: "pothole"}
    torch.save({"model": trained}, tmp_path / "trained.pt")
    return Graft(base, ("boat",), tmp_path / "trained.pt", ("flame", "smoke", "pothole"), SHARED)


def scores_and_boxes(weights: Path, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    model, _ = load_checkpoint(str(weights))
    with torch.no_grad():
        decoded, _ = model.float().eval()(picture)
    return decoded[0, 4:].T, decoded[0, :4].T


def test_each_part_finds_what_it_found_alone(parts: Graft, tmp_path: Path) -> None:
    torch.manual_seed(5)
    picture = torch.rand(1, 3, PIXELS, PIXELS)
    scores, boxes = scores_and_boxes(graft(parts, tmp_path / "grafted.pt"), picture)
    base_scores, base_boxes = scores_and_boxes(parts.base, picture)
    new_scores, new_boxes = scores_and_boxes(parts.trained, picture)
    anchors = len(base_scores)
    assert scores.shape == (2 * anchors, 4)
    # Half floats in the file are all that differs.
    near = {"rtol": 5e-3, "atol": 5e-3}
    torch.testing.assert_close(scores[:anchors, 0], base_scores[:, 1], **near)
    torch.testing.assert_close(scores[anchors:, 1:], new_scores, **near)
    torch.testing.assert_close(boxes[:anchors], base_boxes, rtol=1e-2, atol=0.1)
    torch.testing.assert_close(boxes[anchors:], new_boxes, rtol=1e-2, atol=0.1)
    assert scores[:anchors, 1:].max() < 1e-4
    assert scores[anchors:, 0].max() < 1e-4


def test_ultralytics_loads_and_exports_it(parts: Graft, tmp_path: Path) -> None:
    grafted = graft(parts, tmp_path / "grafted.pt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert YOLO(grafted).names == {0: "boat", 1: "flame", 2: "smoke", 3: "pothole"}
    exported = write_onnx(grafted, PIXELS)
    assert exported.class_names == ("boat", "flame", "smoke", "pothole")


def test_it_comes_apart_again(parts: Graft, tmp_path: Path) -> None:
    torch.manual_seed(5)
    picture = torch.rand(1, 3, PIXELS, PIXELS)
    again = ungraft(graft(parts, tmp_path / "grafted.pt"), tmp_path / "parts")
    assert again is not None
    near = {"rtol": 5e-3, "atol": 5e-3}
    before, after = scores_and_boxes(parts.base, picture), scores_and_boxes(again.kept, picture)
    torch.testing.assert_close(after[0][:, 0], before[0][:, 1], **near)
    torch.testing.assert_close(after[1], before[1], rtol=1e-2, atol=0.1)
    before, after = (
        scores_and_boxes(parts.trained, picture),
        scores_and_boxes(again.trained, picture),
    )
    torch.testing.assert_close(after[0], before[0], **near)
    torch.testing.assert_close(after[1], before[1], rtol=1e-2, atol=0.1)
    twice = graft(replace(parts, base=again.kept, trained=again.trained), tmp_path / "twice.pt")
    first, _ = load_checkpoint(str(tmp_path / "grafted.pt"))
    second, _ = load_checkpoint(str(twice))
    assert second.names == first.names
    for name, value in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], value), name


def test_what_was_not_grafted_does_not_come_apart(parts: Graft, tmp_path: Path) -> None:
    assert ungraft(parts.base, tmp_path / "parts") is None


def test_graft_that_learnt_as_a_whole_does_not_come_apart(parts: Graft, tmp_path: Path) -> None:
    model, _ = load_checkpoint(str(graft(parts, tmp_path / "grafted.pt")))
    with torch.no_grad():
        model.model[-1].cv3[0][-1].bias += 0.1
    torch.save({"model": model}, tmp_path / "grafted.pt")
    with pytest.raises(
        GraftingError, match=r"as a whole .*\['flame', 'pothole', 'smoke'\].*taught"
    ):
        ungraft(tmp_path / "grafted.pt", tmp_path / "parts")


def test_shared_layer_that_learnt_is_refused(parts: Graft, tmp_path: Path) -> None:
    model, _ = load_checkpoint(str(parts.trained))
    with torch.no_grad():
        model.model[2].cv1.conv.weight += 0.1
    torch.save({"model": model}, parts.trained)
    with pytest.raises(GraftingError, match=r"layer 2 of .*trained\.pt.*first 5.*frozen"):
        graft(parts, tmp_path / "grafted.pt")


def test_class_that_the_base_does_not_know_is_named(parts: Graft, tmp_path: Path) -> None:
    with pytest.raises(GraftingError, match=r"does not know \['tram'\].*'boat', 'car'"):
        graft(replace(parts, kept_classes=("boat", "tram")), tmp_path / "grafted.pt")


def test_other_architecture_is_refused(parts: Graft, tmp_path: Path) -> None:
    other = DetectionModel("yolov8n.yaml", nc=3, verbose=False)
    torch.save({"model": other}, parts.trained)
    with pytest.raises(GraftingError, match="different architectures"):
        graft(parts, tmp_path / "grafted.pt")
