"""The command that evaluates a model on labelled pictures."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from labeling.data_sets.data_fault import faults_by_kind
from labeling.data_sets.reader import read_data_set
from labeling.evaluation.artefact_forms import asked_artefact
from labeling.evaluation.measurement import measure_model
from labeling.evaluation.model_choice import asked_model, is_file_name
from labeling.evaluation.picture_source import classes_learnt_from, with_sources
from labeling.evaluation.report import (
    EvaluationReport,
    evaluation_report,
    measured_model,
    report_table,
)
from labeling.evaluation.report_folder import write_report_folder
from labeling.evaluation.set_evaluation import EvaluationError
from labeling.evaluation.settings import ModelEvaluationSettings
from models.commands.command_group import models_group
from models.registry.registry_access import open_registry
from models.registry.result_recording import folder_that_keeps, record_result
from models.registry.settings import ExportSettings
from streams.kit.report_file import write_report
from streams.kit.settings_options import settings_options


def register(app: typer.Typer) -> None:
    """Add the evaluation to the commands for models."""
    models_group(app).command("evaluate")(evaluate_model)


@settings_options(ModelEvaluationSettings, ExportSettings)
def evaluate_model(  # noqa: PLR0913 - one per option
    settings: ModelEvaluationSettings,
    registry: ExportSettings,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME[@VERSION]|FILE", help="Model of the registry, or a model file."
        ),
    ],
    data: Annotated[Path, typer.Option(help="Data set: a folder with a data.yaml.")],
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write the report to this file as JSON.")
    ] = None,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON instead of a table.")
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the result in the card of the model version.")
    ] = False,
) -> None:
    """Say how well a model finds what is marked in the pictures of a data set."""
    if record and is_file_name(name):
        raise EvaluationError(
            f"--record: {name} is a file; only a model of the registry has a card to keep results "
            "in, add it with `citypatrol models add`"
        )
    model = asked_model(name, registry)
    version = model.card.model_version
    # Refused before an hour of inference rather than after it.
    keeper = folder_that_keeps(open_registry(registry), version) if record else None
    artefact = asked_artefact(model.card, settings.artefact, settings.device)
    data_set = read_data_set(data)
    measurement = measure_model(model, artefact, data_set, settings.split, settings)
    faults = {str(kind): len(found) for kind, found in faults_by_kind(data_set.faults).items()}
    measured = measured_model(model.card, artefact, settings, measurement.pictures_per_second)
    learnt = classes_learnt_from(data_set, model.card)
    report = evaluation_report(
        measurement.evaluation, measured, settings.precision, faults
    ).model_copy(update={"learnt_from_this_set": None if learnt is None else tuple(sorted(learnt))})
    _show(report, as_json=json)
    if report_file is not None:
        write_report(report, report_file)
    if settings.output is not None:
        written = write_report_folder(
            report, measurement.evaluation, model.card.preprocessing, settings.output
        )
        typer.echo(f"wrote {', '.join(map(str, written))}", err=True)
    if keeper is not None:
        result = measurement.evaluation.result(artefact, model.card.thresholds)
        record_result(keeper, version, with_sources(result, learnt))
        typer.echo(f"kept in the card of {version}", err=True)


def _show(report: EvaluationReport, *, as_json: bool) -> None:
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        Console().print(report_table(report))
