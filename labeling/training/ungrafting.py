"""Taking a grafted model apart again, so that its trained part can go on learning.

The parts are what ``grafting`` joined: the one that was kept as it was, and the one that was
trained beside it. Each knows its own classes only.
"""

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from ultralytics.nn.tasks import DetectionModel

from labeling.training.grafted_layout import OriginalLayout, original_layout
from labeling.training.grafting import UNKNOWN_LOGIT, GraftingError, with_classes
from labeling.training.weights_file import load_weights


@dataclass(frozen=True, slots=True)
class GraftedParts:
    """The two parts of a grafted model, each a weights file of its own.

    Attributes:
        kept: The part that was never trained.
        trained: The part that was trained beside it.
    """

    kept: Path
    trained: Path


def ungraft(grafted: Path, folder: Path) -> GraftedParts | None:
    """Write the parts of ``grafted`` into ``folder``; None if it is no grafted model.

    Raises:
        WeightsError: It holds no detection model.
        GraftingError: It was trained as a whole since, so that its parts know each other's
            classes.
    """
    model = load_weights(grafted)
    original = original_layout(model.yaml)
    if original is None:
        return None
    levels = len(model.model[-1].cv2) // 2
    kept, trained = _known_classes(model, 0), _known_classes(model, levels)
    both = sorted(model.names[index] for index in set(kept) & set(trained))
    if both:
        raise GraftingError(
            f"{grafted} was trained as a whole after it had been grafted: both of its parts know "
            f"{both}; start from a version that was not, or write keeping: taught"
        )
    folder.mkdir(parents=True, exist_ok=True)
    parts = GraftedParts(folder / "kept.pt", folder / "trained.pt")
    top = len(original.layout["backbone"]) + len(original.layout["head"]) - 1
    _write_part(model, original, _Part(0, 0, kept), parts.kept)
    _write_part(
        model, original, _Part(top - original.shared_layers, levels, trained), parts.trained
    )
    return parts


@dataclass(frozen=True, slots=True)
class _Part:
    """Where a part lies in the grafted model.

    Attributes:
        offset: How much further down its own layers are than in a model of its own.
        first_level: Its first level in the detection head.
        classes: Class ids that it knows.
    """

    offset: int
    first_level: int
    classes: list[int]


def _known_classes(model: Any, level: int) -> list[int]:  # noqa: ANN401 - Ultralytics' model
    last = model.model[-1].cv3[level][-1]
    unknown = (last.bias == UNKNOWN_LOGIT) & (last.weight.flatten(1) == 0).all(1)
    return [index for index, is_unknown in enumerate(unknown.tolist()) if not is_unknown]


def _write_part(
    model: Any,  # noqa: ANN401 - Ultralytics' model
    original: OriginalLayout,
    part: _Part,
    target: Path,
) -> None:
    layout = {**original.layout, "nc": len(part.classes)}
    own = DetectionModel(deepcopy(layout), nc=len(part.classes), verbose=False)
    for index in range(len(own.model) - 1):
        source = index if index < original.shared_layers else index + part.offset
        own.model[index].load_state_dict(model.model[source].state_dict())
    head, joined = own.model[-1], model.model[-1]
    for level in range(len(head.cv2)):
        head.cv2[level] = deepcopy(joined.cv2[part.first_level + level])
        scores = joined.cv3[part.first_level + level]
        head.cv3[level] = with_classes(scores, dict(enumerate(part.classes)), len(part.classes))
    own.names = {new: model.names[old] for new, old in enumerate(part.classes)}
    torch.save({"epoch": -1, "model": own.half(), "train_args": {"task": "detect"}}, target)
