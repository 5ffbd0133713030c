"""What every figure counts, out of ``figure_definitions.yaml``."""

import functools
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.contract.case_words import CaseSource
from models.catalogue.file import BothNames

DEFINITIONS = Path(__file__).with_name("figure_definitions.yaml")

Key = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]


class FigureUnit(StrEnum):
    """What a figure is given in."""

    COUNT = "count"
    SHARE = "share"
    """A part of 1; more than 1 where the definition says so."""
    MINUTES = "minutes"
    POINTS = "points"


class CounterDefinition(BaseModel):
    """A counter.

    Attributes:
        key: Its name in answers.
        name: What screens call it.
        meaning: Which cases count, at which moment.
        unit: What it is given in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Key
    name: BothNames
    meaning: BothNames
    unit: FigureUnit


class IndicatorDefinition(CounterDefinition):
    """One counter over another.

    Attributes:
        of: The counter above the line.
        over: The one below it; the indicator is none where that is 0.
    """

    of: Key
    over: Key


class FigureDefinitions(BaseModel):
    """All of them, in the order in which they are shown.

    Attributes:
        counters: What is counted.
        indicators: What is made of that.
        score: The composite score.
        sources: What screens call the channels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    counters: Annotated[tuple[CounterDefinition, ...], Field(min_length=1)]
    indicators: tuple[IndicatorDefinition, ...]
    score: CounterDefinition
    sources: Mapping[CaseSource, BothNames]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        keys = [one.key for one in self.shown]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} comes twice")
        known = {one.key for one in self.counters}
        for one in self.indicators:
            for part in (one.of, one.over):
                if part not in known:
                    raise ValueError(f"{one.key} is made of {part}, which is no counter")
        missing = sorted(set(CaseSource) - set(self.sources))
        if missing:
            raise ValueError(f"the source {missing[0]} has no name")
        return self

    @property
    def shown(self) -> tuple[CounterDefinition, ...]:
        """Counters, indicators and the score, in order."""
        return (*self.counters, *self.indicators, self.score)


@functools.cache
def load_definitions() -> FigureDefinitions:
    """Read the file, once per process."""
    return FigureDefinitions.model_validate(yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8")))
