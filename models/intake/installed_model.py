"""The installed models: which one to run, when several or none are there."""

from pathlib import Path

from models.cards.stored_model import InstalledModel
from models.coverage.working_models import default_card
from models.intake.export import export_to_onnx
from models.intake.model_file import load_model_file
from models.model_version import ModelVersion, ModelVersionError, parse_model_version
from models.registry.registry_access import open_registry
from models.registry.settings import ModelSettings
from streams.kit.errors import CityPatrolError

__all__ = ["InstalledModel", "ModelNotFoundError", "find_model"]


class ModelNotFoundError(CityPatrolError):
    """There is no model to run."""


def find_model(settings: ModelSettings) -> InstalledModel:
    """The model to run, exported first if need be.

    It is what ``settings.weights`` names if given, a file or NAME@VERSION of the registry, else
    the model that CityPatrol brings along. A candidate is never taken by itself.

    Raises:
        ModelNotFoundError: There is none; says how to get one.
        UnknownModelVersionError: The registry does not hold the version that was named.
        ModelFileError: The model found is damaged or no model.
        ModelCardError: Its card is unreadable.
        ExportError: It needs to be exported and cannot be.
        RegistryError: The registry cannot be read.
    """
    registry = open_registry(settings)
    if settings.weights is not None:
        version = _named(settings.weights)
        if version is not None:
            return registry.fetch(version)
        if settings.weights.suffix.lower() == ".pt":
            return export_to_onnx(settings.weights, registry, settings.input_pixels)
        return load_model_file(settings.weights)
    card = default_card(registry)
    if card is not None:
        return registry.fetch(card.model_version)
    raise ModelNotFoundError(
        f"no model is live and none came with CityPatrol: give --weights a model file (.pt, .onnx "
        f"or .xml) or NAME@VERSION of the registry {registry.address}, or add one with "
        "`citypatrol models add FILE` and promote it"
    )


def _named(weights: Path) -> ModelVersion | None:
    """The version that is meant, unless a file or folder of this name is there."""
    if weights.exists():
        return None
    try:
        return parse_model_version(str(weights))
    except ModelVersionError:
        return None
