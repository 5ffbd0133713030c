"""The demo command."""

import signal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.city_demo import CityDemo, DemoPlan
from streams.kit.errors import CityPatrolError
from streams.kit.report_file import write_report


def register(app: typer.Typer) -> None:
    """Add the demo to the command line."""
    app.command("demo")(run_demo)


def run_demo(
    media: Annotated[
        list[str] | None,
        typer.Option(help="Your own files, folders or RTSP addresses instead of the footage."),
    ] = None,
    more_media: Annotated[
        list[str] | None, typer.Argument(help="Further media, as with --media.", metavar="[MEDIA]…")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", min=1, help="Stop by itself after this many seconds.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write figures to this JSON file.")] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of API and console; 0 takes a free one.")
    ] = 8080,
    weights: Annotated[
        Path | None, typer.Option(help="Model weights (.pt or .onnx) instead of installed ones.")
    ] = None,
) -> None:
    """Show everything at work on street footage: console on http://127.0.0.1:8080."""
    console = Console(stderr=True)
    options = [] if weights is None else ["--weights", str(weights)]
    plan = DemoPlan([*(media or []), *(more_media or [])], port, seconds, options)
    demo = CityDemo(plan, console)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: demo.stop())
    done = demo.run()
    if report is not None:
        write_report(done, report)
    console.print(
        f"{done.events_stored} events of {len(done.issue_types)} issue types from "
        f"{done.cameras} cameras, first after {done.seconds_to_first_event} s; "
        f"{done.frames_analysed} frames analysed; {done.cases} cases, {done.cases_dispatched} "
        f"dispatched, {done.cases_closed} closed"
    )
    if done.events_stored == 0 and not demo.stopped:
        raise CityPatrolError(
            "no event was stored: nothing that the cameras are asked to watch for was seen"
            + "".join(f"\n  {error}" for error in done.errors)
        )
