"""The command line: one Typer app that each package adds its commands to."""

import importlib
import sys

import typer

from streams.errors import CityPatrolError

app = typer.Typer(
    name="citypatrol",
    help="Turns a city district's cameras into dispatched work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

# Each has a function `register(app)`. A package whose extra is not installed stays away with
# its commands, so that an API node runs without FFmpeg and OpenVINO.
COMMAND_MODULES = (
    "streams.commands",
    "models.commands",
    "detector.commands",
    "api.commands",
    "benchmarks.commands",
)


def _add_commands() -> None:
    for name in COMMAND_MODULES:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError as missing:
            raise
        module.register(app)


def main() -> None:
    """Run the command line; a ``CityPatrolError`` becomes one line and exit status 1."""
    _add_commands()
    try:
        app()
    except CityPatrolError as error:
        typer.secho(f"citypatrol: {error}", fg=typer.colors.RED, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
