"""``citypatrol keys``: which machines may do what."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table

from api.accounts.role import KeyScope
from api.commands.accounts_visit import Accounts, visit_accounts
from api.commands.seal_command import seal_addresses
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add ``citypatrol keys``."""
    keys = typer.Typer(help="Keys of machines: who may do what.", no_args_is_help=True)
    keys.command("create")(create_key)
    keys.command("list")(list_keys)
    keys.command("revoke")(revoke_key)
    keys.command("seal")(seal_addresses)
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

    async def create(accounts: Accounts) -> str:
        key = await accounts.keys.create(name, scopes, ends)
        until = None if ends is None else ends.isoformat()
        details: dict[str, JsonValue] = {"scopes": [*sorted(scopes)], "expires_at": until}
        await accounts.record("make_key", name, details)
        return key

    typer.echo(visit_accounts(settings, create))


@settings_options(ApiSettings)
def list_keys(settings: ApiSettings) -> None:
    """Show the names of all keys."""
    table = Table("name", "for", "made", "ends", "revoked")
    for key in visit_accounts(settings, lambda accounts: accounts.keys.all()):
        times = [_minute(at) for at in (key.created_at, key.expires_at, key.revoked_at)]
        table.add_row(key.name, ", ".join(sorted(key.scopes)), *times)
    Console().print(table)


@settings_options(ApiSettings)
def revoke_key(
    name: Annotated[str, typer.Argument(help="Name of the key.")], settings: ApiSettings
) -> None:
    """Make a key worthless from now on."""

    async def revoke(accounts: Accounts) -> None:
        await accounts.keys.revoke(name)
        await accounts.record("revoke_key", name)

    visit_accounts(settings, revoke)
    typer.echo(f"key {name} is revoked")


def _minute(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M}"
