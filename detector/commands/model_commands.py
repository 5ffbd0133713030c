"""Commands that try a model out: `models test`."""

from typing import Annotated

import typer

from detector.inference.settings import DetectorSettings
from models.commands.command_group import models_group
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from models.registry.version_choice import named_version
from streams.kit.settings_options import settings_options
from streams.kit.stage_costs import StageCosts


def register(app: typer.Typer) -> None:
    """Add the commands to ``citypatrol models``."""
    models_group(app).command("test")(try_model)


@settings_options(RegistrySettings, DetectorSettings)
def try_model(
    registry: RegistrySettings,
    detector: DetectorSettings,
    name: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="The model, such as street@2026.11.")
    ],
) -> None:
    """Check a model's files, load it and run its self-test, as a worker does before it serves."""
    # Late, since OpenVINO takes a second to import, which no other command of the group needs.
    from detector.live_models.model_opener import ModelOpener  # noqa: PLC0415

    place = open_registry(registry)
    installed = place.fetch(named_version(name, place))
    installed.check()
    model = ModelOpener(detector, StageCosts()).open(installed)
    model.backend.close()
    test = installed.card.self_test
    typer.echo(
        f"{model}: files and device are in order; its card has no self-test"
        if test is None
        else f"{model} passes: it finds {len(test.expected)} of {len(test.expected)} expected "
        f"boxes in {test.picture.path}"
    )
