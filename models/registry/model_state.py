"""How a model version stands: usable, or damaged."""

from dataclasses import dataclass

from models.cards.model_card import ModelCard
from models.registry.shipped_weights import RegistryWithShipped
from streams.kit.errors import CityPatrolError


@dataclass(frozen=True, slots=True)
class ModelState:
    """How a model version stands.

    Attributes:
        card: The version.
        shipped: Whether it came with CityPatrol.
        problem: What is wrong with its files, or None.
    """

    card: ModelCard
    shipped: bool
    problem: str | None

    def __str__(self) -> str:
        words = ["shipped"] if self.shipped else []
        words.append("ready" if self.problem is None else self.problem)
        return ", ".join(words)


def state_of(card: ModelCard, registry: RegistryWithShipped) -> ModelState:
    """Check the files of a version; those of an s3:// registry are fetched for that."""
    try:
        registry.fetch(card.model_version)
    except CityPatrolError as error:
        problem: str | None = str(error)
    else:
        problem = None
    return ModelState(card, registry.is_shipped(card.model_version), problem)
