"""Commands for live model versions: promote, rollback, withdraw, live, history."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from api.commands.client import OperatorClient
from api.commands.client_settings import ClientSettings
from api.contract.models import LiveModel, ModelFileHash, Promotion, Rollback
from models.cards.stored_model import files_of
from models.commands.command_group import models_group
from models.model_version import parse_model_version
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from streams.kit.settings_options import settings_options

NoteOption = Annotated[str, typer.Option(help="Why; kept in the history.")]
NameArgument = Annotated[str, typer.Argument(help="Name of the model, such as street.")]


def register(app: typer.Typer) -> None:
    """Add the commands to ``citypatrol models``."""
    models = models_group(app)
    models.command("promote")(promote_model)
    models.command("rollback")(roll_back_model)
    models.command("withdraw")(withdraw_model)
    models.command("live")(list_live_models)
    models.command("history")(list_model_history)


@settings_options(ClientSettings, RegistrySettings)
def promote_model(
    client: ClientSettings,
    registry: RegistrySettings,
    version: Annotated[
        str, typer.Argument(metavar="NAME@VERSION", help="The version, such as street@2026.11.")
    ],
    note: NoteOption = "",
) -> None:
    """Make a version of the registry live; every worker changes to it while it runs."""
    model = open_registry(registry).fetch(parse_model_version(version))
    model.check()
    promotion = Promotion(
        version=model.card.version,
        files=tuple(
            ModelFileHash(path=file.path, sha256=file.sha256) for file in files_of(model.card)
        ),
        note=note,
    )
    with OperatorClient(client) as api:
        _say_live(api.promote_model(model.card.name, promotion))


@settings_options(ClientSettings)
def roll_back_model(client: ClientSettings, name: NameArgument, note: NoteOption = "") -> None:
    """Return to the version that was live before; twice goes two versions back."""
    with OperatorClient(client) as api:
        _say_live(api.roll_back_model(name, Rollback(note=note)))


@settings_options(ClientSettings)
def withdraw_model(client: ClientSettings, name: NameArgument) -> None:
    """Take a model out of service; `rollback` brings it back."""
    with OperatorClient(client) as api:
        api.withdraw_model(name)
    typer.echo(f"no version of {name} is live any more")


@settings_options(ClientSettings)
def list_live_models(client: ClientSettings) -> None:
    """Show which versions are live, in the order in which they take visual classes."""
    with OperatorClient(client) as api:
        models = api.live_models()
    if not models:
        typer.echo("no model is live: workers run the one that came with CityPatrol")
        return
    table = Table("model", "live since", "by", "in service since", Column("note", overflow="fold"))
    for model in models:
        table.add_row(
            f"{model.name}@{model.version}",
            f"{model.promoted_at.astimezone():%Y-%m-%d %H:%M:%S}",
            model.promoted_by,
            f"{model.in_service_since.astimezone():%Y-%m-%d %H:%M:%S}",
            model.note,
        )
    Console().print(table)


@settings_options(ClientSettings)
def list_model_history(
    client: ClientSettings,
    name: Annotated[str | None, typer.Argument(help="Only this model.")] = None,
) -> None:
    """Show promotions, rollbacks and withdrawals, the newest first."""
    with OperatorClient(client) as api:
        changes = api.model_history(name)
    table = Table("when", "model", "change", "version", "by", Column("note", overflow="fold"))
    for change in changes:
        table.add_row(
            f"{change.changed_at.astimezone():%Y-%m-%d %H:%M:%S}",
            change.name,
            change.kind,
            change.version or "none",
            change.changed_by,
            change.note,
        )
    Console().print(table)


def _say_live(model: LiveModel) -> None:
    since = f"{model.promoted_at.astimezone():%Y-%m-%d %H:%M:%S}"
    typer.echo(f"{model.name}@{model.version} is live since {since}, by {model.promoted_by}")
