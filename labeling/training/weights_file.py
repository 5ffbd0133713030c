"""Reading the weights of an Ultralytics detection model."""

from pathlib import Path
from typing import Any

from ultralytics.nn.tasks import DetectionModel, load_checkpoint

from streams.kit.errors import CityPatrolError


class WeightsError(CityPatrolError):
    """A file holds no weights of a detection model."""


def load_weights(path: Path) -> Any:  # noqa: ANN401 - Ultralytics' models are not typed
    """The model in ``path``, in float32, ready to infer.

    Raises:
        WeightsError: The file is missing, damaged or of another kind.
    """
    # Ultralytics would look for a missing file of that name on the network.
    if not path.is_file():
        raise WeightsError(f"there is no weights file {path}")
    try:
        model, _ = load_checkpoint(str(path))
    except Exception as error:  # noqa: BLE001 - a broken pickle may raise anything
        reason = " ".join(str(error).split())[:200]
        raise WeightsError(
            f"weights file {path} is no Ultralytics model, or damaged: {reason}"
        ) from None
    if not isinstance(model, DetectionModel):
        raise WeightsError(
            f"weights file {path} holds a {type(model).__name__}; training needs a detection model"
        )
    return model.float().eval()
