"""The teacher: the base model, which says what it sees on each training picture.

Its answers are soft pseudo-labels for the classes that the new model keeps from it. They are
made from the very picture that is trained on, after all augmentation, so no threshold turns
them into boxes and nothing that the base model half sees is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from labeling.training.weights_file import load_weights
from models.visual_class import visual_class_name
from streams.kit.errors import CityPatrolError


class TeacherError(CityPatrolError):
    """The base model cannot teach the classes it is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What the teacher sees in a batch of pictures.

    Attributes:
        scores: Probability of each taught class at each anchor: (pictures, anchors, taught).
        distances: Raw box distances before the softmax: (pictures, anchors, 4 * bins).
    """

    scores: torch.Tensor
    distances: torch.Tensor


class Teacher:
    """A frozen detection model with the anchors of the one that learns.

    It is no ``nn.Module`` of the learning model, so that it is neither saved with it nor
    trained.

    Args:
        weights: An Ultralytics detection model (.pt) of the same architecture.
        taught: Visual classes to teach.
        class_names: Visual classes of the learning model.
        device: Where to compute.

    Raises:
        WeightsError: The base is no detection model.
        TeacherError: The base does not know a class, or the learning model does not.
    """

    def __init__(
        self,
        weights: Path,
        taught: Sequence[str],
        class_names: Sequence[str],
        device: torch.device,
    ) -> None:
        model = load_weights(weights)
        # Fused, since a model that only looks needs no separate normalisation.
        self._model: nn.Module = model.fuse(verbose=False).to(device)
        if device.type == "cpu":
            self._model = self._model.to(memory_format=torch.channels_last)
        self._model.requires_grad_(requires_grad=False)
        own = _class_ids(model.names)
        missing = [name for name in taught if name not in own or name not in class_names]
        if missing:
            raise TeacherError(
                f"base model {weights} cannot teach {missing}: it knows {sorted(own)}, and the "
                f"model to be trained has {list(class_names)}"
            )
        self._columns = torch.tensor([own[name] for name in taught], device=device)
        self.taught_ids = torch.tensor([class_names.index(name) for name in taught], device=device)

    @torch.no_grad()
    def teach(self, pictures: torch.Tensor) -> Lesson:
        """Look at a batch.

        Args:
            pictures: RGB, 0 to 1: shape (pictures, 3, height, width).
        """
        _, found = self._model(pictures)
        scores = found["scores"].float().permute(0, 2, 1).index_select(2, self._columns)
        return Lesson(scores.sigmoid(), found["boxes"].float().permute(0, 2, 1))


def _class_ids(names: Mapping[int, str]) -> dict[str, int]:
    return {visual_class_name(name): class_id for class_id, name in names.items()}
