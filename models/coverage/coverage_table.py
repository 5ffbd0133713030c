"""Coverage as a person reads it in a terminal."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Column, Table

from models.cards.class_figure import LEAST_BOXES, ClassFigure
from models.catalogue.issue_catalogue import Unwatched
from models.coverage.coverage import Coverage, CoverageStatus, TypeCoverage
from models.coverage.working_models import CountedModels
from models.words import PictureSource

STATUS_WORDS = {
    CoverageStatus.RECOGNISABLE: "recognisable",
    CoverageStatus.PARTLY: "in part",
    CoverageStatus.NEEDS_CAMERA_SETUP: "on prepared cameras",
    CoverageStatus.NEEDS_CLASSES: "needs classes",
    CoverageStatus.SWITCHED_OFF: "switched off",
    CoverageStatus.NEEDS_KNOWLEDGE: "not by a camera alone",
}
"""What people call each status."""
_STATUS_STYLES = {
    CoverageStatus.RECOGNISABLE: "green",
    CoverageStatus.PARTLY: "cyan",
    CoverageStatus.NEEDS_CAMERA_SETUP: "blue",
    CoverageStatus.NEEDS_CLASSES: "yellow",
    CoverageStatus.SWITCHED_OFF: "dim",
    CoverageStatus.NEEDS_KNOWLEDGE: "magenta",
}
# More are in --json; these are what somebody plans to label next.
_MOST_RANKED = 25


def print_coverage(coverage: Coverage, console: Console) -> None:
    """Print every type, what is worth labelling next, and the totals."""
    console.print(_types(coverage, f"Catalogue {coverage.catalogue_version}, {counted(coverage)}"))
    if coverage.missing_classes:
        console.print()
        console.print(_ranking(coverage))
    console.print()
    console.print(_totals(coverage))
    if coverage.models_without_card:
        unknown = ", ".join(coverage.models_without_card)
        console.print(f"not counted, as this registry does not hold their cards: {unknown}")


def counted(coverage: Coverage) -> str:
    """Which models the coverage is of, in words."""
    models = ", ".join(coverage.models) or "no model"
    match coverage.counted:
        case CountedModels.REPORTED:
            return f"counting what {coverage.workers} workers report that they run: {models}"
        case CountedModels.EXPECTED:
            return f"no worker reports what it runs; counting what one would run: {models}"
        case CountedModels.CHOSEN:
            return f"counting {models}"


def figure_words(figure: ClassFigure) -> str:
    """How well a class is found, in words.

    Example:
        >>> figure_words(ClassFigure(visual_class="flame"))
        'flame not measured'
    """
    if figure.precision is None or figure.recall is None:
        return f"{figure.visual_class} not measured"
    few = f" on {figure.boxes} boxes only" if figure.boxes < LEAST_BOXES else ""
    own = "" if figure.source is PictureSource.UNSEEN else ", on pictures of sets it learnt from"
    return (
        f"{figure.visual_class} recall {figure.recall:.2f} at precision "
        f"{figure.precision:.2f}{few}{own}"
    )


def reasons(one: TypeCoverage) -> Iterator[str]:
    """What a type lacks, and what has to be done for it, in words."""
    if one.unwatched is Unwatched.SWITCHED_OFF:
        yield "the city switched it off"
    if one.unwatched is Unwatched.OFF_BY_DEFAULT:
        yield "off until the city switches it on"
    if one.knowledge:
        yield f"would need {', '.join(need.replace('_', ' ') for need in one.knowledge)}"
    elif one.unwatched is Unwatched.NEEDS_KNOWLEDGE:
        yield "no picture shows it"
    yield from _class_reasons(one)
    if one.camera_setup:
        yield f"needs {' and '.join(setup.replace('_', ' ') for setup in one.camera_setup)}"
    if one.confirmed_by is not None:
        yield f"confirmed by {one.confirmed_by.replace('_', ' ')}"
    if one.missing_model is not None:
        yield f"{one.missing_model}, which should confirm it, is not in the registry"


def _class_reasons(one: TypeCoverage) -> Iterator[str]:
    if one.missing_classes and one.status is not CoverageStatus.NEEDS_KNOWLEDGE:
        known = "" if one.known_classes else "none of its classes is known; "
        yield f"{known}lacks {', '.join(one.missing_classes)}"
    if one.weak_classes and one.unwatched is None:
        yield f"not found well enough: {', '.join(map(figure_words, one.weak_classes))}"
    if one.not_from_poles and one.unwatched is None:
        yield f"not measured on pictures from a pole: {', '.join(one.not_from_poles)}"


def _types(coverage: Coverage, title: str) -> Table:
    table = Table(
        Column("code", no_wrap=True),
        Column("name", max_width=34),
        Column("名称", max_width=24),
        Column("status", no_wrap=True),
        Column("why", overflow="fold", ratio=1),
        title=title,
        title_justify="left",
        box=None,
    )
    for one in coverage.types:
        status = f"[{_STATUS_STYLES[one.status]}]{STATUS_WORDS[one.status]}[/]"
        table.add_row(one.code, one.name.en, one.name.zh, status, "; ".join(reasons(one)))
    return table


def _ranking(coverage: Coverage) -> Table:
    shown = coverage.missing_classes[:_MOST_RANKED]
    table = Table(
        "class",
        Column("unlocks", justify="right"),
        Column("asked for by", justify="right"),
        Column("what is labelled", overflow="fold", ratio=1),
        title=f"Worth labelling next ({len(shown)} of {len(coverage.missing_classes)} classes "
        "that no model knows)",
        title_justify="left",
        box=None,
    )
    for one in shown:
        table.add_row(one.name, str(len(one.unlocks)), str(len(one.asked_by)), one.meaning.en)
    return table


def _totals(coverage: Coverage) -> Table:
    table = Table(Column("status"), Column("types", justify="right"), box=None)
    for status, count in coverage.totals.items():
        table.add_row(STATUS_WORDS[status], str(count))
    table.add_row("all", str(len(coverage.types)), style="bold")
    return table
