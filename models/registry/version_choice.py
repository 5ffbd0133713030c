"""Which version of the registry a user means."""

from models.model_version import ModelVersion
from models.registry.registry import Registry, UnknownModelVersionError
from models.registry.shipped_weights import RegistryWithShipped


def settled_version(name: str, registry: RegistryWithShipped) -> ModelVersion:
    """The version that NAME@VERSION means, or NAME alone: then the one that is shipped.

    For what runs without anybody looking on. There the newest version of a name would let a
    candidate in that nobody has chosen.

    Raises:
        UnknownModelVersionError: There is none; says how one is chosen.
        RegistryError: The registry cannot be read.
    """
    for version in registry.shipped.versions():
        if name == version.name:
            return version
    version = named_version(name, registry)
    if name == str(version):
        return version
    raise UnknownModelVersionError(
        f"model {name!r} comes without a version and not with CityPatrol: write which one, such "
        f"as {version}; the newest is not taken by itself, since it may be a candidate"
    )


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
