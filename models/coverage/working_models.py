"""The models at work, by their cards: what is known without opening a model."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from models.cards.model_card import ModelCard, ModelCardError
from models.model_version import ModelVersion
from models.registry.registry import RegistryError, UnknownModelVersionError
from models.registry.shipped_weights import RegistryWithShipped

log = structlog.get_logger(__name__)

DEFAULT_MODEL = "street"
"""The shipped model that runs where nothing else was chosen."""


@dataclass(frozen=True, slots=True)
class WorkingModels:
    """Models at work.

    Attributes:
        versions: All of them.
        cards: The cards of those that the registry holds.
    """

    versions: tuple[ModelVersion, ...]
    cards: tuple[ModelCard, ...]

    @property
    def class_names(self) -> frozenset[str]:
        """Every visual class that one of them is known to find."""
        return frozenset(name for card in self.cards for name in card.class_names)

    @property
    def without_card(self) -> tuple[ModelVersion, ...]:
        """Those whose card the registry does not hold."""
        held = {card.model_version for card in self.cards}
        return tuple(version for version in self.versions if version not in held)


def default_card(registry: RegistryWithShipped) -> ModelCard | None:
    """The card of the model that runs where none was chosen; None if there is no model.

    It is the one that CityPatrol brings along. What was added or trained since is a candidate,
    which nobody runs until it is promoted, however new it is.

    Raises:
        RegistryError: The shipped models cannot be read.
    """
    shipped = registry.shipped.content().cards
    return next((card for card in shipped if card.name == DEFAULT_MODEL), None)


def working_models(registry: RegistryWithShipped, live: Iterable[ModelVersion]) -> WorkingModels:
    """The live models, or where none is live the one that a worker takes by itself.

    Raises:
        RegistryError: None is live, and the registry cannot be read.
    """
    versions = tuple(live)
    if not versions:
        card = default_card(registry)
        if card is None:
            return WorkingModels((), ())
        return WorkingModels((card.model_version,), (card,))
    cards = tuple(filter(None, (_card(registry, version) for version in versions)))
    return WorkingModels(versions, cards)


def _card(registry: RegistryWithShipped, version: ModelVersion) -> ModelCard | None:
    try:
        return registry.card(version)
    except (UnknownModelVersionError, ModelCardError, RegistryError) as error:
        # Also named by ``without_card``: this machine's registry may be another than a worker's.
        log.warning("model_card_not_read", model=str(version), reason=str(error))
        return None
