"""The benchmark commands, one per benchmark module."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.throughput import ThroughputPlan, measure_throughput, throughput_table

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
