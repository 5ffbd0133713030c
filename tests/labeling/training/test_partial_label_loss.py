"""The loss for partly labelled pictures, on a real small detector and real gradients."""

from pathlib import Path
from typing import Any

import pytest
import torch
from ultralytics.nn.tasks import load_checkpoint
from ultralytics.utils import DEFAULT_CFG
from ultralytics.utils.loss import v8DetectionLoss

from labeling.training.partial_label_loss import (
    PartialLabelLoss,
    TrainingDivergedError,
    without_regions,
)
from labeling.training.teacher import Teacher, TeacherError
from labeling.training.unknown_regions import UnknownRegions
from tests.models.tiny_weights import write_tiny_weights

CLASSES = ("car", "boat")
CAR, BOAT = 0, 1
PIXELS = 64


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return write_tiny_weights(tmp_path / "tiny.pt")


@pytest.fixture
def model(weights: Path) -> torch.nn.Module:
    torch.manual_seed(1)
    model, _ = load_checkpoint(str(weights))
    model = model.float().train()
    model.args = DEFAULT_CFG
    return model


def batch(*rows: tuple[float, ...]) -> dict[str, Any]:
    """One grey picture with boxes (class id, x, y, width, height)."""
    boxes = torch.tensor(rows).reshape(-1, 5)
    torch.manual_seed(2)
    return {
        "img": torch.rand(1, 3, PIXELS, PIXELS),
        "cls": boxes[:, :1],
        "bboxes": boxes[:, 1:],
        "batch_idx": torch.zeros(len(boxes)),
        "im_file": ["street.jpg"],
    }


def score_gradient(
    model: torch.nn.Module, loss: PartialLabelLoss, labels: dict[str, Any]
) -> torch.Tensor:
    """How the loss pulls at each score: (anchors, classes)."""
    predictions = {
        key: value if key == "feats" else value.detach().requires_grad_()
        for key, value in model(labels["img"]).items()
    }
    total, _ = loss(predictions, labels)
    total.sum().backward()
    return predictions["scores"].grad[0].T


def in_left_half(model: torch.nn.Module, labels: dict[str, Any]) -> torch.Tensor:
    places = []
    for features in model(labels["img"])["feats"]:
        height, width = features.shape[2:]
        places.append((torch.arange(width) < width / 2).repeat(height))
    return torch.cat(places)


def test_unknown_class_is_not_pushed_down_within_its_region(model: torch.nn.Module) -> None:
    loss = PartialLabelLoss(model, UnknownRegions(2, ((BOAT,),)), teacher=None)
    labels = batch((2, 0.25, 0.5, 0.5, 1.0))
    gradient = score_gradient(model, loss, labels)
    left = in_left_half(model, labels)
    assert (gradient[left, BOAT] == 0).all()
    assert (gradient[~left, BOAT] > 0).all()
    assert (gradient[:, CAR] > 0).all()


def test_labelled_box_counts_although_its_class_is_unknown_there(model: torch.nn.Module) -> None:
    loss = PartialLabelLoss(model, UnknownRegions(2, ((BOAT,),)), teacher=None)
    gradient = score_gradient(model, loss, batch((2, 0.5, 0.5, 1, 1), (BOAT, 0.5, 0.5, 0.5, 0.5)))
    assert (gradient[:, BOAT] < 0).any()
    assert (gradient[:, BOAT] <= 0).all()


def test_taught_class_is_pulled_to_what_the_teacher_says(
    model: torch.nn.Module, weights: Path
) -> None:
    teacher = Teacher(weights, ("boat",), CLASSES, torch.device("cpu"))
    loss = PartialLabelLoss(model, UnknownRegions(2, ((CAR, BOAT),)), teacher)
    labels = batch((2, 0.5, 0.5, 1, 1))
    lesson = teacher.teach(labels["img"])
    # The pupil in evaluation mode is the teacher, so nothing is left to learn.
    model.eval()
    with torch.no_grad():
        alike = model(labels["img"])[1]["scores"][0, BOAT].sigmoid()
    assert torch.allclose(alike, lesson.scores[0, :, 0], atol=1e-4)
    model.train()
    with torch.no_grad():
        for branch in model.model[-1].cv3:
            branch[-1].bias[BOAT] += 3.0
    loss.bce.unknown = None
    gradient = score_gradient(model, loss, batch())
    assert (gradient[:, BOAT] > 0).all()


def test_box_of_what_only_the_teacher_sees_is_kept(model: torch.nn.Module, weights: Path) -> None:
    sure, _ = load_checkpoint(str(weights))
    for branch in sure.model[-1].cv3:
        torch.nn.init.constant_(branch[-1].bias, 2.0)
    torch.save({"model": sure, "ema": None, "train_args": {}}, weights)
    teacher = Teacher(weights, ("car",), CLASSES, torch.device("cpu"))
    loss = PartialLabelLoss(model, UnknownRegions(2, ()), teacher)
    labels = batch()
    predictions = model(labels["img"])
    _, items = loss(predictions, labels)
    assert items["keep_loss"] > 0
    alone = PartialLabelLoss(model, UnknownRegions(2, ()), teacher=None)
    assert "keep_loss" not in alone(model(labels["img"]), labels)[1]


def test_without_regions_nothing_differs_from_ultralytics_loss(model: torch.nn.Module) -> None:
    labels = batch((CAR, 0.5, 0.5, 0.5, 0.5))
    predictions = model(labels["img"])
    ours, _ = PartialLabelLoss(model, UnknownRegions(2, ()), teacher=None)(predictions, labels)
    theirs, _ = v8DetectionLoss(model)(predictions, labels)
    assert torch.allclose(ours, theirs)


def test_not_a_number_stops_training_and_names_the_picture(model: torch.nn.Module) -> None:
    loss = PartialLabelLoss(model, UnknownRegions(2, ()), teacher=None)
    labels = batch((CAR, 0.5, 0.5, 0.5, 0.5))
    predictions = {**model(labels["img"])}
    predictions["scores"] = predictions["scores"] * float("nan")
    with pytest.raises(TrainingDivergedError, match=r"nan.*street\.jpg"):
        loss(predictions, labels)


@pytest.mark.parametrize("taught", [("tram",), ("car", "bus")])
def test_teacher_must_know_what_it_teaches(weights: Path, taught: tuple[str, ...]) -> None:
    with pytest.raises(TeacherError, match=r"cannot teach \['(tram|bus)'\].*boat"):
        Teacher(weights, taught, CLASSES, torch.device("cpu"))


def test_true_labels_are_what_is_left_without_regions() -> None:
    labels = without_regions(batch((2, 0.5, 0.5, 1, 1), (CAR, 0.1, 0.1, 0.1, 0.1)), 2)
    assert labels["cls"].tolist() == [[CAR]]
    assert len(labels["bboxes"]) == len(labels["batch_idx"]) == 1


@pytest.mark.parametrize(("ids", "wrong"), [((2,), 2), ((-1, 0), -1)])
def test_unknown_region_names_classes_of_the_model(ids: tuple[int, ...], wrong: int) -> None:
    with pytest.raises(ValueError, match=rf"\[{wrong}\], but there are 2 classes"):
        UnknownRegions(2, (ids,))
