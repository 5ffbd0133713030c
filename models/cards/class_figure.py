"""How well a model finds one visual class, by its card: what may be claimed of it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import ModelCard, ModelFileError
from models.cards.training_record import Fraction, SetResult
from models.words import PictureSource, Viewpoint, VisualClass

LEAST_PRECISION = 0.9
"""Of ten boxes of a class nine are right, or its events cost more looking than they save."""
LEAST_RECALL = 0.5
"""With this precision half of the labelled boxes are found: several looks then see most things."""
LEAST_BOXES = 50
"""From so many labelled boxes a recall of one half is known to 14 points (95 %)."""


class ClassFigure(BaseModel):
    """How well a class is found in the set of pictures on which it is found worst.

    A class that was measured on pictures of the sets it was learnt from alone is not known to be
    found anywhere else, however good the figure.

    Attributes:
        visual_class: The class.
        precision: Share of the boxes found that are right; None if it was never measured.
        recall: Share of the labelled boxes that are found; None if it was never measured.
        boxes: Labelled boxes that this was measured on.
        source: Whether these are from a set that the class was learnt from; None if nobody told.
        viewpoint: Where these pictures were taken from; None if nobody told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    visual_class: VisualClass
    precision: Fraction | None = None
    recall: Fraction | None = None
    boxes: Annotated[int, Field(ge=0)] = 0
    source: PictureSource | None = None
    viewpoint: Viewpoint | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the class may be called recognisable."""
        return (
            self.precision is not None
            and self.recall is not None
            and self.precision >= LEAST_PRECISION
            and self.recall >= LEAST_RECALL
            and self.boxes >= LEAST_BOXES
            and self.source is PictureSource.UNSEEN
        )

    @property
    def standing(self) -> tuple[bool, bool, bool, float, float]:
        """Orders figures of one class from the worst to the best."""
        return (
            self.is_enough,
            self.source is PictureSource.UNSEEN,
            self.boxes >= LEAST_BOXES,
            self.recall or 0.0,
            self.precision or 0.0,
        )


def class_figure(card: ModelCard, visual_class: VisualClass) -> ClassFigure:
    """What a card says of one of its classes, in the form that a worker runs.

    Sets that the class was not learnt from count before those that it was, since a district's
    streets are none of the latter. Of several the one counts on which the class is found worst;
    sets with a handful of its boxes count only where there is no other.
    """
    measured = _figures(card, visual_class)
    unseen = [figure for figure in measured if figure.source is PictureSource.UNSEEN]
    for group in (unseen, measured):
        told = [figure for figure in group if figure.boxes >= LEAST_BOXES]
        if told:
            return min(told, key=lambda figure: figure.standing)
    return max(
        measured,
        key=lambda figure: figure.boxes,
        default=ClassFigure(visual_class=visual_class),
    )


def _figures(card: ModelCard, visual_class: VisualClass) -> list[ClassFigure]:
    return [
        ClassFigure(
            visual_class=visual_class,
            precision=found.precision,
            recall=found.recall,
            boxes=found.boxes,
            source=found.source,
            viewpoint=result.viewpoint,
        )
        for result in _of_form_that_runs(card) or card.results
        for found in result.classes
        if visual_class in found.visual_classes
    ]


def _of_form_that_runs(card: ModelCard) -> list[SetResult]:
    try:
        runs = chosen_artefact(card)
    except ModelFileError:
        # One for a GPU alone; what was measured of it is all in one form.
        return []
    return [
        result
        for result in card.results
        if (result.format, result.precision) == (runs.format, runs.precision)
    ]
