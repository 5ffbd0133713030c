"""What a benchmark measured, shown and kept as its user asked: one convention for all of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console, RenderableType

from streams.kit.report_file import write_report

Figures = TypeVar("Figures", bound=BaseModel)
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as JSON, not as a table.")]
ReportFile = Annotated[Path | None, typer.Option(help="Write the figures to this file as JSON.")]


def print_table(table: Callable[[Figures], RenderableType]) -> Callable[[Figures], None]:
    """A printer of figures that fit one table."""
    return lambda figures: Console().print(table(figures))


def show_json(figures: BaseModel) -> None:
    """Print figures for programs."""
    typer.echo(figures.model_dump_json(indent=2))


def write_figures(figures: BaseModel, path: Path | None) -> None:
    """Write what was measured to a file as JSON, if one was given.

    Raises:
        CityPatrolError: It cannot be written.
    """
    if path is not None:
        write_report(figures, path)
