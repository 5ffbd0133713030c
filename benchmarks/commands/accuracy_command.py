"""The benchmark command that needs what evaluation needs."""

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.commands.commands import bench
from benchmarks.inference.accuracy import (
    AccuracyPlan,
    accuracy_table,
    default_data_root,
    measure_accuracy,
)
from benchmarks.shown_figures import AsJson, ReportFile, print_table, show_json, write_figures
from labeling.evaluation.model_choice import model_or_default
from labeling.evaluation.settings import EvaluationSettings
from models.registry.settings import ExportSettings
from streams.kit.settings_options import settings_options


def register(_: typer.Typer) -> None:
    """Add it to the benchmark commands."""
    bench.command("accuracy")(bench_accuracy)


@settings_options(EvaluationSettings, ExportSettings)
def bench_accuracy(
    settings: EvaluationSettings,
    registry: ExportSettings,
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME[@VERSION]|FILE]...",
            help="Models to measure; without any, the one that a worker would run.",
        ),
    ] = None,
    data_root: Annotated[
        Path | None,
        typer.Option(help="Folder of data sets; default: data in $CITYPATROL_SHARED or ../shared."),
    ] = None,
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Measure models in all their forms on every data set of a folder."""
    asked: list[str | None] = [*models] if models else [None]
    chosen = tuple(model_or_default(name, registry) for name in asked)
    plan = AccuracyPlan(data_root or default_data_root(), chosen, settings)
    figures = measure_accuracy(plan)
    (show_json if as_json else print_table(accuracy_table))(figures)
    write_figures(figures, report)
