"""The stages of a training run: Ultralytics trains each from where the last one ended."""

import errno
import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog
import torch
from ultralytics.utils.patches import torch_load

from labeling.training.cpu_bfloat16 import cpu_computes_in_bfloat16
from labeling.training.partial_label_trainer import PartialLabelTrainer
from labeling.training.plan import Stage, TrainingPlan
from labeling.training.weight_blending import blend_weights
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

_LAST = "weights/last.pt"
_BLENDED = "weights/blended.pt"
# Two checkpoints with the optimiser's state, plots and tables of one stage.
_BYTES_PER_STAGE = 200_000_000
# Of the highest learning rate, what is left at the end of a stage.
_FINAL_RATE = 0.05
# Curves and example pictures of each stage. In tests of other things they take most of the time.
_DRAWS_PLOTS = True


class TrainingError(CityPatrolError):
    """Training cannot start or go on."""


@dataclass(frozen=True, slots=True)
class TrainingGround:
    """Where a run trains.

    Attributes:
        data: The merged set's data.yaml.
        folder: Folder of the run; each stage has one within.
        start: Weights that the first stage starts from.
    """

    data: Path
    folder: Path
    start: Path


def train_stages(plan: TrainingPlan, ground: TrainingGround) -> Path:
    """Train every stage that is not finished yet.

    A stage that was interrupted goes on from its last checkpoint.

    Returns:
        The weights that the last stage left.

    Raises:
        TrainingError: The disk is full, the device is not there, or Ultralytics refuses.
        TrainingDivergedError: The loss became NaN or infinite.
    """
    _check_device(plan.device)
    weights = ground.start
    for stage in plan.stages:
        folder = ground.folder / stage.name
        if not _is_finished(folder):
            _check_room(folder, plan)
            log.info("training_stage_started", stage=stage.name, epochs=stage.epochs)
            _train(plan, stage, ground, weights)
        weights = _left_by(stage, folder, weights)
    return weights


def _left_by(stage: Stage, folder: Path, start: Path) -> Path:
    """The weights that a finished stage leaves."""
    last = folder / _LAST
    if stage.own_share == 1.0:
        return last
    blended = folder / _BLENDED
    if not blended.exists():
        blend_weights(start, last, stage.own_share, blended)
        log.info("training_stage_blended", stage=stage.name, own_share=stage.own_share)
    return blended


def _is_finished(folder: Path) -> bool:
    """Whether a stage ended; Ultralytics marks its last checkpoint by taking the epoch away."""
    last = folder / _LAST
    return last.exists() and int(torch_load(last, map_location="cpu")["epoch"]) < 0


def _train(plan: TrainingPlan, stage: Stage, ground: TrainingGround, weights: Path) -> None:
    last = ground.folder / stage.name / _LAST
    overrides = _overrides(plan, stage, ground)
    if last.exists():
        log.info("training_stage_resumed", stage=stage.name, checkpoint=str(last))
        overrides |= {"model": str(last), "resume": str(last)}
    else:
        overrides["model"] = str(weights)
    try:
        PartialLabelTrainer(overrides=overrides).train()
    except (OSError, RuntimeError, AssertionError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise TrainingError(
                f"the disk of {ground.folder} is full: make room and start the same command "
                "again; it goes on from the last checkpoint"
            ) from None
        reason = " ".join(str(error).split())
        raise TrainingError(f"stage {stage.name!r} of {plan.name} failed: {reason}") from error


def _overrides(plan: TrainingPlan, stage: Stage, ground: TrainingGround) -> dict[str, object]:
    """Ultralytics' own settings for a stage."""
    on_cpu = _is_cpu(plan.device)
    return {
        "data": str(ground.data),
        "project": str(ground.folder),
        "name": stage.name,
        "exist_ok": True,
        "epochs": stage.epochs,
        "freeze": stage.frozen_layers or None,
        "imgsz": stage.input_pixels,
        "batch": plan.batch,
        # Nothing is accumulated: each batch is one step, whatever its size.
        "nbs": plan.batch,
        "device": "cpu" if on_cpu else plan.device or "0",
        # On a GPU Ultralytics finds out by itself whether half precision works.
        "amp": ("bf16" if cpu_computes_in_bfloat16() else False) if on_cpu else True,
        "workers": plan.loader_processes,
        "cache": "ram",
        "optimizer": "AdamW",
        "lr0": stage.learning_rate,
        "lrf": _FINAL_RATE,
        "cos_lr": True,
        "warmup_epochs": 0.5,
        "warmup_bias_lr": 0.0,
        "mosaic": stage.mosaic,
        "mixup": stage.mixup,
        "close_mosaic": 0,
        "scale": 0.6,
        # Unknown regions are upright boxes; turning a picture would make them too large.
        "degrees": 0.0,
        "patience": 0,
        "seed": plan.seed,
        "deterministic": False,
        "plots": _DRAWS_PLOTS,
    }


def _is_cpu(device: str) -> bool:
    return device == "cpu" or (device == "" and not torch.cuda.is_available())


def _check_device(device: str) -> None:
    if _is_cpu(device):
        return
    wanted = [int(number) for number in (device or "0").split(",")]
    there = torch.cuda.device_count()
    if max(wanted) >= there:
        raise TrainingError(
            f"device {device!r}: this machine has {there} GPUs that torch can use; "
            "write device: cpu, or the numbers of those there are"
        )


def _check_room(folder: Path, plan: TrainingPlan) -> None:
    needed = _BYTES_PER_STAGE * len(plan.stages)
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if free < needed:
        raise TrainingError(
            f"{folder.parent} has {free / 1e6:.0f} MB free, and training needs about "
            f"{needed / 1e6:.0f} MB: make room, or choose another folder with --output"
        )
