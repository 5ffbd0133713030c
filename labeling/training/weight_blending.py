"""Weight blending: the average of a model before and after a part of its training.

A model that learns a few hundred pictures by heart moves far in directions that help on no
others; the middle of the way back often does better on both (Wortsman et al., Robust
fine-tuning of zero-shot models, CVPR 2022).
"""

from pathlib import Path

import torch
from torch import nn
from ultralytics.utils.patches import torch_load

from streams.kit.errors import CityPatrolError


class BlendingError(CityPatrolError):
    """Two files of weights cannot be averaged."""


def blend_weights(before: Path, after: Path, own_share: float, blended: Path) -> None:
    """Write the weighted average of two Ultralytics files of the same layout.

    Args:
        before: Weights that the training started from.
        after: Weights that it left; everything but the parameters is taken from here.
        own_share: How much of ``after`` is in the average, 0 to 1.
        blended: The file to write.

    Raises:
        BlendingError: The layouts differ.
    """
    checkpoint = torch_load(after, map_location="cpu")
    model = _model(checkpoint)
    start, end = _model(torch_load(before, map_location="cpu")).state_dict(), model.state_dict()
    if {name: value.shape for name, value in start.items()} != {
        name: value.shape for name, value in end.items()
    }:
        raise BlendingError(
            f"{before} and {after} differ in their layers and cannot be averaged; "
            "set own_share: 1, or let the first stage end before blending"
        )
    model.load_state_dict(
        {
            name: torch.lerp(start[name], value, own_share) if value.is_floating_point() else value
            for name, value in end.items()
        }
    )
    checkpoint |= {"model": model.half(), "ema": None, "optimizer": None}
    partial = blended.with_suffix(".part")
    torch.save(checkpoint, partial)
    partial.replace(blended)


def _model(checkpoint: dict[str, nn.Module | None]) -> nn.Module:
    model = checkpoint.get("ema") or checkpoint["model"]
    if model is None:
        raise BlendingError("a file of weights holds no model; train the stage again")
    return model.float()
