"""The benchmark commands, one per benchmark module."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel
from rich.console import Console

from benchmarks.inference_speed import SpeedPlan, measure_speed, speed_table
from benchmarks.throughput import ThroughputPlan, measure_throughput, throughput_table
from detector.settings import DetectorSettings
from labeling.evaluation.model_choice import model_or_default
from models.settings import ExportSettings
from streams.errors import CityPatrolError
from streams.settings_options import settings_options

bench = typer.Typer(help="Measure what CityPatrol costs on this machine.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the benchmarks to the command line."""
    app.add_typer(bench, name="bench")


@bench.callback()
def _benchmarks() -> None:
    """Measure what CityPatrol costs on this machine."""


@bench.command("throughput")
def bench_throughput(
    cameras: Annotated[int, typer.Option(min=1, max=1024, help="Number of RTSP cameras.")] = 4,
    seconds: Annotated[
        float, typer.Option(min=5, help="Length of the measured window, after warming up.")
    ] = 30.0,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="Model weights (.pt or .onnx) instead of installed ones.")
    ] = None,
) -> None:
    """Run N RTSP cameras through the whole product and say what a frame costs."""
    figures = measure_throughput(ThroughputPlan(cameras, seconds, weights))
    Console().print(throughput_table(figures))
    if json_file is not None:
        json_file.write_text(figures.model_dump_json(indent=2) + "\n", encoding="utf-8")


@bench.command("speed")
@settings_options(ExportSettings)
def bench_speed(
    registry: ExportSettings,
    model: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME[@VERSION]|FILE]", help="Model; default: what a worker would run."
        ),
    ] = None,
    rounds: Annotated[int, typer.Option(min=1, max=1000, help="Turns of each form.")] = 10,
    seconds: Annotated[float, typer.Option(min=0.1, help="Length of a turn.")] = 3.0,
    pictures: Annotated[
        Path | None,
        typer.Option(help="Folder of pictures, searched with its subfolders; noise if left out."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the figures to this file.")] = None,
) -> None:
    """Compare how fast the float and INT8 forms of a model are, in turns, in one run."""
    plan = SpeedPlan(
        model_or_default(model, registry), rounds, seconds, pictures, DetectorSettings()
    )
    figures = measure_speed(plan)
    Console().print(speed_table(figures))
    write_figures(figures, report)


def write_figures(figures: BaseModel, path: Path | None) -> None:
    """Write what was measured to a file as JSON, if one was given.

    Raises:
        CityPatrolError: It cannot be written.
    """
    if path is None:
        return
    try:
        path.write_text(figures.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CityPatrolError(
            f"--report {path} cannot be written: {error.strerror or error}"
        ) from None
