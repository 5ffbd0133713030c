"""docs/figures.md, made of the definitions."""

from collections.abc import Iterable

from api.figures.figure_definitions import (
    CounterDefinition,
    FigureDefinitions,
    IndicatorDefinition,
)

_HEAD = """# Figures

What the figures of cases count (`GET /v1/figures`). This page is made by
`citypatrol figures > docs/figures.md` of `api/figures/figure_definitions.yaml`.

A *task* is a clock of one stage of a case: to be dispatched, handled, checked. It counts in the
period in which it was done; one that was not done, in the period in which it was due. So each
task is needed once, and what was done before a period does not count in it again. A task that
ended without being done (the case was voided or closed by order, went to another department or
back to the acceptor) counts nowhere.

Figures of a period that is over change where a case changes afterwards: "by now" is when the
figures are asked for. Lines by day use the city's days (`CITYPATROL_CLOCK_TIME_ZONE`), each
figure by the moment at which it counts. Lines by department give a handling task to the
department that it was with, everything else to the one that the case is with now.
"""


def figure_document(definitions: FigureDefinitions) -> str:
    """Return Markdown with every figure, its key, both names and its meaning."""
    counters = [_counter(one) for one in definitions.counters]
    indicators = [_indicator(one) for one in definitions.indicators]
    score = definitions.score
    indicators.append(
        _cells((f"`{score.key}`", score.name.zh, score.name.en, score.unit, "", score.meaning.en))
    )
    parts = [
        _HEAD,
        "## Counters\n",
        _table(("key", "名称", "name", "meaning", "口径"), counters),
        "\n## Indicators\n",
        "None where there is nothing to divide by.\n",
        _table(("key", "名称", "name", "unit", "formula", "meaning"), indicators),
    ]
    return "\n".join(parts) + "\n"


def _counter(one: CounterDefinition) -> str:
    return _cells((f"`{one.key}`", one.name.zh, one.name.en, one.meaning.en, one.meaning.zh))


def _indicator(one: IndicatorDefinition) -> str:
    formula = f"`{one.of}` / `{one.over}`"
    return _cells((f"`{one.key}`", one.name.zh, one.name.en, one.unit, formula, one.meaning.en))


def _table(headings: tuple[str, ...], rows: Iterable[str]) -> str:
    return "\n".join([_cells(headings), "|" + "---|" * len(headings), *rows])


def _cells(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
