"""``citypatrol simulate``: what happens in a district, in fast motion."""

from pathlib import Path
from typing import Annotated

import typer

from benchmarks.simulation.simulated_day import DayPlan, DayReport, SimulatedDay
from streams.kit.errors import CityPatrolError
from streams.kit.report_file import write_report

# What a district is held to; see docs/cases.md.
LEAST_CLOSED_SHARE = 0.98
LEAST_AUTOMATIC_SHARE = 0.90


def register(app: typer.Typer) -> None:
    """Add ``citypatrol simulate``."""
    simulate = typer.Typer(help="A district in fast motion.", no_args_is_help=True)
    simulate.callback()(lambda: None)
    simulate.command("day")(simulate_day)
    app.add_typer(simulate, name="simulate")


def simulate_day(
    speed: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds of the day that go by in a second.")
    ] = 600.0,
    matters: Annotated[int, typer.Option(min=30, max=2000, help="How many matters come up.")] = 500,
    report: Annotated[Path | None, typer.Option(help="Write figures to this JSON file.")] = None,
) -> None:
    """Play a district's day of matters from all channels, to the closing of each."""
    done = SimulatedDay(DayPlan(matters, speed)).play()
    if report is not None:
        write_report(done, report)
    typer.echo(
        f"{done.cases} cases in {done.seconds:.0f} s: {done.closed_share:.1%} of "
        f"{done.registered} registered ones closed, {done.automatic_share:.1%} dispatched without "
        f"a person, {done.transitions_used} of {done.transitions_total} transitions used, "
        f"{done.figures_compared} figures compared"
    )
    faults = _faults(done)
    if faults:
        raise CityPatrolError("; ".join(faults))


def _faults(done: DayReport) -> list[str]:
    faults = []
    if done.closed_share < LEAST_CLOSED_SHARE:
        faults.append(f"closed_share {done.closed_share} is below {LEAST_CLOSED_SHARE}")
    if done.automatic_share < LEAST_AUTOMATIC_SHARE:
        faults.append(f"automatic_share {done.automatic_share} is below {LEAST_AUTOMATIC_SHARE}")
    if done.unused:
        faults.append(f"nobody did {', '.join(done.unused)}")
    if done.differing:
        faults.append(f"figures differ: {'; '.join(done.differing)}")
    return faults
