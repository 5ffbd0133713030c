"""The command group for models; other packages add their own commands to it."""

import typer

from models.addition_commands import add_model
from models.listing_commands import list_models, show_model

_NAME = "models"


def register(app: typer.Typer) -> None:
    """Add the commands for models to the command line."""
    models = models_group(app)
    models.command("list")(list_models)
    models.command("show")(show_model)
    models.command("add")(add_model)


def models_group(app: typer.Typer) -> typer.Typer:
    """The group of ``citypatrol models`` commands, made by whoever asks first."""
    for group in app.registered_groups:
        if group.name == _NAME and group.typer_instance is not None:
            return group.typer_instance
    models = typer.Typer(help="The models: what there is, what runs.", no_args_is_help=True)
    app.add_typer(models, name=_NAME)
    return models
