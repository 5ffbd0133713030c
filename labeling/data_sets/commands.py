"""Commands for data sets: check them before a model learns from them."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import RootModel
from rich.console import Console

from labeling.data_sets.camera_name import camera_pattern
from labeling.data_sets.class_aliases import BUILT_IN_ALIASES, load_class_aliases
from labeling.data_sets.data_set import DataSetError
from labeling.data_sets.near_duplicates import SIMILARITY
from labeling.data_sets.report import DataSetReport, check_data_set, report_table
from streams.kit.report_file import write_report

# Paths are long, and a terminal that is piped into a file has no width.
_LEAST_WIDTH = 100


class _Reports(RootModel[tuple[DataSetReport, ...]]):
    """What ``--json`` prints and ``--report`` writes."""


def register(app: typer.Typer) -> None:
    """Add ``citypatrol datasets``."""
    datasets = typer.Typer(help="Labelled pictures to learn from.", no_args_is_help=True)
    datasets.callback()(_datasets)
    datasets.command("check")(check_data_sets)
    app.add_typer(datasets, name="datasets")


def _datasets() -> None:
    """Labelled pictures to learn from."""


def check_data_sets(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a data.yaml each.")],
    aliases: Annotated[
        Path, typer.Option(help="YAML file of class name to visual class.", show_default=False)
    ] = BUILT_IN_ALIASES,
    camera: Annotated[
        str | None,
        typer.Option(
            help="Regular expression that finds the camera in a picture's file name; its group "
            "'camera', else its first group, else all that it matches."
        ),
    ] = None,
    similarity: Annotated[
        float, typer.Option(min=0.3, max=1, help="Least similarity of two near-duplicates.")
    ] = SIMILARITY,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write what was found to this file as JSON.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Say what is in data sets, what is wrong with them, and which pictures are nearly the same.

    Exits 1 if a set cannot be used or something of it is left out: a broken picture, a wrong
    label, a split that is not there. Near-duplicates alone are reported, no more, since training
    leaves them out by itself.
    """
    names = load_class_aliases(aliases)
    pattern = None if camera is None else camera_pattern(camera)
    reports, unusable = [], []
    for folder in folders:
        try:
            report = check_data_set(folder, names, pattern, similarity)
        except DataSetError as error:
            unusable.append(error)
            continue
        reports.append(report)
        if not as_json:
            console = Console()
            console.width = max(console.width, _LEAST_WIDTH)
            console.print(report_table(report))
    found = _Reports(tuple(reports))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    if report_file is not None:
        write_report(found, report_file)
    if unusable:
        raise DataSetError("\n".join(map(str, unusable)))
    if any(report.leaves_out for report in reports):
        raise typer.Exit(1)
