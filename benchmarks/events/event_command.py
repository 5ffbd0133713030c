"""``citypatrol bench events``: runs a plan and prints its tables."""

from rich.console import Console
from rich.progress import Progress

from benchmarks.events.event_figures import EventFigures
from benchmarks.events.event_tables import summary_table, trouble_table, type_table
from benchmarks.events.events import EventPlan, measure_events
from benchmarks.events.scene_run import scene_catalogue


def run_plan(plan: EventPlan) -> EventFigures:
    """Measure, with a count of the scenes on the terminal meanwhile.

    Raises:
        CityPatrolError: The plan cannot be carried out.
    """
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("scenes", total=None)
        return measure_events(plan, lambda: progress.advance(bar))


def print_figures(figures: EventFigures) -> None:
    """Print the figures: by type, by group, and what was wrong."""
    console = Console()
    types = scene_catalogue().types
    for group in figures.groups:
        if group.types:
            console.print(type_table(group, types))
    troubles = trouble_table(figures)
    if troubles.row_count:
        console.print(troubles)
    console.print(summary_table(figures))
