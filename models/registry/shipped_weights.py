"""The models that CityPatrol brings along, beside a registry of one's own."""

from dataclasses import dataclass, field
from pathlib import Path

from models.cards.model_card import ModelCard
from models.cards.stored_model import InstalledModel, load_model
from models.model_version import ModelVersion
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import (
    Registry,
    RegistryContent,
    UnknownModelVersionError,
    newest_first,
    same_model,
    taken,
)

SHIPPED_WEIGHTS = Path(__file__).parents[1] / "weights"
"""A registry folder that is part of the package and is never written."""


@dataclass(frozen=True, slots=True)
class RegistryWithShipped:
    """A registry of one's own, and behind it the models that came with CityPatrol.

    Attributes:
        own: Where versions are added; asked first.
        shipped: Read only.
    """

    own: Registry
    shipped: Registry = field(default_factory=lambda: FolderRegistry(SHIPPED_WEIGHTS))

    @property
    def address(self) -> str:
        """Address of the own registry."""
        return self.own.address

    def content(self) -> RegistryContent:
        """What both hold; see ``Registry.content``."""
        own, shipped = self.own.content(), self.shipped.content()
        cards = {card.model_version: card for card in (*shipped.cards, *own.cards)}
        return RegistryContent(newest_first(cards.values()), (*own.faults, *shipped.faults))

    def versions(self) -> list[ModelVersion]:
        """The versions of both; see ``Registry.versions``."""
        return [card.model_version for card in self.content().cards]

    def card(self, version: ModelVersion) -> ModelCard:
        """The card of one version; see ``Registry.card``."""
        return self._holder(version).card(version)

    def fetch(self, version: ModelVersion) -> InstalledModel:
        """One version, every file checked; see ``Registry.fetch``."""
        return self._holder(version).fetch(version)

    def add(self, draft: Path) -> InstalledModel:
        """Add a version to the own registry; see ``Registry.add``."""
        card = load_model(draft).card
        if self.is_shipped(card.model_version):
            if same_model(self.shipped.card(card.model_version), card):
                return self.shipped.fetch(card.model_version)
            raise taken(card.model_version, "the models that CityPatrol brings along")
        return self.own.add(draft)

    def is_shipped(self, version: ModelVersion) -> bool:
        """Whether CityPatrol brings this version along."""
        try:
            self.shipped.card(version)
        except UnknownModelVersionError:
            return False
        return True

    def _holder(self, version: ModelVersion) -> Registry:
        # A shipped model can be run while the own registry cannot be reached.
        return self.shipped if self.is_shipped(version) else self.own
