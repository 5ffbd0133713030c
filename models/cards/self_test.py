"""Self-test: what a model must find in a stored picture before it is let to work."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.cards.artefact import ArtefactFile

Fraction = Annotated[float, Field(ge=0, le=1)]


class ExpectedDetection(BaseModel):
    """A box that the model must find.

    Attributes:
        visual_class: Its class.
        box: Left, top, right, bottom as fractions of the picture.
        minimum_score: The least score it may have.
        minimum_iou: The least overlap with ``box``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    visual_class: str
    box: tuple[Fraction, Fraction, Fraction, Fraction]
    minimum_score: Fraction = 0.25
    minimum_iou: Fraction = 0.5

    @model_validator(mode="after")
    def _is_a_box(self) -> Self:
        left, top, right, bottom = self.box
        if left >= right or top >= bottom:
            raise ValueError(f"box {self.box} is empty: give left, top, right, bottom")
        return self


class SelfTest(BaseModel):
    """A picture and what is in it.

    Attributes:
        picture: An image file beside the card.
        expected: What must be found.
        maximum_detections: More boxes of score 0.25 or more mean that the model raves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: ArtefactFile
    expected: Annotated[tuple[ExpectedDetection, ...], Field(min_length=1)]
    maximum_detections: Annotated[int, Field(ge=1, le=300)] = 100
