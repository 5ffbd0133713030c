"""The commands of an API node and of those who feed it: serve, keys, cameras, grids."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic_core import from_json
from rich.console import Console
from rich.table import Table

from api.accounts.key_store import KeyStore
from api.commands.client import ApiCallError, OperatorClient
from api.commands.client_settings import ClientSettings
from api.commands.reference_command import reference
from api.console.parts.settings import ConsoleSettings
from api.database.database import Database, visited_database
from api.routes.cameras import CameraReceipt
from api.server import serve as run_server
from api.settings import ApiSettings
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import RegistrySettings
from streams.camera import Camera
from streams.camera_file import read_cameras
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import settings_options

Value = TypeVar("Value")
CameraFile = Annotated[Path, typer.Argument(help="CSV or GeoJSON file.", exists=True)]


class ImportFailedError(CityPatrolError):
    """A file that cannot be imported, or not as a whole."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(serve)
    keys = typer.Typer(help="Worker keys: who may write.", no_args_is_help=True)
    keys.command("create")(create_key)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke_key)
    app.add_typer(keys, name="keys")
    cameras = typer.Typer(help="The cameras of an API.", no_args_is_help=True)
    cameras.command("import")(import_cameras)
    cameras.command("list")(list_cameras)
    cameras.command("check")(check_cameras)
    cameras.command("reference")(reference)
    app.add_typer(cameras, name="cameras")
    grids = typer.Typer(help="The management cells of an API.", no_args_is_help=True)
    grids.command("import")(import_grids)
    app.add_typer(grids, name="grids")


@settings_options(ApiSettings, ConsoleSettings, CatalogueSettings, RegistrySettings)
def serve(
    settings: ApiSettings,
    console: ConsoleSettings,
    catalogue: CatalogueSettings,
    registry: RegistrySettings,
) -> None:
    """Run the API and the console until Ctrl-C or SIGTERM."""
    run_server(settings, console, catalogue, registry)


@settings_options(ApiSettings)
def create_key(
    name: Annotated[str, typer.Argument(help="Whom the key is for.")], settings: ApiSettings
) -> None:
    """Make a key and print it; it cannot be shown again."""
    typer.echo(_with_keys(settings, lambda keys: keys.create(name)))


@settings_options(ApiSettings)
def list_keys(settings: ApiSettings) -> None:
    """Show the names of all keys."""
    table = Table("name", "made", "revoked")
    for key in _with_keys(settings, lambda keys: keys.all()):
        revoked = "" if key.revoked_at is None else f"{key.revoked_at:%Y-%m-%d %H:%M}"
        table.add_row(key.name, f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    Console().print(table)


@settings_options(ApiSettings)
def revoke_key(
    name: Annotated[str, typer.Argument(help="Name of the key.")], settings: ApiSettings
) -> None:
    """Make a key worthless from now on."""
    _with_keys(settings, lambda keys: keys.revoke(name))
    typer.echo(f"key {name} is revoked")


@settings_options(ClientSettings)
def import_cameras(file: CameraFile, settings: ClientSettings) -> None:
    """Add or replace the cameras of a file; prints what became of them."""
    cameras = read_cameras(file)
    counts: Counter[str] = Counter()
    with OperatorClient(settings) as client:
        try:
            for receipt in client.save_cameras(cameras):
                counts[receipt.status] += 1
                _say_errors(receipt)
        except ApiCallError as error:
            stored = counts.total() - counts["rejected"]
            raise ImportFailedError(
                f"{stored} of {len(cameras)} cameras are stored, then: {error}; import the file "
                "again: those that are stored are only written over"
            ) from error
    typer.echo(", ".join(f"{count} {status}" for status, count in counts.items()) or "no cameras")
    if counts["rejected"]:
        raise ImportFailedError(f"{counts['rejected']} of {len(cameras)} cameras were rejected")


def _say_errors(receipt: CameraReceipt) -> None:
    for error in receipt.errors:
        typer.echo(
            f"camera {receipt.camera_id!r}: {error.field}: {error.message}, got {error.value!r}",
            err=True,
        )


@settings_options(ClientSettings)
def list_cameras(settings: ClientSettings) -> None:
    """Show the cameras of an API."""
    table = Table("camera", "name", "stream", "lon", "lat", "zones", "issue types", "on")
    with OperatorClient(settings) as client:
        for camera in client.cameras():
            table.add_row(
                camera.camera_id,
                camera.name,
                camera.redacted_url,
                f"{camera.lon:.6f}",
                f"{camera.lat:.6f}",
                str(len(camera.zones)),
                " ".join(issue.code for issue in camera.issue_types),
                "yes" if camera.enabled else "no",
            )
    Console().print(table)


@settings_options(ClientSettings, CatalogueSettings)
def check_cameras(
    settings: ClientSettings,
    catalogue_settings: CatalogueSettings,
    file: Annotated[Path | None, typer.Argument(help="CSV or GeoJSON file.", exists=True)] = None,
) -> None:
    """Open each camera of a file, or of an API, once and say in a line what is wrong with it.

    Its issue types are looked up in the catalogue, too.
    """
    try:
        # An API node has no FFmpeg to open cameras with.
        from streams.reading.camera_check import check_cameras as open_each  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise CityPatrolError(
            f"opening cameras needs {error.name}; install citypatrol[worker]"
        ) from None
    catalogue = load_catalogue(catalogue_settings)
    cameras = _cameras_to_check(file, settings)
    strange = {camera.camera_id: _unknown_codes(camera, catalogue) for camera in cameras}
    bad = 0
    for check in open_each(cameras):
        codes = strange[check.camera_id]
        typer.echo(f"{check.line}{_unknown_words(codes, catalogue)}")
        bad += bool(codes) or not check.ok
    if bad:
        raise typer.Exit(1)


@settings_options(ClientSettings)
def import_grids(
    file: Annotated[Path, typer.Argument(help="GeoJSON file with `unit_grid`s.", exists=True)],
    settings: ClientSettings,
) -> None:
    """Replace the management cells by those of a file."""
    try:
        collection = from_json(file.read_bytes(), allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise ImportFailedError(f"{file} is no GeoJSON: {error}") from None
    with OperatorClient(settings) as client:
        typer.echo(f"{client.replace_grids(collection)} cells")


def _unknown_codes(camera: Camera, catalogue: IssueCatalogue) -> tuple[str, ...]:
    return tuple(one.code for one in camera.issue_types if one.code not in catalogue.types)


def _unknown_words(codes: Sequence[str], catalogue: IssueCatalogue) -> str:
    if not codes:
        return ""
    return (
        f"; its issue types {', '.join(codes)} are not in the catalogue {catalogue.version}: "
        "correct them, or name the overlay that has them with --overlays"
    )


def _cameras_to_check(file: Path | None, settings: ClientSettings) -> list[Camera]:
    if file is not None:
        return list(read_cameras(file))
    if settings.key is None:
        raise CityPatrolError(
            "without --key the API hides the credentials of stream addresses; give a worker key "
            "or a file of cameras"
        )
    with OperatorClient(settings) as client:
        return client.cameras()


def _with_keys(settings: ApiSettings, ask: Callable[[KeyStore], Awaitable[Value]]) -> Value:
    async def run(database: Database) -> Value:
        try:
            return await ask(KeyStore(database))
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))
