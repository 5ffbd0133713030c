"""``citypatrol grids``: the management cells of an API."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import from_json

from api.commands.client import OperatorClient
from api.commands.client_settings import ClientSettings
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import settings_options


class GridFileError(CityPatrolError):
    """A file of cells cannot be read."""


def register(app: typer.Typer) -> None:
    """Add ``citypatrol grids``."""
    grids = typer.Typer(help="The management cells of an API.", no_args_is_help=True)
    grids.command("import")(import_grids)
    app.add_typer(grids, name="grids")


@settings_options(ClientSettings)
def import_grids(
    file: Annotated[Path, typer.Argument(help="GeoJSON file with `unit_grid`s.", exists=True)],
    settings: ClientSettings,
) -> None:
    """Replace the management cells by those of a file."""
    try:
        collection = from_json(file.read_bytes(), allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise GridFileError(f"{file} is no GeoJSON: {error}") from None
    with OperatorClient(settings) as client:
        typer.echo(f"{client.replace_grids(collection)} cells")
