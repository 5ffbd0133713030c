"""``citypatrol dispatch``: the tables out of which matters find their department."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.database.database import Database, visited_database
from api.dispatch.dispatch_store import DispatchStore
from api.dispatch.dispatch_trial import TrialFigures, try_dispatcher
from api.dispatch.event_file import NamedMatter, read_matters
from api.dispatch.settings import DispatchSettings
from api.dispatch.table_files import TableFolder
from api.dispatch.table_import import ImportReport, import_tables
from api.grids.grid_store import GridStore
from api.settings import ApiSettings
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.settings import CatalogueSettings
from streams.kit.report_file import write_report
from streams.kit.settings_options import settings_options

Value = TypeVar("Value")

# More are not read at a time.
WARNINGS_TOLD = 20

Tables = Annotated[
    Path,
    typer.Argument(
        help="Folder of organisation.csv, responsibilities.csv, roster.csv, grids.geojson and "
        "components.csv or components.geojson; all but the first may be left out.",
        exists=True,
        file_okay=False,
    ),
]
Cells = Annotated[
    Path | None,
    typer.Option(help="The cells' file, if it is not in TABLES.", exists=True, dir_okay=False),
]


def register(app: typer.Typer) -> None:
    """Add ``citypatrol dispatch``."""
    dispatch = typer.Typer(
        help="The tables out of which matters find their department.", no_args_is_help=True
    )
    dispatch.command("import")(import_folder)
    dispatch.command("try")(try_folder)
    app.add_typer(dispatch, name="dispatch")


@settings_options(ApiSettings, DispatchSettings, CatalogueSettings)
def import_folder(
    tables: Tables,
    settings: ApiSettings,
    dispatch: DispatchSettings,
    catalogue: CatalogueSettings,
    grids: Cells = None,
) -> None:
    """Replace an API's tables by those of a folder; a table whose file is not there stays."""
    issues = load_catalogue(catalogue)
    folder = TableFolder(tables, issues, dispatch, grids)

    async def replace(database: Database) -> ImportReport:
        return await import_tables(_store(database, issues, dispatch), folder)

    _tell(_with_database(settings, replace))


@settings_options(DispatchSettings, CatalogueSettings)
def try_folder(
    tables: Tables,
    events: Annotated[
        Path,
        typer.Option(
            help="GeoJSON of events as the API gives them, or CSV of issue_code, lon, lat, time.",
            exists=True,
            dir_okay=False,
        ),
    ],
    dispatch: DispatchSettings,
    catalogue: CatalogueSettings,
    grids: Cells = None,
    report: Annotated[Path | None, typer.Option(help="Write the figures as JSON.")] = None,
) -> None:
    """Say which department the events of a file would go to, by tables not imported yet."""
    issues = load_catalogue(catalogue)
    folder = TableFolder(tables, issues, dispatch, grids)
    matters = read_matters(events, dispatch.zone)

    async def attempt(database: Database) -> TrialFigures:
        return await _attempt(database, _store(database, issues, dispatch), folder, matters)

    with tempfile.TemporaryDirectory(prefix="citypatrol-dispatch-") as name:
        # The user that PostgreSQL runs as must get through.
        Path(name).chmod(0o711)
        figures = _with_database(
            ApiSettings(database_url=None, data_dir=Path(name) / "data"), attempt
        )
    _show(figures)
    if report is not None:
        write_report(figures, report)


async def _attempt(
    database: Database, store: DispatchStore, folder: TableFolder, matters: list[NamedMatter]
) -> TrialFigures:
    _tell(await import_tables(store, folder))
    async with database.reading() as connection:
        return await try_dispatcher(await store.dispatcher(connection), matters)


def _store(
    database: Database, catalogue: IssueCatalogue, settings: DispatchSettings
) -> DispatchStore:
    return DispatchStore(database, GridStore(database), catalogue, settings)


def _with_database(settings: ApiSettings, ask: Callable[[Database], Awaitable[Value]]) -> Value:
    async def run(database: Database) -> Value:
        try:
            return await ask(database)
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))


def _tell(report: ImportReport) -> None:
    typer.echo(", ".join(map(str, report.counts)))
    for warning in report.warnings[:WARNINGS_TOLD]:
        typer.echo(f"warning: {warning}", err=True)
    more = len(report.warnings) - WARNINGS_TOLD
    if more > 0:
        typer.echo(f"warning: … and {more} more", err=True)


def _show(figures: TrialFigures) -> None:
    departments = Table("department", "name", "events", "nobody on duty")
    for one in figures.by_department:
        name = f"{one.name_zh} {one.name_en}"
        departments.add_row(
            escape(one.unit_id), escape(name), str(one.events), str(one.nobody_on_duty)
        )
    Console().print(departments)
    if figures.unresolved:
        unresolved = Table("not resolved", "events", "for example")
        for reason in figures.unresolved:
            example = f"{reason.example.event}: {reason.example.detail}"
            unresolved.add_row(reason.reason.value, str(reason.events), escape(example))
        Console().print(unresolved)
    typer.echo(_verdict(figures))


def _verdict(figures: TrialFigures) -> str:
    if figures.automatic_share is None:
        return f"{figures.events} events, none of which is to be dispatched"
    faults = (
        f", {figures.camera_faults} faults of cameras left out" if figures.camera_faults else ""
    )
    return (
        f"{figures.resolved} of {figures.events - figures.camera_faults} events find their "
        f"department without a person ({figures.automatic_share:.1%}{faults})"
    )
