"""``citypatrol cameras``: the cameras of an API, and of files."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands.client import ApiCallError, OperatorClient
from api.commands.client_settings import ClientSettings
from api.commands.reference_command import reference
from api.contract.cameras import CameraReceipt
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.settings import CatalogueSettings
from streams.camera import Camera
from streams.camera_file import read_cameras
from streams.kit.camera_networks import CameraNetworkSettings
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import environment_settings, settings_options

CameraFile = Annotated[Path, typer.Argument(help="CSV or GeoJSON file.", exists=True)]


class ImportFailedError(CityPatrolError):
    """A file of cameras cannot be imported, or not as a whole."""


def register(app: typer.Typer) -> None:
    """Add ``citypatrol cameras``."""
    cameras = typer.Typer(help="The cameras of an API.", no_args_is_help=True)
    cameras.command("import")(import_cameras)
    cameras.command("list")(list_cameras)
    cameras.command("check")(check_cameras)
    cameras.command("reference")(reference)
    app.add_typer(cameras, name="cameras")


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
    where = environment_settings(CameraNetworkSettings)
    # Whoever names cameras in a file of their own knows where they are.
    networks = where.allowed if file is None else where.named
    for check in open_each(cameras, networks=networks):
        codes = strange[check.camera_id]
        typer.echo(f"{check.line}{_unknown_words(codes, catalogue)}")
        bad += bool(codes) or not check.ok
    if bad:
        raise typer.Exit(1)


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
    hidden = (
        "the API hides the credentials of stream addresses from all but workers; give a key with "
        "the scope worker as --key, or a file of cameras"
    )
    if settings.key is None:
        raise CityPatrolError(hidden)
    with OperatorClient(settings) as client:
        if "worker" not in client.scopes():
            raise CityPatrolError(hidden)
        return client.cameras()
