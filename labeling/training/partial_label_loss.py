"""The detection loss for pictures of which each labels only some classes.

Three changes against Ultralytics' own loss:

- Where a class is unknown (see ``unknown_regions``), its score is not pushed down. A box that
  is labelled there still counts.
- Classes kept from the base model take the teacher's probability as their target everywhere,
  so that they are neither forgotten nor punished where nobody labelled them.
- Where the teacher sees an object and no label claims the anchor, the box stays where the
  teacher puts it.
"""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from ultralytics.utils.loss import v8DetectionLoss

from labeling.training.teacher import Lesson, Teacher
from labeling.training.unknown_regions import UnknownRegions
from streams.kit.errors import CityPatrolError

# Below this the teacher sees nothing worth keeping a box for; nearly all anchors lie below.
TAUGHT_BOX_SCORE = 0.1


class TrainingDivergedError(CityPatrolError):
    """The loss is no finite number any more."""


class _TargetedCrossEntropy(nn.Module):
    """Binary cross-entropy that leaves out what is unknown and adds what the teacher says.

    Takes the place of ``BCEWithLogitsLoss`` in Ultralytics' loss, which knows nothing of
    either; ``unknown`` and ``lesson`` are set before each batch.
    """

    def __init__(self, taught_ids: torch.Tensor | None) -> None:
        super().__init__()
        self._taught_ids = taught_ids
        self.unknown: torch.Tensor | None = None
        self.lesson: Lesson | None = None

    def forward(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Loss of each score: shape (pictures, anchors, classes)."""
        if self._taught_ids is not None and self.lesson is not None:
            taught = targets.index_select(2, self._taught_ids)
            # A person who marked the box knows better than the teacher.
            wanted = torch.where(taught > 0, taught, self.lesson.scores.to(targets.dtype))
            targets = targets.index_copy(2, self._taught_ids, wanted)
        loss = functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
        if self.unknown is None:
            return loss
        return loss.masked_fill(self.unknown & (targets <= 0), 0.0)


class PartialLabelLoss(v8DetectionLoss):  # type: ignore[misc]
    """Ultralytics' detection loss, aware of unknown classes and of a teacher.

    Args:
        model: The model that learns.
        regions: Kinds of unknown region in the labels.
        teacher: Who teaches the kept classes, or None.
    """

    def __init__(self, model: nn.Module, regions: UnknownRegions, teacher: Teacher | None) -> None:
        super().__init__(model)
        self._regions = regions
        self._unknown = torch.from_numpy(regions.mask()).to(self.device)
        self._teacher = teacher
        self._taught_box_gain = float(self.hyp.dfl)
        self.bce = _TargetedCrossEntropy(None if teacher is None else teacher.taught_ids)

    def loss(
        self, preds: dict[str, torch.Tensor], batch: dict[str, Any]
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """Loss of a batch whose labels hold unknown regions.

        Raises:
            TrainingDivergedError: The loss is not finite; names the pictures.
        """
        preds = {**preds, "boxes": preds["boxes"].float(), "scores": preds["scores"].float()}
        self.bce.unknown = self._unknown_at_anchors(preds, batch)
        self.bce.lesson = None if self._teacher is None else self._teacher.teach(batch["img"])
        loss, items = super().loss(preds, without_regions(batch, self.nc))
        if not bool(torch.isfinite(loss).all()):
            raise TrainingDivergedError(
                f"the loss became {loss.detach().tolist()} on a batch with the pictures "
                f"{', '.join(batch['im_file'][:4])} …: lower the learning rate, or look at their "
                "labels; the last checkpoint is from before"
            )
        return loss, items

    def get_assigned_targets_and_loss(
        self, preds: dict[str, torch.Tensor], batch: dict[str, Any], **assign_kwargs: object
    ) -> tuple[Any, torch.Tensor, dict[str, torch.Tensor]]:
        """Ultralytics' losses, and the teacher's boxes where no label claims the anchor."""
        assigned, loss, items = super().get_assigned_targets_and_loss(preds, batch, **assign_kwargs)
        if self.bce.lesson is not None:
            distances = preds["boxes"].permute(0, 2, 1)
            kept = self._taught_box_loss(distances, self.bce.lesson, claimed=assigned[0].bool())
            items["keep_loss"] = kept.detach()
            loss = torch.cat([loss, kept.reshape(1)])
        return assigned, loss, items

    def _taught_box_loss(
        self, distances: torch.Tensor, lesson: Lesson, *, claimed: torch.Tensor
    ) -> torch.Tensor:
        """Divergence of the box distances from the teacher's, weighted by the teacher's score."""
        weights = lesson.scores.amax(dim=2)
        weights = weights * ((weights > TAUGHT_BOX_SCORE) & ~claimed)
        chosen = weights > 0
        if not bool(chosen.any()):
            return distances.sum() * 0.0
        bins = (-1, 4, self.reg_max)
        learnt = functional.log_softmax(distances[chosen].reshape(bins), dim=2)
        taught = functional.log_softmax(lesson.distances[chosen].reshape(bins), dim=2)
        apart = functional.kl_div(learnt, taught, reduction="none", log_target=True)
        per_anchor = apart.sum(dim=2).mean(dim=1)
        return self._taught_box_gain * (per_anchor * weights[chosen]).sum() / weights.sum()

    def _unknown_at_anchors(
        self, preds: dict[str, torch.Tensor], batch: dict[str, Any]
    ) -> torch.Tensor | None:
        """Which classes are unknown at which anchor: (pictures, anchors, classes)."""
        rows = batch["cls"].view(-1) >= self.nc
        if not bool(rows.any()):
            return None
        centres = _anchor_centres(preds["feats"])
        unknown = torch.zeros(
            (preds["scores"].shape[0], len(centres), self.nc), dtype=torch.bool, device=self.device
        )
        kinds = batch["cls"].view(-1)[rows].long() - self.nc
        pictures = batch["batch_idx"].view(-1)[rows].long()
        for picture, kind, box in zip(pictures, kinds, batch["bboxes"][rows], strict=True):
            offset = (centres - box[:2]).abs()
            inside = (offset <= box[2:] / 2).all(dim=1)
            unknown[picture] |= inside[:, None] & self._unknown[kind][None, :]
        return unknown


def without_regions(batch: dict[str, Any], class_count: int) -> dict[str, Any]:
    """The batch with its true labels only."""
    rows = batch["cls"].view(-1) < class_count
    return {
        **batch,
        "cls": batch["cls"][rows],
        "bboxes": batch["bboxes"][rows],
        "batch_idx": batch["batch_idx"][rows],
    }


def _anchor_centres(feature_maps: Iterable[torch.Tensor]) -> torch.Tensor:
    """Centres of all anchors as fractions of the picture, in the head's order: (anchors, 2)."""
    centres = []
    for features in feature_maps:
        height, width = features.shape[2:]
        rows = (torch.arange(height, device=features.device) + 0.5) / height
        columns = (torch.arange(width, device=features.device) + 0.5) / width
        y, x = torch.meshgrid(rows, columns, indexing="ij")
        centres.append(torch.stack((x, y), dim=-1).reshape(-1, 2))
    return torch.cat(centres)
