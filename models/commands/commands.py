"""The commands for models that need nothing but the registry."""

import typer

from models.commands.addition_commands import add_model, pull_model
from models.commands.command_group import models_group
from models.commands.comparison_command import compare_models
from models.commands.listing_commands import list_models, show_model


def register(app: typer.Typer) -> None:
    """Add the commands for models to the command line."""
    models = models_group(app)
    models.command("list")(list_models)
    models.command("show")(show_model)
    models.command("add")(add_model)
    models.command("pull")(pull_model)
    models.command("compare")(compare_models)
