"""Which model a command means: a name, a name and version, or a file."""

from pathlib import Path

from models.cards.stored_model import InstalledModel
from models.intake.installed_model import find_model
from models.registry.registry_access import open_registry
from models.registry.settings import ExportSettings, ModelSettings
from models.registry.version_choice import named_version

_FILE_SUFFIXES = {".onnx", ".xml", ".pt"}


def asked_model(name: str, settings: ExportSettings) -> InstalledModel:
    """The model that ``name`` means.

    Args:
        name: NAME for its newest version, NAME@VERSION, or the path of a model file or of a
            folder with a card.
        settings: The registry, and how .pt weights are exported.

    Raises:
        UnknownModelVersionError: The registry has none of this name; names those that there are.
        ModelFileError: The file is missing, damaged or no model.
        ModelCardError: Its card is unreadable.
        ExportError: It needs to be exported and cannot be.
        RegistryError: The registry cannot be read.
    """
    if is_file_name(name):
        return find_model(ModelSettings(**settings.model_dump(), weights=Path(name)))
    registry = open_registry(settings)
    return registry.fetch(named_version(name, registry))


def model_or_default(name: str | None, settings: ExportSettings) -> InstalledModel:
    """The model that ``name`` means, or without a name the one that a worker would run.

    Raises:
        CityPatrolError: As ``asked_model`` and ``find_model``.
    """
    if name is None:
        return find_model(ModelSettings(**settings.model_dump()))
    return asked_model(name, settings)


def is_file_name(name: str) -> bool:
    """Whether ``name`` is a path rather than a model's name in the registry."""
    path = Path(name)
    return path.suffix.lower() in _FILE_SUFFIXES or len(path.parts) > 1 or path.is_dir()
