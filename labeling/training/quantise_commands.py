"""The command that makes a model INT8: `models quantise`."""

from pathlib import Path
from typing import Annotated

import typer

from labeling.training.calibration import CalibrationPictures, choose_calibration_pictures
from models.commands.command_group import models_group
from models.intake.quantisation import CALIBRATION_PICTURES
from models.intake.quantised_version import add_quantised_version, float_artefact
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.version_choice import named_version
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add the command to ``citypatrol models``."""
    models_group(app).command("quantise")(quantise_model)


@settings_options(RegistrySettings)
def quantise_model(
    settings: RegistrySettings,
    name: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="The model, such as street@2026.11.")
    ],
    *,
    data: Annotated[
        list[Path],
        typer.Option(help="Data set, or folder of pictures, like what it will see; repeatable."),
    ],
    pictures: Annotated[
        int, typer.Option(min=1, max=10_000, help="Pictures to calibrate with, over all folders.")
    ] = CALIBRATION_PICTURES,
    version: Annotated[
        str | None, typer.Option(help="The new version. (default: the old one with -int8)")
    ] = None,
) -> None:
    """Add an INT8 form of a model as a new version; twice as fast on a CPU as float32."""
    registry = open_registry(settings)
    model = registry.fetch(named_version(name, registry))
    chosen = choose_calibration_pictures(data, pictures)
    typer.echo(f"calibrating with {len(chosen)} pictures; takes a minute or two", err=True)
    prepared = CalibrationPictures(chosen, model.card.preprocessing)
    card = add_quantised_version(model, prepared, registry, version).card
    typer.echo(
        f"added {card.model_version}\n"
        "Workers run its INT8 form once its card shows that it finds as much; measure both:"
    )
    for artefact in (float_artefact(model.card), card.artefacts[-1]):
        typer.echo(
            f"  citypatrol models evaluate {card.model_version} --record --data DIR "
            f"--artefact {artefact.format}:{artefact.precision}"
        )
