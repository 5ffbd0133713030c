"""Commands for models: list, show and export them."""

from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Column, Table

from models.export import export_to_onnx
from models.installed_model import installed_model
from models.model_file import MODEL_FILE_NAME, load_model, model_folders
from models.settings import ExportSettings, RegistrySettings
from streams.errors import CityPatrolError
from streams.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add the commands for models to the command line."""
    models = typer.Typer(help="The models that are installed.", no_args_is_help=True)
    models.command("list")(list_models)
    models.command("show")(show_model)
    models.command("export")(export_model)
    app.add_typer(models, name="models")


@settings_options(RegistrySettings)
def list_models(settings: RegistrySettings) -> None:
    """List the installed models, and say which of them are damaged."""
    table = Table(Column("folder", overflow="fold"), "classes", "input", "exported", "state")
    for folder in model_folders(settings.registry):
        try:
            card = load_model(folder / MODEL_FILE_NAME).card
        except CityPatrolError as error:
            table.add_row(folder.name, "", "", "", str(error), style="red")
            continue
        exported = f"{card.exported_at:%Y-%m-%d %H:%M}" if card.exported_at else ""
        size = f"{card.input_width} x {card.input_height}"
        table.add_row(folder.name, str(len(card.class_names)), size, exported, "ready")
    if table.row_count:
        Console().print(table)
    else:
        typer.echo(f"no model is installed in {settings.registry}")


@settings_options(RegistrySettings)
def show_model(
    settings: RegistrySettings,
    name: Annotated[str, typer.Argument(help="Name of the model or of its folder.")],
) -> None:
    """Show the card of an installed model."""
    model = installed_model(name, settings.registry)
    typer.echo(f"# {model.onnx_path}")
    card = model.card.model_dump(mode="json")
    typer.echo(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=100), nl=False)


@settings_options(ExportSettings)
def export_model(
    settings: ExportSettings,
    file: Annotated[Path, typer.Argument(help="Ultralytics detection model (.pt).")],
) -> None:
    """Export trained weights to ONNX and install them."""
    model = export_to_onnx(file, settings.registry, settings.input_pixels)
    typer.echo(f"installed {model.card.name} {model.card.version} in {model.onnx_path.parent}")
