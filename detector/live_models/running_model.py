"""A running model: a model version at work in this process."""

from dataclasses import dataclass

from api.contract.events import ModelReference
from detector.inference.backend import Backend
from models.cards.model_card import ModelCard


@dataclass(frozen=True, slots=True, eq=False)
class RunningModel:
    """A model version that was checked and opened; equal only to itself.

    Attributes:
        backend: Finds objects with it. Whoever runs the model closes it.
        confidence: Boxes that score less are dropped, unless the card has a lower threshold for
            their class.
    """

    backend: Backend
    confidence: float

    @property
    def card(self) -> ModelCard:
        """What it is."""
        return self.backend.card

    @property
    def reference(self) -> ModelReference:
        """How events name it: with the hash of the file that runs."""
        return ModelReference(
            name=self.card.name,
            version=self.card.version,
            sha256=self.backend.artefact.files[0].sha256,
        )

    def least_score(self, class_name: str) -> float:
        """The score from which a box of a class is kept at all."""
        return min(self.confidence, self.card.thresholds.get(class_name, self.confidence))

    def __str__(self) -> str:
        artefact = self.backend.artefact
        return f"{self.card.model_version} ({artefact.format} {artefact.precision})"
