"""Event tables: what ``citypatrol bench events`` prints."""

from collections import Counter
from collections.abc import Mapping

from rich.table import Table

from benchmarks.events.event_figures import EventFigures, GroupFigures
from models.catalogue.issue_type import IssueType

TARGET_PRECISION = 0.95
TARGET_RECALL = 0.90
"""Of composed scenes at patrol intervals of 1 s, 30 s and 5 min."""

# A terminal of 80 columns holds the figures with this.
_LONGEST_NAME = 20


def summary_table(figures: EventFigures) -> Table:
    """A line for each group of scenes."""
    table = _table(
        "Events: all types",
        ("scenes", "detections"),
        ("run", "right", "events", "found", "false", "a day", "prec.", "recall"),
    )
    for one in figures.groups:
        if one.scenes:
            table.add_row(
                one.group,
                one.source,
                str(one.scenes),
                str(one.scenes - len(one.failed)),
                str(one.expected),
                str(one.found),
                str(one.false_alarms),
                f"{one.false_alarms / one.camera_days:.2f}",
                _share(one.precision, TARGET_PRECISION),
                _share(one.recall, TARGET_RECALL),
            )
    table.caption = (
        f"Targets: precision {TARGET_PRECISION:.2f}, recall {TARGET_RECALL:.2f}. False alarms a "
        "camera day, of scenes made to provoke them. Made-up detections are the truth with a "
        "usual detector's flaws, so that they try health and rules alone.\n"
        f"Pictures: {figures.material}. Model: {figures.model or 'none'}. "
        f"{figures.machine}, {figures.seconds:.0f} s."
    )
    return table


def type_table(group: GroupFigures, types: Mapping[str, IssueType]) -> Table:
    """A line for each issue type of a group."""
    table = _table(
        f"Scenes {group.group}, detections {group.source}",
        ("type", "name"),
        ("events", "found", "prec.", "recall", "false", "a day", "ends", "delay"),
    )
    for one in group.types:
        delay, reported = one.median_delay_seconds, one.found + one.false_alarms
        name = types[one.issue_code].name_en
        table.add_row(
            one.issue_code,
            name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…",
            str(one.expected),
            str(one.found),
            f"{one.found / reported:.2f}" if reported else "",
            f"{one.found / one.expected:.2f}" if one.expected else "",
            str(one.false_alarms),
            f"{one.false_alarms_per_camera_day:.1f}",
            str(one.cleared_wrongly),
            "" if delay is None else f"{delay:.0f} s",
        )
    table.caption = "ends: found events that cleared too early, too late or not; delay: median"
    return table


def trouble_table(figures: EventFigures) -> Table:
    """Why scenes failed, and why others were not run."""
    table = Table(title="Not all right", title_justify="left", box=None)
    table.add_column("detections", no_wrap=True)
    table.add_column("scene", no_wrap=True)
    table.add_column("what was wrong", overflow="fold")
    for group in figures.groups:
        for failed in group.failed:
            table.add_row(group.source, failed.scene, "; ".join(failed.troubles))
    left_out: Counter[tuple[str, str]] = Counter()
    for group in figures.groups:
        for reason, count in group.left_out.items():
            left_out[group.source, reason] += count
    for (source, reason), count in left_out.items():
        table.add_row(source, f"{count} left out", reason)
    return table


def _table(title: str, names: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    table = Table(
        title=title, title_justify="left", caption_justify="left", box=None, padding=(0, 1, 0, 0)
    )
    for heading in names:
        table.add_column(heading, no_wrap=True)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _share(value: float | None, target: float) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if value >= target else f"[red]{value:.3f}[/red]"
