"""Opening the model registry that the settings name."""

from pathlib import Path

from models.registry.folder_registry import FolderRegistry
from models.registry.registry import Registry, RegistryError
from models.registry.settings import RegistrySettings
from models.registry.shipped_weights import RegistryWithShipped


def open_registry(settings: RegistrySettings) -> RegistryWithShipped:
    """The registry of the settings, with the models that CityPatrol brings along behind it.

    Nothing is read or written yet.

    Raises:
        RegistryError: The address is none, or what it needs is not installed.
    """
    return RegistryWithShipped(_own(settings))


def _own(settings: RegistrySettings) -> Registry:
    scheme, separator, _ = settings.registry.partition("://")
    if not separator:
        return FolderRegistry(Path(settings.registry))
    if scheme != "s3":
        raise RegistryError(
            f"model registry {settings.registry!r}: give a folder or s3://BUCKET/PREFIX"
        )
    try:
        # Late, since only those who keep models in a bucket install the client.
        from models.registry.bucket_registry import open_bucket  # noqa: PLC0415
    except ModuleNotFoundError:
        raise RegistryError(
            f"model registry {settings.registry}: the client for S3-compatible stores is not "
            "installed: pip install 'citypatrol[s3]'"
        ) from None
    return open_bucket(settings)
