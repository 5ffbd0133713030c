"""Figures of cases, as JSON and as tables."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.cases.reach import EVERYWHERE, NOWHERE
from api.contract.accounts import UnitId
from api.contract.case_words import CaseSource
from api.contract.figures import (
    FigureDefinitionDocument,
    FigureDefinitionList,
    FigureDocument,
    FigureLineDocument,
    ModelVerdictCount,
)
from api.contract.moment import Moment
from api.figures.figure_definitions import CounterDefinition, IndicatorDefinition
from api.figures.figure_question import (
    FigureFilter,
    FigureQuestion,
    FigureQuestionError,
    Grouping,
)
from api.figures.figure_sheet import Language, figures_as_csv, figures_as_xlsx
from api.figures.figure_values import Figures
from api.http.problems import invalid
from api.routes import figure_examples
from api.routes.access import KnownActor, Shared
from api.routes.answers import INVALID, example
from models.words import IssueCode

router = APIRouter(prefix="/v1", tags=["figures"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def figure_question(  # noqa: PLR0913, PLR0917 - one parameter per query parameter
    services: Shared,
    actor: KnownActor,
    start: Annotated[Moment, Query(alias="from", description="Beginning, RFC 3339 with a zone.")],
    until: Annotated[
        Moment, Query(description="End, which does not belong to it; 400 days at most.")
    ],
    group: Annotated[
        Grouping,
        Query(
            description="What each line is about; areas and departments are those right below "
            "the one that is asked about."
        ),
    ] = Grouping.NONE,
    area: Annotated[
        UnitId | None, Query(description="Cases that lie in the ground of this unit.")
    ] = None,
    department: Annotated[
        UnitId | None, Query(description="Cases that this unit or a part of it handles.")
    ] = None,
    issue_code: Annotated[IssueCode | None, Query(description="Of this type.")] = None,
    source: Annotated[
        CaseSource | None, Query(description="That came through this channel.")
    ] = None,
) -> FigureQuestion:
    """Read the question from the query; whoever belongs to a unit sees only what it may.

    Raises:
        ProblemError: 422, the period or a unit is none.
    """
    visible = EVERYWHERE
    if actor.unit_id is not None:
        visible = await services.case_figures.unit_path(actor.unit_id) or NOWHERE
    wanted = FigureFilter(
        area_path=await _path(services, "area", area),
        department_path=await _path(services, "department", department),
        issue_code=issue_code,
        source=source,
        visible_path=visible,
    )
    try:
        return FigureQuestion(start, until, group, wanted)
    except FigureQuestionError as error:
        raise invalid("until", str(error), until.isoformat()) from None


Asked = Annotated[FigureQuestion, Depends(figure_question)]
InLanguage = Annotated[Language, Query(description="Language of the headings.")]


@router.get(
    "/figures",
    summary="Figures of cases in a period",
    responses={200: example(figure_examples.FIGURES), **INVALID},
)
async def get_figures(services: Shared, question: Asked) -> FigureDocument:
    """Count cases, their tasks and their events; what is counted is in docs/figures.md."""
    return _document(await services.case_figures.read(question))


@router.get(
    "/figures/definitions",
    summary="What every figure counts",
    responses={200: example(figure_examples.DEFINITIONS)},
)
async def get_definitions(services: Shared) -> FigureDefinitionList:
    """Say of every figure which cases count, at which moment, and over what."""
    definitions = services.case_figures.definitions
    return FigureDefinitionList(
        counters=[_definition(one) for one in definitions.counters],
        indicators=[_definition(one) for one in (*definitions.indicators, definitions.score)],
    )


@router.get(
    "/figures.csv",
    summary="Figures of cases as CSV",
    response_class=Response,
    responses={200: example(figure_examples.CSV, "text/csv"), **INVALID},
)
async def get_csv(
    services: Shared, question: Asked, language: InLanguage = Language.ZH
) -> Response:
    """Give the lines as UTF-8 with a mark by which spreadsheet programs know it."""
    figures = await services.case_figures.read(question)
    definitions = services.case_figures.definitions
    content = await services.heavy.run(lambda: figures_as_csv(figures, definitions, language))
    return _attachment(content, "text/csv", "csv")


@router.get(
    "/figures.xlsx",
    summary="Figures of cases as a workbook",
    response_class=Response,
    responses={
        200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}},
        **INVALID,
    },
)
async def get_xlsx(
    services: Shared, question: Asked, language: InLanguage = Language.ZH
) -> Response:
    """Give the lines on one sheet and what each figure means on another."""
    figures = await services.case_figures.read(question)
    definitions = services.case_figures.definitions
    content = await services.heavy.run(lambda: figures_as_xlsx(figures, definitions, language))
    return _attachment(content, XLSX, "xlsx")


async def _path(services: Shared, name: str, unit_id: str | None) -> str | None:
    if unit_id is None:
        return None
    path = await services.case_figures.unit_path(unit_id)
    if path is None:
        raise invalid(name, "is no unit of the organisation", unit_id)
    return path


def _attachment(content: bytes, media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="figures.{ending}"'}
    return Response(content, media_type=media_type, headers=headers)


def _document(figures: Figures) -> FigureDocument:
    return FigureDocument(
        start=figures.question.start,
        until=figures.question.until,
        as_of=figures.as_of,
        group=figures.question.group.value,
        lines=[
            FigureLineDocument(
                key=line.key,
                name_zh=line.name.zh,
                name_en=line.name.en,
                counters=dict(line.counters),
                indicators=dict(line.indicators),
            )
            for line in figures.lines
        ],
        verdicts=[
            ModelVerdictCount(
                model=one.model, version=one.version, reason=one.reason, verdicts=one.verdicts
            )
            for one in figures.verdicts
        ],
    )


def _definition(one: CounterDefinition) -> FigureDefinitionDocument:
    parts = {"of": one.of, "over": one.over} if isinstance(one, IndicatorDefinition) else {}
    return FigureDefinitionDocument(
        key=one.key,
        name_zh=one.name.zh,
        name_en=one.name.en,
        meaning_zh=one.meaning.zh,
        meaning_en=one.meaning.en,
        unit=one.unit.value,
        **parts,
    )
