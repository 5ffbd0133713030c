"""Which version of the registry a user means."""

from models.model_version import ModelVersion
from models.registry.registry import Registry, UnknownModelVersionError


def named_version(name: str, registry: Registry) -> ModelVersion:
    """The version that NAME or NAME@VERSION means; NAME alone means its newest version.

    Raises:
        UnknownModelVersionError: The registry has none; names those that there are.
        RegistryError: The registry cannot be read.
    """
    versions = registry.versions()
    for version in versions:
        if name in {version.name, str(version)}:
            return version
    there = ", ".join(map(str, versions)) or "none"
    raise UnknownModelVersionError(
        f"no model is called {name!r} in {registry.address}; there: {there}"
    )
