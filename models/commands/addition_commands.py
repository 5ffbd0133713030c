"""Commands that add model versions to the registry."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from models.cards.artefact import ArtefactFormat
from models.cards.stored_model import InstalledModel
from models.intake.addition import AdditionError, add_to_registry
from models.intake.export import export_to_onnx
from models.intake.model_file import GivenFacts
from models.intake.open_vocabulary_addition import add_open_vocabulary
from models.intake.published_weights import LICENCE, pull_weights
from models.model_version import parse_model_version
from models.registry.registry_access import open_registry
from models.registry.settings import ExportSettings
from streams.kit.settings_options import settings_options

Name = Annotated[str | None, typer.Option(help="Name of the model. (default: the file's)")]
Version = Annotated[
    str | None, typer.Option(help="Its version. (default: the beginning of the file's hash)")
]
Parent = Annotated[
    str | None, typer.Option(help="The version that it was made from, NAME@VERSION.")
]


@settings_options(ExportSettings)
def add_model(  # noqa: PLR0913 - one per option
    settings: ExportSettings,
    file: Annotated[
        Path,
        typer.Argument(
            help="Ultralytics weights (.pt), .onnx, OpenVINO (.xml, its .bin beside), TensorRT "
            "(.engine), or a folder with a card.yaml."
        ),
    ],
    *,
    name: Name = None,
    version: Version = None,
    parent: Parent = None,
    classes: Annotated[
        str | None,
        typer.Option(help="Its classes in order, with commas. (default: the file's metadata)"),
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Terms of the weights.")] = None,
    prompts: Annotated[
        Path | None,
        typer.Option(help="For YOLO-World and YOLOE: YAML file with texts per visual class."),
    ] = None,
    text_encoder: Annotated[
        Path | None,
        typer.Option(help="Weights that read the prompts. (default: beside FILE)"),
    ] = None,
) -> None:
    """Add a model version to the registry; .pt weights are exported to ONNX."""
    given = GivenFacts(
        name=name,
        version=version,
        parent=None if parent is None else parse_model_version(parent),
        class_names=tuple(one.strip() for one in classes.split(",")) if classes else (),
        licence=licence,
    )
    registry = open_registry(settings)
    if prompts is None:
        say_added(add_to_registry(file, registry, settings.input_pixels, given))
        return
    if classes:
        raise AdditionError(f"{file}: leave out --classes, since --prompts names them")
    say_added(
        add_open_vocabulary(file, prompts, registry, settings.input_pixels, given, text_encoder)
    )


def say_added(model: InstalledModel) -> None:
    """Tell the user what was added, and what stands in the way of using it."""
    typer.echo(f"added {model.card.model_version} in {model.folder}")
    formats = {artefact.format for artefact in model.card.artefacts}
    if formats == {ArtefactFormat.TENSORRT}:
        typer.echo(
            "It is registered but was not tried: an engine runs only with the TensorRT version "
            "and on the kind of GPU that it was built for."
        )


@settings_options(ExportSettings)
def pull_model(
    settings: ExportSettings,
    weights: Annotated[
        str, typer.Argument(metavar="NAME", help="As Ultralytics calls them, such as yolo11n.")
    ],
    *,
    name: Name = None,
    version: Version = None,
) -> None:
    """Fetch weights that Ultralytics publishes, and add them; needs internet."""
    registry = open_registry(settings)
    with tempfile.TemporaryDirectory(prefix="citypatrol-pull-") as folder:
        path = pull_weights(weights, Path(folder))
        given = GivenFacts(
            name=name,
            version=version,
            licence=LICENCE,
            summary=f"Published by Ultralytics as {path.name}, fetched with "
            "`citypatrol models pull`.",
        )
        say_added(export_to_onnx(path, registry, settings.input_pixels, given))
