"""The command line: one Typer app that each package adds its commands to."""

import functools
import importlib
import sys
from dataclasses import dataclass
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup
from typer.main import get_group

from streams.kit.errors import CityPatrolError
from streams.kit.settings_document import settings_document
from streams.kit.settings_options import settings_options
from streams.kit.structured_log import LogSettings, start_logging


@dataclass(frozen=True, slots=True)
class CommandModule:
    """A module that brings commands.

    Attributes:
        name: The module; its ``register`` adds them.
        words: First words of its commands, as in ``citypatrol models list``.
        extra: The extra that it needs, or None. Where that is not installed it stays away, so
            that an API node runs without FFmpeg and OpenVINO.
    """

    name: str
    words: tuple[str, ...]
    extra: str | None = None


# In the order of the help page.
COMMAND_MODULES = (
    CommandModule("api.commands.serve_command", ("serve",)),
    CommandModule("api.commands.user_commands", ("users",)),
    CommandModule("api.commands.key_commands", ("keys",)),
    CommandModule("api.commands.audit_commands", ("audit",)),
    CommandModule("api.commands.retention_commands", ("retention",)),
    CommandModule("api.commands.camera_commands", ("cameras",)),
    CommandModule("api.commands.grid_commands", ("grids",)),
    CommandModule("api.commands.calendar_commands", ("calendar",)),
    CommandModule("api.commands.dispatch_commands", ("dispatch",)),
    CommandModule("api.commands.figure_commands", ("figures",)),
    CommandModule("detector.commands.commands", ("worker",), "worker"),
    CommandModule("detector.commands.outbox_commands", ("outbox",), "worker"),
    CommandModule("models.commands.commands", ("models",)),
    CommandModule("api.commands.model_commands", ("models",)),
    CommandModule("detector.commands.model_commands", ("models",), "worker"),
    CommandModule("models.commands.catalogue_commands", ("catalogue",)),
    CommandModule("labeling.training.commands", ("train",), "train"),
    CommandModule("labeling.evaluation.commands", ("models",), "train"),
    CommandModule("labeling.data_sets.commands", ("datasets",), "worker"),
    CommandModule("labeling.training.quantise_commands", ("models",), "train"),
    CommandModule("demo.commands", ("demo",), "worker"),
    CommandModule("benchmarks.commands.commands", ("bench",), "worker"),
    CommandModule("benchmarks.commands.simulate_commands", ("simulate",), "worker"),
    CommandModule("benchmarks.commands.accuracy_command", ("bench",), "train"),
)

# Every settings model, in the order of docs/settings.md.
SETTINGS = (
    "api.settings:ApiSettings",
    "api.console.parts.settings:ConsoleSettings",
    "api.accounts.oidc.oidc_settings:OidcSettings",
    "api.clocks.clock_settings:ClockSettings",
    "api.dispatch.settings:DispatchSettings",
    "api.cases.case_settings:CaseSettings",
    "api.figures.figure_settings:FigureSettings",
    "api.webhooks.webhook_settings:WebhookSettings",
    "api.retention.retention_settings:RetentionSettings",
    "api.commands.client_settings:ClientSettings",
    "detector.delivery.worker_settings:WorkerSettings",
    "detector.inference.settings:DetectorSettings",
    "detector.confirmation.confirmation_settings:ConfirmationSettings",
    "streams.kit.camera_networks:CameraNetworkSettings",
    "streams.reading.settings:StreamSettings",
    "streams.camera_health.health_settings:HealthSettings",
    "models.registry.settings:ModelSettings",
    "models.catalogue.settings:CatalogueSettings",
    "labeling.evaluation.settings:ModelEvaluationSettings",
    "streams.kit.structured_log:LogSettings",
)


class CommandsOnDemand(TyperGroup):
    """The commands of every package, of which only the one that is asked for is imported.

    All of them together take seconds to import, and nobody who creates a key shall wait for
    OpenVINO.
    """

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's own click
        """Every command that can be run with the extras that are installed."""
        everything, _ = _commands_of(COMMAND_MODULES)
        own = [name for name in super().list_commands(ctx) if name not in everything.commands]
        return [*everything.list_commands(ctx), *own]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer's own click
        """The command called ``cmd_name``, its packages imported.

        Raises:
            CityPatrolError: It needs an extra that is not installed.
        """
        modules = tuple(module for module in COMMAND_MODULES if cmd_name in module.words)
        if not modules:
            return super().get_command(ctx, cmd_name)
        found, missing = _commands_of(modules)
        command = found.get_command(ctx, cmd_name)
        if command is None:
            raise CityPatrolError(f"{cmd_name} is not installed: {'; '.join(missing)}")
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's own click
        """The help page, with what is not installed at its end."""
        _, missing = _commands_of(COMMAND_MODULES)
        if missing:
            self.epilog = escape(f"Commands not installed: {'; '.join(missing)}")
        super().format_help(ctx, formatter)


app = typer.Typer(
    name="citypatrol",
    cls=CommandsOnDemand,
    help="Turns a city district's cameras into dispatched work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
@settings_options(LogSettings)
def _prepare(log: LogSettings) -> None:
    start_logging(log)


@app.command("settings")
def _print_settings() -> None:
    """Print the reference of all settings as Markdown."""
    parts = (name.split(":") for name in SETTINGS)
    models = [getattr(importlib.import_module(module), model) for module, model in parts]
    typer.echo(settings_document(models), nl=False)


@functools.cache
def _commands_of(modules: tuple[CommandModule, ...]) -> tuple[TyperGroup, list[str]]:
    """The commands that some modules bring, and what had to stay away."""
    commands = typer.Typer(pretty_exceptions_enable=False)
    # Without one, Typer makes a single command of a single command.
    commands.callback()(lambda: None)
    missing = []
    for module in modules:
        try:
            importlib.import_module(module.name).register(commands)
        except ModuleNotFoundError as error:
            if module.extra is None:
                raise
            package = module.name.partition(".")[0]
            missing.append(f"{package} (needs citypatrol[{module.extra}]: {error.name})")
    return get_group(commands), missing


def main() -> None:
    """Run the command line; a ``CityPatrolError`` becomes one line and exit status 1."""
    try:
        app()
    except CityPatrolError as error:
        typer.secho(f"citypatrol: {error}", fg=typer.colors.RED, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
