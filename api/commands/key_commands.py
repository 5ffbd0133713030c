"""``citypatrol keys``: which machines may do what."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from api.accounts.key_store import KeyStore
from api.accounts.role import KeyScope
from api.database.database import Database, visited_database
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options

Value = TypeVar("Value")


def register(app: typer.Typer) -> None:
    """Add ``citypatrol keys``."""
    keys = typer.Typer(help="Keys of machines: who may do what.", no_args_is_help=True)
    keys.command("create")(create_key)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke_key)
    app.add_typer(keys, name="keys")


@settings_options(ApiSettings)
def create_key(
    name: Annotated[str, typer.Argument(help="Whom the key is for.")],
    settings: ApiSettings,
    scope: Annotated[
        list[KeyScope] | None, typer.Option(help="What it may be used for; may be given again.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Ends by itself after so many days.")
    ] = None,
) -> None:
    """Make a key and print it; it cannot be shown again. Without a scope it is a worker's."""
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
    scopes = scope or [KeyScope.WORKER]
    typer.echo(_with_keys(settings, lambda keys: keys.create(name, scopes, ends)))


@settings_options(ApiSettings)
def list_keys(settings: ApiSettings) -> None:
    """Show the names of all keys."""
    table = Table("name", "for", "made", "ends", "revoked")
    for key in _with_keys(settings, lambda keys: keys.all()):
        times = [_minute(at) for at in (key.created_at, key.expires_at, key.revoked_at)]
        table.add_row(key.name, ", ".join(sorted(key.scopes)), *times)
    Console().print(table)


@settings_options(ApiSettings)
def revoke_key(
    name: Annotated[str, typer.Argument(help="Name of the key.")], settings: ApiSettings
) -> None:
    """Make a key worthless from now on."""
    _with_keys(settings, lambda keys: keys.revoke(name))
    typer.echo(f"key {name} is revoked")


def _minute(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _with_keys(settings: ApiSettings, ask: Callable[[KeyStore], Awaitable[Value]]) -> Value:
    async def run(database: Database) -> Value:
        try:
            return await ask(KeyStore(database))
        finally:
            await database.close()

    with visited_database(settings) as url:
        return asyncio.run(run(Database(url, connections=1)))
