"""Commands on a worker's outbox: what the API would not take, and another try."""

import typer
from rich.console import Console
from rich.table import Table

from detector.delivery.outbox import Outbox
from detector.delivery.outbox_settings import OutboxSettings
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add the outbox's commands to the command line."""
    outbox = typer.Typer(help="The outbox of a stopped worker.", no_args_is_help=True)
    outbox.command("show")(show_outbox)
    outbox.command("retry")(retry_outbox)
    app.add_typer(outbox, name="outbox")


@settings_options(OutboxSettings)
def show_outbox(settings: OutboxSettings) -> None:
    """Say how many events wait, and which the API refused and why."""
    with Outbox(settings.data_dir, settings.maximum_bytes) as outbox:
        counts, refused = outbox.counts(), outbox.refused()
    typer.echo(f"{counts.waiting} waiting, {counts.refused} refused")
    if not refused:
        return
    table = Table("event", "issue", "camera", "refused", "why")
    for event in refused:
        properties = event.feature.properties
        table.add_row(
            event.feature.id,
            properties.issue_code,
            properties.camera_id,
            f"{event.refused_at:%Y-%m-%d %H:%M:%S}",
            "; ".join(f"{error.field}: {error.message}" for error in event.errors),
        )
    Console().print(table)


@settings_options(OutboxSettings)
def retry_outbox(settings: OutboxSettings) -> None:
    """Let refused events be sent again, once what the API said of them was put right."""
    with Outbox(settings.data_dir, settings.maximum_bytes) as outbox:
        count = outbox.retry_refused()
    typer.echo(f"{count} events wait for the next start of the worker")
