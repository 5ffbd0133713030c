"""Figures as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.figures.figure_question import FigureQuestion
from models.catalogue.file import BothNames


@dataclass(frozen=True, slots=True)
class FigureLine:
    """The figures of one line.

    Attributes:
        key: What it is about, in the words of the API; empty for what nobody knows, and for
            all cases together.
        name: What screens call that.
        counters: By the keys of the definitions.
        indicators: Likewise, the score among them; None where there is nothing to divide by.
    """

    key: str
    name: BothNames
    counters: Mapping[str, float]
    indicators: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class ModelVerdicts:
    """How often one thing was said of what a model version found.

    Attributes:
        model: Its name; None where the verdict has none.
        version: Its version; likewise.
        reason: Why it was none; None where it was true.
        verdicts: How often.
    """

    model: str | None
    version: str | None
    reason: str | None
    verdicts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The answer to a question.

    Attributes:
        question: The question.
        as_of: By which moment what is overdue was judged: the end of the period, or when it
            was asked.
        lines: By their keys, in order.
        verdicts: What was said of the finds of each model version.
    """

    question: FigureQuestion
    as_of: datetime
    lines: tuple[FigureLine, ...]
    verdicts: tuple[ModelVerdicts, ...]
