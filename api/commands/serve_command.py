"""``citypatrol serve``: the API and the console."""

import typer

from api.console.parts.settings import ConsoleSettings
from api.server import serve as run_server
from api.settings import ApiSettings
from models.catalogue.settings import CatalogueSettings
from models.registry.settings import RegistrySettings
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add ``citypatrol serve``."""
    app.command()(serve)


@settings_options(ApiSettings, ConsoleSettings, CatalogueSettings, RegistrySettings)
def serve(
    settings: ApiSettings,
    console: ConsoleSettings,
    catalogue: CatalogueSettings,
    registry: RegistrySettings,
) -> None:
    """Run the API and the console until Ctrl-C or SIGTERM."""
    run_server(settings, console, catalogue, registry)
