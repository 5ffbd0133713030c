"""``citypatrol keys``: who may write."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from api.accounts.key_store import KeyStore
from api.database.database import Database, visited_database
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options

Value = TypeVar("Value")


def register(app: typer.Typer) -> None:
    """Add ``citypatrol keys``."""
    keys = typer.Typer(help="Worker keys: who may write.", no_args_is_help=True)
    keys.command("create")(create_key)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke_key)
    app.add_typer(keys, name="keys")


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


def _with_keys(settings: ApiSettings, ask: Callable[[KeyStore], Awaitable[Value]]) -> Value:
    async def run(database: Database) -> Value:
        try:
            return await ask(KeyStore(database))
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))
