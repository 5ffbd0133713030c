"""The model registry: the model versions that there are, wherever their files lie.

A registry holds ``<name>/<version>/card.yaml`` and, beside each card, the files that it
describes. A version never changes: what was added under a name and version stays that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from models.cards.model_card import ModelCard
from models.cards.stored_model import InstalledModel
from models.model_version import ModelVersion
from streams.kit.errors import CityPatrolError

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class RegistryError(CityPatrolError):
    """The registry cannot be read or written."""


class UnknownModelVersionError(CityPatrolError):
    """The registry does not hold the version, or not the model, that was asked for."""


class ModelVersionTakenError(CityPatrolError):
    """Another model was added under this name and version before."""


@dataclass(frozen=True, slots=True)
class RegistryFault:
    """Something in a registry that is no usable model version.

    Attributes:
        place: Where it lies within the registry.
        problem: What is wrong with it, and the way out.
    """

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class RegistryContent:
    """What a registry holds.

    Attributes:
        cards: The versions' cards: by name, and the newest of each name first.
        faults: What could not be read.
    """

    cards: tuple[ModelCard, ...]
    faults: tuple[RegistryFault, ...] = ()


class Registry(Protocol):
    """Where model versions are kept.

    Any thread and any number of processes may use the same registry at once.
    """

    @property
    def address(self) -> str:
        """Folder or address, as messages name it."""
        ...

    def content(self) -> RegistryContent:
        """Read every card.

        Raises:
            RegistryError: The registry cannot be read.
        """
        ...

    def versions(self) -> list[ModelVersion]:
        """The versions with a readable card: by name, and the newest of each name first.

        Raises:
            RegistryError: The registry cannot be read.
        """
        ...

    def card(self, version: ModelVersion) -> ModelCard:
        """The card of one version.

        Raises:
            UnknownModelVersionError: The registry does not hold it.
            ModelCardError: The card is unreadable.
            RegistryError: The registry cannot be read.
        """
        ...

    def fetch(self, version: ModelVersion) -> InstalledModel:
        """Bring one version to this machine's disk, every file checked.

        Raises:
            UnknownModelVersionError: The registry does not hold it.
            ModelCardError: The card is unreadable.
            ModelFileError: A file is missing or is not what the card says.
            RegistryError: The registry cannot be read.
        """
        ...

    def add(self, draft: Path) -> InstalledModel:
        """Add a version, whole or not at all.

        Adding once more what is there does nothing.

        Args:
            draft: Folder with a ``card.yaml`` and the files that it describes; it stays.

        Raises:
            ModelVersionTakenError: The version is there and is another model.
            ModelCardError: The draft's card is unreadable.
            ModelFileError: A file of the draft is missing or is not what its card says.
            RegistryError: The registry cannot be written.
        """
        ...


def newest_first(cards: Iterable[ModelCard]) -> tuple[ModelCard, ...]:
    """Order cards by name, those of the same name from the newest to the oldest."""
    by_age = sorted(cards, key=lambda card: (made_at(card), card.version), reverse=True)
    return tuple(sorted(by_age, key=lambda card: card.name))


def made_at(card: ModelCard) -> datetime:
    """When a version was made; one that does not know counts as older than all."""
    return card.created_at or _LONG_AGO


def same_model(one: ModelCard, other: ModelCard) -> bool:
    """Whether two cards describe the same model, whenever made and whatever measured since."""
    aside = {"created_at": None, "results": ()}
    return one.model_copy(update=aside) == other.model_copy(update=aside)


def taken(version: ModelVersion, address: str) -> ModelVersionTakenError:
    """The error for a version that is there and is another model."""
    return ModelVersionTakenError(
        f"model version {version} is in {address} already, with other content; "
        "a version never changes: choose another --version"
    )


def unknown(version: ModelVersion, address: str) -> UnknownModelVersionError:
    """The error for a version that is not there."""
    return UnknownModelVersionError(
        f"model version {version} is not in {address}; `citypatrol models list` shows what is"
    )


def misplaced(place: str, card: ModelCard) -> str:
    """What is wrong with a card that lies where another version's card belongs."""
    return (
        f"model card {place} is that of {card.model_version}; move its folder to "
        f"{card.name}/{card.version} in the registry"
    )
