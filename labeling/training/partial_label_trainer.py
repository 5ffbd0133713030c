"""Ultralytics' trainer for merged data sets of which each labels only some classes.

What it needs to know beyond Ultralytics' settings stands in the merged set's data.yaml (see
``merged_pictures``), because Ultralytics starts one process per GPU and hands each only that
file's path.
"""

import os
from copy import copy
from pathlib import Path
from typing import Any

import torch
from torch import nn
from ultralytics.data import build_yolo_dataset
from ultralytics.models.yolo.detect import DetectionTrainer, DetectionValidator
from ultralytics.utils.torch_utils import unwrap_model

from labeling.training.cpu_bfloat16 import bfloat16_on_cpu
from labeling.training.partial_label_loss import PartialLabelLoss, without_regions
from labeling.training.street_degradations import street_degradations
from labeling.training.teacher import Teacher
from labeling.training.unknown_regions import UnknownRegions


class PartialLabelValidator(DetectionValidator):  # type: ignore[misc]
    """Validates each picture on the classes that its set labels."""

    unknown_mask: torch.Tensor

    def preprocess(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Note which classes are unknown in which picture, and keep the true labels only."""
        batch = super().preprocess(batch)
        class_count = self.unknown_mask.shape[1]
        self._unknown_here = torch.zeros((len(batch["img"]), class_count), dtype=torch.bool)
        rows = batch["cls"].view(-1) >= class_count
        kinds = batch["cls"].view(-1)[rows].long().cpu() - class_count
        pictures = batch["batch_idx"].view(-1)[rows].long().cpu()
        for picture, kind in zip(pictures, kinds, strict=True):
            self._unknown_here[picture] |= self.unknown_mask[kind]
        return without_regions(batch, class_count)

    def update_metrics(self, preds: list[dict[str, torch.Tensor]], batch: dict[str, Any]) -> None:
        """Score what was found, without boxes of classes that nobody marked in the picture."""
        judged = []
        for picture, found in enumerate(preds):
            unknown = self._unknown_here[picture].to(found["cls"].device)[found["cls"].long()]
            judged.append({key: value[~unknown] for key, value in found.items()})
        super().update_metrics(judged, batch)


class PartialLabelTrainer(DetectionTrainer):  # type: ignore[misc]
    """Trains one detector on partly labelled pictures, keeping what its base model knew."""

    def get_model(
        self, cfg: object = None, weights: nn.Module | None = None, **options: object
    ) -> nn.Module:
        """The model, in the memory order that the device convolves fastest."""
        model = super().get_model(cfg, weights, **options)
        if self.device.type == "cpu":
            model = model.to(memory_format=torch.channels_last)
        result: nn.Module = model
        return result

    def build_dataset(self, img_path: str, mode: str = "train", batch: int | None = None) -> object:
        """Ultralytics' data set over labels that hold unknown regions, spoilt as by a camera."""
        names = self._regions.names(list(self.data["names"].values()))
        data = {**self.data, "names": names, "nc": len(names)}
        stride = max(int(unwrap_model(self.model).stride.max()), 32)
        arguments = copy(self.args)
        if mode == "train" and self.data["degrade"]:
            arguments.augmentations = street_degradations()
        return build_yolo_dataset(
            arguments, img_path, batch, data, mode=mode, rect=mode == "val", stride=stride
        )

    def preprocess_batch(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Ultralytics' scaling, in the memory order that the device convolves fastest."""
        batch = super().preprocess_batch(batch)
        if self.device.type == "cpu":
            batch["img"] = batch["img"].contiguous(memory_format=torch.channels_last)
        return batch

    def get_validator(self) -> PartialLabelValidator:
        """A validator that knows what each set labels."""
        validator = PartialLabelValidator(
            self.test_loader,
            save_dir=self.save_dir,
            args=copy(self.args),
            _callbacks=self.callbacks,
        )
        validator.unknown_mask = torch.from_numpy(self._regions.mask())
        return validator

    def plot_training_labels(self) -> None:
        """Nothing: the plot cannot show unknown regions, and `datasets check` counts labels."""

    def plot_training_samples(self, batch: dict[str, Any], ni: int) -> None:
        """Plot true labels only."""
        super().plot_training_samples(without_regions(batch, self._regions.class_count), ni)

    def _setup_train(self) -> None:
        super()._setup_train()
        if self.device.type == "cpu":
            # Ultralytics leaves one core free; on 2 cores that took 1.55 s for a batch of 16 at
            # 640 pixels instead of 0.86 s.
            torch.set_num_threads(os.cpu_count() or 1)
        # Only now: copies of the model that were made before, for averaging and for files, must
        # not carry the teacher.
        model = unwrap_model(self.model)
        model.criterion = PartialLabelLoss(model, self._regions, self._teacher())

    def _do_train(self) -> None:
        with bfloat16_on_cpu():
            super()._do_train()

    @property
    def _regions(self) -> UnknownRegions:
        kinds = tuple(tuple(ids) for ids in self.data["unknown_classes"])
        return UnknownRegions(len(self.data["names"]), kinds)

    def _teacher(self) -> Teacher | None:
        taught = self.data["taught_classes"]
        if not taught:
            return None
        names = list(self.data["names"].values())
        return Teacher(Path(self.data["teacher"]), taught, names, self.device)
