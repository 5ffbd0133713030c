"""Second models: which rules ask for one that the registry does not hold."""

from collections.abc import Collection, Iterable

import structlog

from models.cards.model_card import ModelCard
from models.catalogue.issue_catalogue import IssueCatalogue
from models.registry.registry import RegistryError
from models.registry.shipped_weights import RegistryWithShipped
from models.rules.confirmation import Confirmation

log = structlog.get_logger(__name__)


def asks_second_models(catalogue: IssueCatalogue) -> bool:
    """Whether any type of a catalogue is confirmed by a second model."""
    return any(issue.rule.second_model is not None for issue in catalogue.types.values())


def without_second_model(
    catalogue: IssueCatalogue, registry: RegistryWithShipped
) -> frozenset[str]:
    """Codes of the types whose second model is not in a registry, or knows none of its classes.

    A registry that cannot be read holds nothing; the log says so. It is not read where no type
    asks for a second model.
    """
    asked = {
        code: asks
        for code, issue in catalogue.types.items()
        if (asks := issue.rule.second_model) is not None
    }
    cards = _cards(registry) if asked else ()
    return frozenset(code for code, asks in asked.items() if not _is_met(asks, cards))


def _is_met(asks: Confirmation, cards: Iterable[ModelCard]) -> bool:
    return any(
        asks.model in {card.name, str(card.model_version)}
        and not set(asks.classes).isdisjoint(card.class_names)
        for card in cards
    )


def _cards(registry: RegistryWithShipped) -> Collection[ModelCard]:
    try:
        return registry.content().cards
    except RegistryError as error:
        log.warning("second_models_not_read", reason=str(error))
        return ()
