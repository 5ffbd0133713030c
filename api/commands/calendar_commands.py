"""``citypatrol calendar``: the days off and the make-up working days of a city."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from api.clocks.calendar_day import CalendarDay
from api.clocks.calendar_file import read_calendar_file
from api.clocks.calendar_store import CalendarStore
from api.clocks.city_calendar import city_days
from api.clocks.clock_settings import ClockSettings
from api.clocks.instants import FIRST_YEAR, LAST_YEAR
from api.clocks.working_calendar import WorkingCalendar
from api.database.database import Database, visited_database
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options

Value = TypeVar("Value")


def register(app: typer.Typer) -> None:
    """Add ``citypatrol calendar``."""
    calendar = typer.Typer(
        help="The days off and the make-up working days that time limits are counted by.",
        no_args_is_help=True,
    )
    calendar.command("import")(import_days)
    calendar.command("show")(show_days)
    calendar.command("clear")(clear_year)
    app.add_typer(calendar, name="calendar")


@settings_options(ApiSettings, ClockSettings)
def import_days(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV file, UTF-8, with the columns day (2026-10-01), kind (holiday or workday, "
            "节假日 or 调休) and name.",
            exists=True,
            dir_okay=False,
        ),
    ],
    settings: ApiSettings,
    clocks: ClockSettings,
) -> None:
    """Replace the imported days of each year that the file holds days of."""
    days = read_calendar_file(file)
    _with_store(settings, clocks, lambda store: store.replace(days))
    years = sorted({one.day.year for one in days})
    typer.echo(f"{len(days)} days of {', '.join(map(str, years))}")


@settings_options(ApiSettings, ClockSettings)
def show_days(
    settings: ApiSettings,
    clocks: ClockSettings,
    year: Annotated[
        int | None,
        typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="Which year.", show_default="this one"),
    ] = None,
) -> None:
    """Show the days of a year that are off or worked out of turn."""

    async def ask(store: CalendarStore) -> tuple[tuple[CalendarDay, ...], WorkingCalendar]:
        return await store.all(), await store.calendar()

    own, calendar = _with_store(settings, clocks, ask)
    shown = year or calendar.local_day(datetime.now(UTC)).year
    imported = {one.day for one in own}
    table = Table("day", "weekday", "kind", "name", "from")
    for one in city_days(clocks.holidays_country, own):
        if one.day.year == shown:
            source = "city" if one.day in imported else clocks.holidays_country
            table.add_row(f"{one.day}", f"{one.day:%a}", one.kind, one.name, source)
    Console().print(table)


@settings_options(ApiSettings, ClockSettings)
def clear_year(
    year: Annotated[
        int, typer.Argument(min=FIRST_YEAR, max=LAST_YEAR, help="Whose imported days.")
    ],
    settings: ApiSettings,
    clocks: ClockSettings,
) -> None:
    """Forget the imported days of a year; the country's hold again."""
    _with_store(settings, clocks, lambda store: store.replace_year(year, []))
    typer.echo(f"the imported days of {year} are forgotten")


def _with_store(
    settings: ApiSettings,
    clocks: ClockSettings,
    ask: Callable[[CalendarStore], Awaitable[Value]],
) -> Value:
    async def run(database: Database) -> Value:
        try:
            return await ask(CalendarStore(database, clocks))
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))
