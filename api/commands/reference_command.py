"""``citypatrol cameras reference``: gives, shows and forgets reference pictures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.commands.client import OperatorClient
from api.commands.client_settings import ClientSettings
from api.http.picture_check import BrokenPictureError, check_jpeg
from streams.ground_view import FIRST_VIEW
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import settings_options


@settings_options(ClientSettings)
def reference(
    settings: ClientSettings,
    camera_id: Annotated[
        str | None, typer.Argument(help="The camera; without it, all references are listed.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Argument(help="JPEG of what the view should show.", exists=True)
    ] = None,
    preset: Annotated[
        str, typer.Option(help="The preset it shows; a fixed camera's only view by default.")
    ] = FIRST_VIEW,
    forget: Annotated[  # noqa: FBT002 - a switch of the command line
        bool,
        typer.Option("--forget", help="Forget the picture; a fixed camera learns anew."),
    ] = False,
) -> None:
    """Give the picture by which a camera's view is recognised, forget it, or list all."""
    if picture is not None and forget:
        raise CityPatrolError(
            f"{picture} with --forget: give a picture, or forget the one there is"
        )
    with OperatorClient(settings) as client:
        if camera_id is None:
            _print_references(client)
        elif forget:
            client.forget_reference(camera_id, preset)
            typer.echo(f"camera {camera_id}: reference of view {preset} is forgotten")
        elif picture is not None:
            client.give_reference(camera_id, preset, _read_jpeg(picture))
            typer.echo(f"camera {camera_id}: {picture} is the reference of view {preset}")
        else:
            _print_references(client, camera_id)


def _read_jpeg(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CityPatrolError(f"{path} cannot be read: {error.strerror or error}") from None
    try:
        check_jpeg(content)
    except BrokenPictureError as error:
        raise CityPatrolError(
            f"{path} is no JPEG ({error}); save the camera's picture as one"
        ) from None
    return content


def _print_references(client: OperatorClient, camera_id: str | None = None) -> None:
    cameras = [one for one in client.cameras() if camera_id in {None, one.camera_id}]
    if camera_id is not None and not cameras:
        raise CityPatrolError(
            f"there is no camera {camera_id!r}; `citypatrol cameras list` lists them"
        )
    given = {(one.camera_id, one.preset): one for one in client.references()}
    table = Table("camera", "view", "reference")
    for camera in cameras:
        for view in camera.view_names:
            one = given.get((camera.camera_id, view))
            missing = "none: its rules are held" if camera.presets else "learnt by the worker"
            told = missing if one is None else f"{one.given_at:%Y-%m-%d %H:%M} by {one.given_by}"
            table.add_row(camera.camera_id, view, told)
    Console().print(table)
