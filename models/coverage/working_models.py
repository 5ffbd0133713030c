"""The models at work, by their cards: what is known without opening a model."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog

from models.cards.model_card import ModelCard, ModelCardError
from models.coverage.known_classes import KnownClasses, known_classes
from models.model_version import ModelVersion
from models.registry.registry import RegistryError, UnknownModelVersionError
from models.registry.shipped_weights import RegistryWithShipped

log = structlog.get_logger(__name__)

DEFAULT_MODEL = "street"
"""The shipped model that runs where nothing else was chosen."""


class CountedModels(StrEnum):
    """Which models a coverage counts."""

    REPORTED = "reported"
    """Those that workers say they run."""
    EXPECTED = "expected"
    """As no worker says what it runs: those that one would run that starts now."""
    CHOSEN = "chosen"
    """Those that were asked about."""


@dataclass(frozen=True, slots=True)
class WorkingModels:
    """Models at work.

    Attributes:
        counted: Which these are.
        versions: All of them.
        known: What they find, and how well.
        without_card: Those whose card is not at hand: what they find is not known here.
        workers: How many workers said that they run them.
    """

    counted: CountedModels
    versions: tuple[ModelVersion, ...]
    known: KnownClasses
    without_card: tuple[ModelVersion, ...] = ()
    workers: int = 0


def default_card(registry: RegistryWithShipped) -> ModelCard | None:
    """The card of the model that runs where none was chosen; None if there is no model.

    It is the one that CityPatrol brings along. What was added or trained since is a candidate,
    which nobody runs until it is promoted, however new it is.

    Raises:
        RegistryError: The shipped models cannot be read.
    """
    shipped = registry.shipped.content().cards
    return next((card for card in shipped if card.name == DEFAULT_MODEL), None)


def chosen_models(registry: RegistryWithShipped, asked: Iterable[ModelVersion]) -> WorkingModels:
    """The models that somebody asks about, or without any the one that came with CityPatrol.

    Raises:
        RegistryError: None is asked about, and the shipped models cannot be read.
    """
    return replace(expected_models(registry, asked), counted=CountedModels.CHOSEN)


def expected_models(registry: RegistryWithShipped, live: Iterable[ModelVersion]) -> WorkingModels:
    """What a worker would run that starts now: the live models, else the shipped one.

    Raises:
        RegistryError: None is live, and the shipped models cannot be read.
    """
    versions = tuple(live)
    if not versions:
        default = default_card(registry)
        versions = () if default is None else (default.model_version,)
    cards = {version: _card(registry, version) for version in versions}
    return WorkingModels(
        CountedModels.EXPECTED,
        versions,
        known_classes(card for card in cards.values() if card is not None),
        tuple(version for version, card in cards.items() if card is None),
    )


def _card(registry: RegistryWithShipped, version: ModelVersion) -> ModelCard | None:
    try:
        return registry.card(version)
    except (UnknownModelVersionError, ModelCardError, RegistryError) as error:
        # Also named by ``without_card``: this machine's registry may be another than a worker's.
        log.warning("model_card_not_read", model=str(version), reason=str(error))
        return None
