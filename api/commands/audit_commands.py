"""``citypatrol audit``: who did what, and whether somebody changed what is kept of it."""

from typing import Annotated

import typer
from pydantic_core import to_json
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.commands.accounts_visit import visit_accounts
from api.database.database import refuse_missing_database
from api.settings import ApiSettings
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add ``citypatrol audit``."""
    audit = typer.Typer(help="The audit log: who did what.", no_args_is_help=True)
    audit.command("verify")(verify_audit)
    audit.command("list")(list_audit)
    app.add_typer(audit, name="audit")


@settings_options(ApiSettings)
def verify_audit(settings: ApiSettings) -> None:
    """Check that no record was changed or is missing; names the first that shows it.

    Records cut off at the end leave no gap: compare number and hash of the last one with what an
    earlier run printed.
    """
    refuse_missing_database(settings)
    verified = visit_accounts(settings, lambda accounts: accounts.audit.verify())
    typer.echo(f"{verified.records} records, all as they were written")
    typer.echo(f"the last one's hash is {verified.head.hex()}")


@settings_options(ApiSettings)
def list_audit(
    settings: ApiSettings,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 50,
) -> None:
    """Show the newest records, the newest first."""
    refuse_missing_database(settings)
    table = Table("number", "at", "who", "from", "what", "with", "details")
    for row in visit_accounts(settings, lambda accounts: accounts.audit.newest(limit, None)):
        details = to_json(row.details).decode() if row.details else ""
        said = (row.actor, row.address, row.action, row.subject, details)
        table.add_row(str(row.number), f"{row.at:%Y-%m-%d %H:%M:%S}", *map(escape, said))
    Console().print(table)
