"""Second models: which rules ask for one that the registry does not hold."""

import structlog

from models.cards.model_card import ModelCardError
from models.catalogue.issue_catalogue import IssueCatalogue
from models.registry.registry import RegistryError, UnknownModelVersionError
from models.registry.shipped_weights import RegistryWithShipped
from models.registry.version_choice import settled_version
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
    return frozenset(code for code, asks in asked.items() if not _is_met(asks, registry))


def _is_met(asks: Confirmation, registry: RegistryWithShipped) -> bool:
    try:
        card = registry.card(settled_version(str(asks.model), registry))
    except UnknownModelVersionError:
        return False
    except (ModelCardError, RegistryError) as error:
        log.warning("second_models_not_read", reason=str(error))
        return False
    return not set(asks.classes).isdisjoint(card.class_names)
