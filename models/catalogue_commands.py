"""Commands that show the issue catalogue."""

import typer
from rich.console import Console
from rich.table import Table

from models.issue_catalogue import load_catalogue
from models.issue_type import DEFAULT_MINIMUM_SCORE, HoursWindow, IssueType, Rule

catalogue_commands = typer.Typer(
    help="What cameras can be asked to watch for.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add ``citypatrol catalogue``."""
    app.add_typer(catalogue_commands, name="catalogue")


@catalogue_commands.command("list")
def list_types() -> None:
    """List the issue types by code."""
    catalogue = load_catalogue()
    table = Table(title=f"Issue catalogue {catalogue.version}", title_justify="left", box=None)
    for heading in ("code", "name", "名称", "severity", "limit", "source"):
        table.add_column(heading)
    for issue in catalogue.types.values():
        table.add_row(
            issue.code, issue.name_en, issue.name_zh, issue.severity, _limit(issue), issue.source
        )
    Console().print(table)


@catalogue_commands.command("show")
def show_type(code: str = typer.Argument(help="Five-digit code, like 09009.")) -> None:
    """Show one issue type with its rule."""
    issue = load_catalogue().issue_type(code)
    table = Table(show_header=False, box=None)
    table.add_column(style="bold")
    table.add_column()
    for label, text in (*_lines(issue), *_rule_lines(issue.rule)):
        table.add_row(label, text)
    Console().print(table)


def _lines(issue: IssueType) -> list[tuple[str, str]]:
    return [
        ("code", issue.code),
        ("name", f"{issue.name_en} {issue.name_zh}"),
        ("department", f"{issue.department_en} {issue.department_zh}"),
        ("severity", issue.severity),
        ("limit", _limit(issue)),
        ("source", issue.source),
    ]


def _rule_lines(rule: Rule) -> list[tuple[str, str]]:
    counted = "each standing object alone" if rule.same_object else f"{rule.minimum_count} or more"
    if rule.standing and not rule.same_object:
        counted += ", standing still"
    return [
        ("classes", f"{', '.join(rule.classes)}, {_score(rule)}"),
        ("zones", ", ".join(rule.zones) or "whole picture"),
        ("excluded zones", ", ".join(rule.excluded_zones) or "none"),
        ("hours", ", ".join(map(_span, rule.hours)) or "always"),
        ("objects", counted),
        ("lasting", f"{rule.dwell_seconds:g} s and {rule.minimum_looks} looks"),
        ("gone after", f"{rule.clear_after_looks} looks in a row without it"),
    ]


def _score(rule: Rule) -> str:
    if rule.minimum_score is not None:
        return f"score {rule.minimum_score:g} or more"
    return f"score from the model's threshold, else {DEFAULT_MINIMUM_SCORE:g}, or more"


def _limit(issue: IssueType) -> str:
    unit = "h" if issue.time_limit_clock == "urgent" else "working h"
    return f"{issue.time_limit_hours:g} {unit}"


def _span(hours: HoursWindow) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}"
