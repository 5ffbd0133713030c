"""Figures of cases on the wire."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

FigureGroup = Literal["none", "area", "department", "issue_type", "major_class", "source", "day"]
FigureUnitName = Literal["count", "share", "minutes", "points"]


class FigureLineDocument(BaseModel):
    """The figures of one line.

    Attributes:
        key: What it is about: path of a unit, code of an issue type, Chinese name of a major
            class, source, or day; empty for what nobody knows, and for all cases together.
        name_zh: On a Chinese screen.
        name_en: On an English one.
        counters: By the keys of ``GET /v1/figures/definitions``.
        indicators: Likewise; null where there is nothing to divide by.
    """

    key: str
    name_zh: str
    name_en: str
    counters: dict[str, float]
    indicators: dict[str, float | None]


class ModelVerdictCount(BaseModel):
    """How often one thing was said of what a model version found.

    Attributes:
        model: Its name.
        version: Its version.
        reason: Why it was none; null where it was true.
        verdicts: How often.
    """

    model: str | None
    version: str | None
    reason: str | None
    verdicts: int


class FigureDocument(BaseModel):
    """Answer to ``GET /v1/figures``.

    Attributes:
        start: Beginning of the period.
        until: Its end, which does not belong to it.
        as_of: By which moment what is overdue was judged.
        group: What each line is about.
        lines: By their keys, in order.
        verdicts: What was said of the finds of each model version.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    start: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    as_of: AwareDatetime
    group: FigureGroup
    lines: list[FigureLineDocument]
    verdicts: list[ModelVerdictCount]


class FigureDefinitionDocument(BaseModel):
    """What a figure counts.

    Attributes:
        key: Its name in answers.
        name_zh: On a Chinese screen.
        name_en: On an English one.
        meaning_zh: Which cases count, at which moment; in Chinese.
        meaning_en: In English.
        unit: A share is a part of 1.
        of: For an indicator, the counter above the line.
        over: The one below it.
    """

    key: str
    name_zh: str
    name_en: str
    meaning_zh: str
    meaning_en: str
    unit: FigureUnitName
    of: str | None = None
    over: str | None = None


class FigureDefinitionList(BaseModel):
    """Answer to ``GET /v1/figures/definitions``.

    Attributes:
        counters: What is counted.
        indicators: What is made of that, the composite score last.
    """

    counters: list[FigureDefinitionDocument]
    indicators: list[FigureDefinitionDocument]
