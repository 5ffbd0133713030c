"""The command line: one Typer app that each package adds its commands to."""

import importlib
import sys

import typer

from streams.kit.errors import CityPatrolError
from streams.kit.settings_document import settings_document
from streams.kit.settings_options import settings_options
from streams.kit.structured_log import LogSettings, start_logging

# Packages that bring commands, in the order of the help page, and the extra that each needs.
# One whose extra is not installed stays away, so that an API node runs without FFmpeg and
# OpenVINO.
COMMAND_MODULES = {
    "api.commands.commands": None,
    "detector.commands.commands": "worker",
    "detector.commands.outbox_commands": "worker",
    "models.commands.commands": None,
    "api.commands.model_commands": None,
    "detector.commands.model_commands": "worker",
    "models.commands.catalogue_commands": None,
    "labeling.training.commands": "train",
    "labeling.evaluation.commands": "train",
    "labeling.data_sets.commands": "worker",
    "labeling.training.quantise_commands": "train",
    "demo.commands": "worker",
    "benchmarks.commands.commands": "worker",
    "benchmarks.commands.accuracy_command": "train",
}

# Every settings model, in the order of docs/settings.md.
SETTINGS = (
    "api.settings:ApiSettings",
    "api.console.parts.settings:ConsoleSettings",
    "api.commands.client_settings:ClientSettings",
    "detector.delivery.worker_settings:WorkerSettings",
    "detector.inference.settings:DetectorSettings",
    "detector.confirmation.confirmation_settings:ConfirmationSettings",
    "streams.reading.settings:StreamSettings",
    "streams.camera_health.health_settings:HealthSettings",
    "models.registry.settings:ModelSettings",
    "models.catalogue.settings:CatalogueSettings",
    "labeling.evaluation.settings:ModelEvaluationSettings",
    "streams.kit.structured_log:LogSettings",
)

app = typer.Typer(
    name="citypatrol",
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


def add_commands() -> list[str]:
    """Add every installed package's commands to ``app``; return what had to stay away."""
    missing = []
    for name, extra in COMMAND_MODULES.items():
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if extra is None:
                raise
            missing.append(f"{name.partition('.')[0]} (needs citypatrol\\[{extra}]: {error.name})")
            continue
        module.register(app)
    return missing


def main() -> None:
    """Run the command line; a ``CityPatrolError`` becomes one line and exit status 1."""
    missing = add_commands()
    if missing:
        app.info.epilog = f"Commands not installed: {'; '.join(missing)}"
    try:
        app()
    except CityPatrolError as error:
        typer.secho(f"citypatrol: {error}", fg=typer.colors.RED, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
