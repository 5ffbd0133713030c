"""The benchmark commands, one per benchmark module."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.cut_outs.blending_measure import found_table
from benchmarks.cut_outs.material_at_hand import material_at_hand, measured_blending
from benchmarks.events.detection_source import DetectionSource
from benchmarks.events.event_command import print_figures, run_plan
from benchmarks.events.events import EventPlan, chosen_paces
from benchmarks.inference.inference_speed import SpeedPlan, measure_speed, speed_table
from benchmarks.load.api_load import LoadPlan, load_table, measure_load
from benchmarks.rules.rule_engine import RulePlan, measure_rules, rule_table
from benchmarks.scenes.pace import EVERY_SECOND
from benchmarks.scenes.scene_command import scene_table, write_scene
from benchmarks.scenes.stories.scene_list import scene_named, scenes_at
from benchmarks.shown_figures import AsJson, ReportFile, print_table, show_json, write_figures
from benchmarks.throughput.throughput import ThroughputPlan, measure_throughput, throughput_table
from detector.inference.settings import DetectorSettings
from labeling.evaluation.model_choice import model_or_default
from models.registry.settings import ExportSettings
from streams.kit.settings_options import settings_options

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
    weights: Annotated[
        Path | None,
        typer.Option(help="Model file (.pt or .onnx) or NAME@VERSION instead of the shipped one."),
    ] = None,
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Run N RTSP cameras through the whole product and say what a frame costs."""
    figures = measure_throughput(ThroughputPlan(cameras, seconds, weights))
    (show_json if as_json else print_table(throughput_table))(figures)
    write_figures(figures, report)


@bench.command("speed")
@settings_options(ExportSettings)
def bench_speed(  # noqa: PLR0913 - one per option
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
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Compare how fast the float and INT8 forms of a model are, in turns, in one run."""
    plan = SpeedPlan(
        model_or_default(model, registry), rounds, seconds, pictures, DetectorSettings()
    )
    figures = measure_speed(plan)
    (show_json if as_json else print_table(speed_table))(figures)
    write_figures(figures, report)


@bench.command("rules")
def bench_rules(  # noqa: PLR0913 - one per option
    types: Annotated[int, typer.Option(min=1, max=300, help="Issue types watched for.")] = 60,
    boxes: Annotated[int, typer.Option(min=1, max=300, help="Things in every look.")] = 12,
    looks: Annotated[int, typer.Option(min=20, help="Looks that are timed.")] = 1000,
    step_seconds: Annotated[
        float, typer.Option(min=0.01, max=3600, help="Seconds between two looks.")
    ] = 1.0,
    lines: Annotated[
        int,
        typer.Option(min=0, max=20, help="Lines that may be crossed; with any, all is followed."),
    ] = 0,
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what a look costs the rule engine, with a zone of each kind that the types name."""
    figures = measure_rules(RulePlan(types, boxes, looks, step_seconds, lines))
    (show_json if as_json else print_table(rule_table))(figures)
    write_figures(figures, report)


@bench.command("scenes")
@settings_options(ExportSettings)
def bench_scenes(
    registry: ExportSettings,
    output: Annotated[
        Path | None, typer.Option(help="Write a contact sheet and a clip of each to this folder.")
    ] = None,
    scene: Annotated[
        list[str] | None, typer.Option(help="Only this scene; may be given again.")
    ] = None,
    blending: Annotated[  # noqa: FBT002 - a switch of the command line
        bool, typer.Option("--blending", help="Measure how many of the things the model finds.")
    ] = False,
) -> None:
    """List the composed scenes and what must be reported of each.

    Their pictures are made of the shared folder ($CITYPATROL_SHARED or ../shared), or drawn where
    there is none. Without --scene, those at one look a second are taken.
    """
    scenes = tuple(map(scene_named, scene)) if scene else scenes_at(EVERY_SECOND)
    Console().print(scene_table(scenes))
    if output is not None:
        with material_at_hand(registry) as material:
            for one in scenes:
                sheet, clip = write_scene(one, output, material)
                typer.echo(f"{sheet}\n{clip}")
    if blending:
        Console().print(found_table(measured_blending(registry)))


@bench.command("events")
@settings_options(ExportSettings)
def bench_events(
    registry: ExportSettings,
    pace: Annotated[
        list[str] | None, typer.Option(help="Only this pace: 1s, 30s or 5min; may be given again.")
    ] = None,
    detections: Annotated[
        list[DetectionSource] | None,
        typer.Option(
            help="Only these: `made-up` tells the rules what is there, as a usual detector would; "
            "`model` asks the model of which classes it knows. May be given again."
        ),
    ] = None,
    scene: Annotated[
        list[str] | None, typer.Option(help="Only scenes whose name begins so; may be given again.")
    ] = None,
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Run composed scenes and real clips through health and rules; compare with the truth.

    Their pictures are made of the shared folder ($CITYPATROL_SHARED or ../shared). Where there is
    none they are drawn, and no model is asked.
    """
    plan = EventPlan(
        registry,
        chosen_paces(pace or ()),
        tuple(detections or DetectionSource),
        tuple(scene or ()),
    )
    figures = run_plan(plan)
    (show_json if as_json else print_figures)(figures)
    write_figures(figures, report)


@bench.command("api")
def bench_api(
    cases: Annotated[
        int, typer.Option(min=0, max=100_000_000, help="Cases there are; 0 leaves out the lists.")
    ] = 2_500_000,
    seconds: Annotated[float, typer.Option(min=2, help="Length of each kind of load.")] = 30.0,
    listeners: Annotated[
        int, typer.Option(min=1, max=1500, help="Readers of the event stream.")
    ] = 200,
    folder: Annotated[
        Path | None,
        typer.Option(help="Data folder to make or use again; making millions of cases is slow."),
    ] = None,
    report: ReportFile = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Load an API with events, listeners, and lists and figures of millions of cases."""
    figures = measure_load(LoadPlan(cases, seconds, listeners, folder))
    (show_json if as_json else print_table(load_table))(figures)
    write_figures(figures, report)
