"""``citypatrol retention``: what is kept and for how long, deleting it, and the proof."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import typer
from rich.console import Console
from rich.table import Table

from api.database.database import Database, refuse_missing_database, visited_database
from api.events.evidence_store import EVIDENCE_FOLDER, EvidenceFolder
from api.retention.kept_pictures import ClassCount, KeptPictures
from api.retention.retention_check import RetentionCheck
from api.retention.retention_class import RetentionClass
from api.retention.retention_pass import PassResult, RetentionPass
from api.retention.retention_settings import RetentionSettings
from api.settings import ApiSettings
from streams.kit.settings_options import environment_settings, settings_options

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where pictures are, and the settings that say how long."""

    database: Database
    folder: EvidenceFolder
    settings: RetentionSettings


def register(app: typer.Typer) -> None:
    """Add ``citypatrol retention``."""
    retention = typer.Typer(help="How long pictures are kept.", no_args_is_help=True)
    retention.command("show")(show_due)
    retention.command("run")(run_retention)
    retention.command("verify")(verify_retention)
    app.add_typer(retention, name="retention")


@settings_options(ApiSettings)
def show_due(settings: ApiSettings) -> None:
    """Show what is kept by class, what is due now and what will be within 24 hours."""
    now = datetime.now(UTC)
    periods = environment_settings(RetentionSettings)
    counts = _visit(
        settings, lambda place: KeptPictures(place.database, place.settings).counts(now)
    )
    table = Table("class", "period", "kept", "held", "due now", "due within 24 h")
    for one in RetentionClass:
        if one is RetentionClass.PREVIEW:
            continue
        count = counts.classes.get(one, ClassCount())
        numbers = (count.kept, count.held, count.due, count.soon)
        hours = periods.period(one).total_seconds() / 3600
        table.add_row(one.value, f"{hours:g} h", *map(str, numbers))
    Console().print(table)


@settings_options(ApiSettings)
def run_retention(settings: ApiSettings) -> None:
    """Delete what is due now; a running node does so by itself every few minutes."""
    now = datetime.now(UTC)

    async def run(place: _Place) -> PassResult:
        retention = RetentionPass(place.database, place.folder, place.settings)
        taken_in = await retention.take_in_strays(now)
        result = await retention.run(now)
        result.taken_in = taken_in
        return result

    result = _visit(settings, run)
    table = Table("class", "deleted")
    for one in RetentionClass:
        table.add_row(one.value, str(result.deleted[one]))
    Console().print(table)
    if result.taken_in:
        typer.echo(f"{result.taken_in} files that no row knew were taken in")


@settings_options(ApiSettings)
def verify_retention(settings: ApiSettings) -> None:
    """Check that nothing is left of what was to be deleted; names the first that is.

    Goes through the audit log, all pictures and the whole evidence folder.
    """
    now = datetime.now(UTC)
    checked = _visit(
        settings,
        lambda place: RetentionCheck(place.database, place.folder, place.settings).check(now),
    )
    typer.echo(f"{checked.kept} pictures are kept, none longer than it may be")
    typer.echo(f"{checked.deletions} were deleted, and nothing is left of them")
    typer.echo(f"the audit log's {checked.audit.records} records are as they were written")
    typer.echo(f"the last one's hash is {checked.audit.head.hex()}")


def _visit(settings: ApiSettings, ask: Callable[[_Place], Awaitable[Value]]) -> Value:
    async def run(database: Database) -> Value:
        try:
            folder = EvidenceFolder(settings.data_dir / EVIDENCE_FOLDER)
            return await ask(_Place(database, folder, periods))
        finally:
            await database.close()

    refuse_missing_database(settings)
    periods = environment_settings(RetentionSettings)
    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=2)))
