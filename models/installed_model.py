"""The installed models: which one to run, when several or none are there."""

import os
from datetime import UTC, datetime
from pathlib import Path

from models.export import export_to_onnx
from models.model_card import ModelFileError
from models.model_file import (
    MODEL_FILE_NAME,
    InstalledModel,
    load_model,
    model_folders,
)
from models.settings import ModelSettings
from streams.errors import CityPatrolError

__all__ = ["InstalledModel", "ModelNotFoundError", "find_model", "installed_model"]

# Of several weights in the shared folder: the most exact of the small ones.
_PREFERRED_WEIGHTS = "yolo11n"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class ModelNotFoundError(CityPatrolError):
    """There is no model to run, or not the one that was asked for."""


def find_model(settings: ModelSettings) -> InstalledModel:
    """The model to run, exported first if need be.

    It is ``settings.weights`` if given, else the model of the registry that was exported last,
    else weights in ``weights/`` of the shared folder: ``$CITYPATROL_SHARED``, or ``shared``
    beside the folder of the repository.

    Raises:
        ModelNotFoundError: There is none; says how to get one.
        ModelFileError: The model found is damaged or no model.
        ModelCardError: Its card is unreadable.
        ExportError: It needs to be exported and cannot be.
    """
    if settings.weights is not None:
        return _given(settings.weights, settings)
    installed = [
        load_model(folder / MODEL_FILE_NAME) for folder in model_folders(settings.registry)
    ]
    if installed:
        return max(installed, key=lambda model: model.card.exported_at or _LONG_AGO)
    shared = shared_weights()
    if shared:
        return export_to_onnx(shared[0], settings.registry, settings.input_pixels)
    raise ModelNotFoundError(
        f"no model is installed in {settings.registry}: give --weights the path of an "
        "Ultralytics detection model (.pt or .onnx), or install one with "
        "`citypatrol models export FILE`"
    )


def installed_model(name: str, registry: Path) -> InstalledModel:
    """The model of the registry whose folder or card has this name.

    Raises:
        ModelNotFoundError: None or several have it; names those that there are.
    """
    folders = model_folders(registry)
    named = [folder for folder in folders if folder.name == name]
    if not named:
        named = [folder for folder in folders if folder.name.startswith(f"{name}-")]
    if len(named) == 1:
        return load_model(named[0] / MODEL_FILE_NAME)
    there = ", ".join(folder.name for folder in named or folders) or "none"
    count = "several models are" if named else "no model is"
    raise ModelNotFoundError(f"{count} called {name!r} in {registry}; there: {there}")


def shared_weights() -> list[Path]:
    """Weights in the shared folder, the preferred one first."""
    repository = Path(__file__).resolve().parents[1]
    shared = Path(os.environ.get("CITYPATROL_SHARED") or repository.parent / "shared")
    return sorted(
        (shared / "weights").glob("*.pt"),
        key=lambda path: (not path.name.startswith(_PREFERRED_WEIGHTS), path.name),
    )


def _given(weights: Path, settings: ModelSettings) -> InstalledModel:
    match weights.suffix.lower():
        case ".onnx":
            return load_model(weights)
        case ".pt":
            return export_to_onnx(weights, settings.registry, settings.input_pixels)
        case _:
            raise ModelFileError(f"--weights {weights}: needs an .onnx or .pt file")
