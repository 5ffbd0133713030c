"""Opening the model registry that the settings name."""

from pathlib import Path

from models.folder_registry import FolderRegistry
from models.settings import RegistrySettings
from models.shipped_weights import RegistryWithShipped


def open_registry(settings: RegistrySettings) -> RegistryWithShipped:
    """The registry of the settings, with the models that CityPatrol brings along behind it."""
    return RegistryWithShipped(FolderRegistry(Path(settings.registry)))
