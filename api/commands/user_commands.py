"""``citypatrol users``: who may sign in, and as what."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.accounts.passwords import LONGEST, SHORTEST
from api.accounts.role import Role
from api.accounts.user_store import NewUser, Place, UserChanges
from api.commands.accounts_visit import Accounts, visit_accounts
from api.settings import ApiSettings
from streams.kit.errors import CityPatrolError
from streams.kit.settings_options import settings_options

Login = Annotated[str, typer.Argument(help="What they sign in with.")]
Roles = Annotated[list[Role], typer.Option("--role", help="What they do; may be given again.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, one line."),
]


class NoPasswordError(CityPatrolError):
    """No password was given, or two that differ."""


def register(app: typer.Typer) -> None:
    """Add ``citypatrol users``."""
    users = typer.Typer(help="Users: who may sign in, and as what.", no_args_is_help=True)
    users.command("create")(create_user)
    users.command("list")(list_users)
    users.command("password")(change_password)
    users.command("roles")(change_roles)
    users.command("disable")(disable_user)
    users.command("enable")(enable_user)
    app.add_typer(users, name="users")


@settings_options(ApiSettings)
def create_user(
    login: Login,
    settings: ApiSettings,
    name: Annotated[str, typer.Option(help="What they are called.")],
    role: Roles,
    unit: Annotated[
        str | None, typer.Option(help="Unit they belong to; without it, the whole district.")
    ] = None,
    password_stdin: FromStdin = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Make a user; asks for the password, which is no argument that others could see."""
    password = _password(login, password_stdin)
    new = NewUser(login, name, password, frozenset(role), unit)

    async def create(accounts: Accounts) -> None:
        await accounts.users.create(new)
        await accounts.record("make_user", login, {"roles": [*sorted(new.roles)], "unit_id": unit})

    visit_accounts(settings, create)
    typer.echo(f"user {login} may sign in")


@settings_options(ApiSettings)
def list_users(settings: ApiSettings) -> None:
    """Show all users."""
    table = Table("login", "name", "roles", "unit", "may sign in", "last signed in")
    for user in visit_accounts(settings, lambda accounts: accounts.users.all()):
        last = "" if user.last_login_at is None else f"{user.last_login_at:%Y-%m-%d %H:%M}"
        table.add_row(
            user.login,
            user.name,
            ", ".join(sorted(user.roles)),
            user.unit_id or "",
            "yes" if user.enabled else "no",
            last,
        )
    Console().print(table)


@settings_options(ApiSettings)
def change_password(
    login: Login,
    settings: ApiSettings,
    password_stdin: FromStdin = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Give a user another password; ends a pause after wrong ones, and signs them out."""
    _change(settings, login, UserChanges(password=_password(login, password_stdin)))


@settings_options(ApiSettings)
def change_roles(
    login: Login,
    settings: ApiSettings,
    role: Roles,
    unit: Annotated[
        str | None,
        typer.Option(help="Unit they belong to from now on; empty is the whole district."),
    ] = None,
) -> None:
    """Give a user other roles, and another unit if one is named; signs them out."""
    place = None if unit is None else Place(unit or None)
    _change(settings, login, UserChanges(roles=frozenset(role), place=place))


@settings_options(ApiSettings)
def disable_user(login: Login, settings: ApiSettings) -> None:
    """Let a user in no more; signs them out."""
    _change(settings, login, UserChanges(enabled=False))


@settings_options(ApiSettings)
def enable_user(login: Login, settings: ApiSettings) -> None:
    """Let a user in again."""
    _change(settings, login, UserChanges(enabled=True))


def _change(settings: ApiSettings, login: str, changes: UserChanges) -> None:
    async def change(accounts: Accounts) -> None:
        await accounts.users.change(login, changes)
        await accounts.record("change_user", login, changes.shown)

    visit_accounts(settings, change)
    typer.echo(f"user {login} is changed and signed out everywhere")


def _password(login: str, from_stdin: bool) -> str:  # noqa: FBT001 - as the option gives it
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise NoPasswordError("standard input holds no password; write it there as one line")
        return password
    if not sys.stdin.isatty():
        raise NoPasswordError(
            "there is no terminal to ask for the password on; --password-stdin reads it"
        )
    asked = f"Password for {login}, {SHORTEST} to {LONGEST} characters"
    password = typer.prompt(asked, hide_input=True, confirmation_prompt=True)
    return str(password)
