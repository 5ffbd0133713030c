"""The installed models: which one to run, when several or none are there."""

from models.cards.stored_model import InstalledModel
from models.coverage.working_models import default_card
from models.intake.export import export_to_onnx
from models.intake.model_file import load_model_file
from models.registry.registry_access import open_registry
from models.registry.settings import ModelSettings
from streams.kit.errors import CityPatrolError

__all__ = ["InstalledModel", "ModelNotFoundError", "find_model"]


class ModelNotFoundError(CityPatrolError):
    """There is no model to run."""


def find_model(settings: ModelSettings) -> InstalledModel:
    """The model to run, exported first if need be.

    It is ``settings.weights`` if given, else the version that was made last in the registry,
    else the model that CityPatrol brings along.

    Raises:
        ModelNotFoundError: There is none; says how to get one.
        ModelFileError: The model found is damaged or no model.
        ModelCardError: Its card is unreadable.
        ExportError: It needs to be exported and cannot be.
        RegistryError: The registry cannot be read.
    """
    registry = open_registry(settings)
    if settings.weights is not None:
        if settings.weights.suffix.lower() == ".pt":
            return export_to_onnx(settings.weights, registry, settings.input_pixels)
        return load_model_file(settings.weights)
    card = default_card(registry)
    if card is not None:
        return registry.fetch(card.model_version)
    raise ModelNotFoundError(
        f"no model is installed in {registry.address}: give --weights the path of a model file "
        "(.pt, .onnx or .xml), or add one with `citypatrol models add FILE`"
    )
