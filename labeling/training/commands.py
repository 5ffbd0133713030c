"""Commands for training."""

import os
from pathlib import Path
from typing import Annotated

import typer

from models.intake.ultralytics_export import prepare_ultralytics
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add ``citypatrol train``."""
    app.command("train")(train)


@settings_options(RegistrySettings)
def train(
    settings: RegistrySettings,
    plan: Annotated[Path, typer.Argument(help="Training plan (YAML).")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder of the run. (default: runs/NAME-VERSION)"),
    ] = None,
) -> None:
    """Train a model version from labelled pictures and add it to the registry as a candidate.

    Started again with the same folder it goes on where it was interrupted.
    """
    # Here its progress bars and tables are what the user waits for.
    os.environ.setdefault("YOLO_VERBOSE", "true")
    prepare_ultralytics()
    # Late, since torch takes seconds to import and is not needed for any other command.
    from labeling.training.plan import read_training_plan  # noqa: PLC0415
    from labeling.training.run import TrainingRun  # noqa: PLC0415

    read = read_training_plan(plan)
    folder = output or Path("runs") / f"{read.name}-{read.version}"
    added = TrainingRun(read, folder).run(open_registry(settings))
    typer.echo(
        f"added {added.card.model_version} in {added.folder}; look at {folder}, then "
        f"`citypatrol models promote {added.card.model_version}`"
    )
