"""The group of ``citypatrol models`` commands, which several packages add theirs to."""

import typer

_NAME = "models"


def models_group(app: typer.Typer) -> typer.Typer:
    """The group, made by whoever asks first."""
    for group in app.registered_groups:
        if group.name == _NAME and group.typer_instance is not None:
            return group.typer_instance
    models = typer.Typer(help="The models: what there is, what runs.", no_args_is_help=True)
    app.add_typer(models, name=_NAME)
    return models
