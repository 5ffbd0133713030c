"""Grafting: a base model and one trained beside it become one detector.

Both are of the same architecture and share their first layers. Above these the grafted model
has the base model's layers and, beside them, the trained ones; its one detection head has the
levels of both. So it finds what the base model finds, and the new classes too, in one pass, and
forgets nothing. It is made of Ultralytics' own modules, so Ultralytics loads, exports and
trains it.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from ultralytics.nn.tasks import DetectionModel

from labeling.training.grafted_layout import grafted_layout
from labeling.training.weights_file import load_weights
from models.visual_class import visual_class_name
from streams.kit.errors import CityPatrolError

# Score of a class at levels of the model that does not know it: 1 / (1 + e^10), about 0.00005.
UNKNOWN_LOGIT = -10.0


class GraftingError(CityPatrolError):
    """Two models cannot be grafted."""


@dataclass(frozen=True, slots=True)
class Graft:
    """What is grafted onto what.

    Attributes:
        base: Weights of the base model.
        kept_classes: Visual classes of the base model that stay.
        trained: Weights of the model trained beside it.
        new_classes: Visual classes of that model, in the order of its output.
        shared_layers: How many first layers both share.
    """

    base: Path
    kept_classes: tuple[str, ...]
    trained: Path
    new_classes: tuple[str, ...]
    shared_layers: int


def graft(parts: Graft, target: Path) -> Path:
    """Write the grafted model to ``target``, its classes the kept ones and then the new ones.

    Raises:
        GraftingError: The models differ in architecture or in a shared layer, or the base does
            not know a class.
    """
    base, trained = _checked(parts)
    names = (*parts.kept_classes, *parts.new_classes)
    layout = grafted_layout(base.yaml, parts.shared_layers, len(names))
    grafted = DetectionModel(deepcopy(layout), nc=len(names), verbose=False)
    top = len(base.model) - 1
    for index in range(top):
        grafted.model[index].load_state_dict(base.model[index].state_dict())
    for index in range(parts.shared_layers, top):
        copy = grafted.model[top + index - parts.shared_layers]
        copy.load_state_dict(trained.model[index].state_dict())
    kept_rows = [_class_ids(base.names)[name] for name in parts.kept_classes]
    _fill_head(grafted.model[-1], base.model[-1], dict(enumerate(kept_rows)))
    first_new = len(parts.kept_classes)
    rows = {first_new + index: index for index in range(len(parts.new_classes))}
    _fill_head(grafted.model[-1], trained.model[-1], rows)
    grafted.names = dict(enumerate(names))
    checkpoint = {
        "epoch": -1,
        "model": grafted.half(),
        "train_args": {"task": "detect", "model": target.name},
        "license": "AGPL-3.0 (https://ultralytics.com/license)",
    }
    torch.save(checkpoint, target)
    return target


def check_graft(parts: Graft) -> None:
    """See that the two models fit, before the trained one is trained.

    Raises:
        GraftingError: As ``graft``.
    """
    _checked(parts)


def _checked(parts: Graft) -> tuple[Any, Any]:
    base, trained = load_weights(parts.base), load_weights(parts.trained)
    known = _class_ids(base.names)
    missing = [name for name in parts.kept_classes if name not in known]
    if missing:
        raise GraftingError(
            f"base model {parts.base} does not know {missing}; it knows {sorted(known)}"
        )
    same = all(base.yaml[key] == trained.yaml[key] for key in ("backbone", "head"))
    if not same or base.yaml.get("scale") != trained.yaml.get("scale"):
        raise GraftingError(f"{parts.base} and {parts.trained} are of different architectures")
    for index in range(parts.shared_layers):
        ours, theirs = base.model[index].state_dict(), trained.model[index].state_dict()
        if not all(_alike(value, theirs[key]) for key, value in ours.items()):
            raise GraftingError(
                f"layer {index} of {parts.trained} is not that of {parts.base}, although the "
                f"first {parts.shared_layers} are to be shared: train with these frozen"
            )
    return base, trained


def _alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    # Checkpoints hold half floats, and counters of batches mean nothing.
    return not one.is_floating_point() or torch.allclose(one, other, rtol=2e-3, atol=1e-4)


def _class_ids(names: Mapping[int, str]) -> dict[str, int]:
    return {visual_class_name(name): class_id for class_id, name in names.items()}


def _fill_head(head: Any, source: Any, row_of: Mapping[int, int]) -> None:  # noqa: ANN401
    """Give the next free levels of ``head`` the branches of ``source``.

    Args:
        head: Detection head of the grafted model.
        source: Detection head of one of its parts.
        row_of: Class id of the grafted model to that of the part.
    """
    # Kept classes come first, and so do the base model's levels.
    first = 0 if 0 in row_of else len(source.cv2)
    for level, (boxes, scores) in enumerate(zip(source.cv2, source.cv3, strict=True)):
        head.cv2[first + level] = deepcopy(boxes)
        head.cv3[first + level] = with_classes(scores, row_of, head.nc)


def with_classes(scores: Any, row_of: Mapping[int, int], class_count: int) -> Any:  # noqa: ANN401
    """A copy of the layers that score one level, for other classes.

    Args:
        scores: Layers of a detection head that score its classes at one level.
        row_of: Class id of the copy to that of ``scores``; other classes stay unknown.
        class_count: How many classes the copy scores.
    """
    branch = deepcopy(scores)
    last = branch[-1]
    weight = torch.zeros(class_count, *last.weight.shape[1:])
    bias = torch.full((class_count,), UNKNOWN_LOGIT)
    for ours, theirs in row_of.items():
        weight[ours], bias[ours] = last.weight.detach()[theirs], last.bias.detach()[theirs]
    branch[-1] = nn.Conv2d(last.in_channels, class_count, 1)
    branch[-1].load_state_dict({"weight": weight, "bias": bias})
    return branch
