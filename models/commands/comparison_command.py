"""The command that compares two model versions."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from models.cards.stored_model import InstalledModel
from models.cards.training_record import ClassResult, SetResult
from models.registry.comparison import Comparison, SetDifference, compare
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.version_choice import named_version
from streams.kit.settings_options import settings_options

Version = Annotated[str, typer.Argument(help="NAME@VERSION, or NAME for its newest version.")]


@settings_options(RegistrySettings)
def compare_models(
    settings: RegistrySettings,
    first: Version,
    second: Version,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two model versions by the results in their cards, set by set and class by class."""
    registry = open_registry(settings)
    models = [registry.fetch(named_version(name, registry)) for name in (first, second)]
    comparison = compare(models[0].card, models[1].card)
    if as_json:
        typer.echo(json.dumps(_as_json(comparison, models), ensure_ascii=False))
        return
    console = Console()
    console.print(_facts(comparison, models))
    if comparison.unseen:
        console.print()
        console.print(_unseen_table(comparison))
    for difference in comparison.sets:
        console.print()
        console.print(_set_table(difference, comparison))
    if not comparison.sets:
        console.print(
            "\nNo results to compare: the cards name no set on which both were measured. "
            "`citypatrol models evaluate` measures.",
            soft_wrap=True,
        )
    for name in comparison.not_compared:
        console.print(f"not compared, since only one was measured on it: {name}", soft_wrap=True)


def _facts(comparison: Comparison, models: Sequence[InstalledModel]) -> Table:
    table = Table("", *(str(model.card.model_version) for model in models), box=None)
    sizes = [model.card.preprocessing for model in models]
    table.add_row("classes", *(str(len(model.card.classes)) for model in models))
    table.add_row(
        "classes that the other lacks",
        ", ".join(comparison.only_first) or "none",
        ", ".join(comparison.only_second) or "none",
    )
    table.add_row("input", *(f"{size.input_width} x {size.input_height}" for size in sizes))
    table.add_row("files", *("\n".join(_file_sizes(model)) for model in models))
    return table


def _file_sizes(model: InstalledModel) -> list[str]:
    return [f"{form} {size / 1e6:.1f} MB" for form, size in _artefact_bytes(model).items()]


def _artefact_bytes(model: InstalledModel) -> dict[str, int]:
    return {
        f"{artefact.format} {artefact.precision}": sum(
            (model.folder / file.path).stat().st_size for file in artefact.files
        )
        for artefact in model.card.artefacts
    }


def _unseen_table(comparison: Comparison) -> Table:
    table = Table(
        title="Judge by these: pictures from sources that the class was not learnt from",
        title_justify="left",
        title_style="bold",
        box=None,
    )
    for heading in ("class", "set"):
        table.add_column(heading)
    _add_precision_columns(table, comparison)
    for entry in comparison.unseen:
        table.add_row(
            entry.first.visual_class,
            entry.set_name,
            str(entry.first.boxes),
            *_side_by_side(_precisions(entry.first), _precisions(entry.second)),
        )
    return table


def _add_precision_columns(table: Table, comparison: Comparison) -> None:
    names = (comparison.first.model_version, comparison.second.model_version)
    for heading in ("boxes", f"AP50 {names[0]}", f"{names[1]}", "difference"):
        table.add_column(heading, justify="right")
    for heading in (f"AP50-95 {names[0]}", f"{names[1]}", "difference"):
        table.add_column(heading, justify="right")


def _set_table(difference: SetDifference, comparison: Comparison) -> Table:
    one, other = difference.first, difference.second
    forms = dict.fromkeys(f"{result.format} {result.precision}" for result in (one, other))
    table = Table(
        title=f"{one.set_name} {one.split}, {one.pictures} pictures, {' against '.join(forms)}",
        title_justify="left",
        title_style="bold",
        box=None,
    )
    table.add_column("class")
    _add_precision_columns(table, comparison)
    table.add_row("all", "", *_side_by_side(_means(one), _means(other)), style="bold")
    for entry in difference.classes:
        known = entry.first or entry.second
        table.add_row(
            entry.visual_class,
            str(known.boxes) if known else "",
            *_side_by_side(_precisions(entry.first), _precisions(entry.second)),
        )
    return table


def _means(result: SetResult) -> tuple[float, float]:
    return result.map50, result.map50_95


def _precisions(result: ClassResult | None) -> tuple[float, float] | tuple[None, None]:
    return (None, None) if result is None else (result.ap50, result.ap50_95)


def _side_by_side(
    one: tuple[float, float] | tuple[None, None], other: tuple[float, float] | tuple[None, None]
) -> list[str]:
    cells = []
    for left, right in zip(one, other, strict=True):
        cells += ["-" if value is None else f"{value:.3f}" for value in (left, right)]
        cells.append("" if left is None or right is None else f"{right - left:+.3f}")
    return cells


def _as_json(comparison: Comparison, models: Sequence[InstalledModel]) -> dict[str, object]:
    return {
        "versions": [str(model.card.model_version) for model in models],
        "bytes": [_artefact_bytes(model) for model in models],
        "only_first": comparison.only_first,
        "only_second": comparison.only_second,
        "unseen": [
            {
                "set_name": entry.set_name,
                "first": entry.first.model_dump(mode="json"),
                "second": entry.second.model_dump(mode="json"),
            }
            for entry in comparison.unseen
        ],
        "sets": [
            {
                "first": difference.first.model_dump(mode="json", exclude={"classes"}),
                "second": difference.second.model_dump(mode="json", exclude={"classes"}),
                "classes": [
                    {
                        "visual_class": entry.visual_class,
                        "first": entry.first and entry.first.model_dump(mode="json"),
                        "second": entry.second and entry.second.model_dump(mode="json"),
                    }
                    for entry in difference.classes
                ],
            }
            for difference in comparison.sets
        ],
        "not_compared": comparison.not_compared,
    }
