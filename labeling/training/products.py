"""What comes out of a training run: exports, figures, example pictures and the model card."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

import structlog

from labeling.evaluation.artefact_forms import runnable_artefacts
from labeling.evaluation.measurement import measure_model
from labeling.evaluation.report import evaluation_report, measured_model
from labeling.evaluation.report_folder import write_report_folder
from labeling.evaluation.scored_class import scored_classes
from labeling.evaluation.set_evaluation import SetEvaluation
from labeling.evaluation.settings import EvaluationSettings
from labeling.training.calibration import CalibrationPictures
from labeling.training.data import PreparedSet
from labeling.training.plan import SetUse, TrainingPlan
from labeling.training.self_test_maker import make_self_test
from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import (
    CARD_FILE_NAME,
    ModelCard,
    ModelClass,
    Preprocessing,
    sha256_of,
    write_card,
)
from models.cards.stored_model import InstalledModel
from models.intake.model_file import artefact_files
from models.intake.quantisation import quantise
from models.intake.quantised_version import INT8_FILE_NAME
from models.intake.ultralytics_export import write_onnx

log = structlog.get_logger(__name__)

WEIGHTS_FILE = "model.pt"
ONNX_FILE = "model.onnx"
# Where no score gives the wished precision, the best balance may lie so low that a street full
# of shadows raises alarms all day. What a worker shows by itself begins here.
LEAST_THRESHOLD = 0.25


@dataclass(frozen=True, slots=True)
class TrainedWeights:
    """Weights that training left, and what they were trained on.

    Attributes:
        path: Ultralytics' file.
        prepared: The sets.
    """

    path: Path
    prepared: Sequence[PreparedSet]


def write_draft(plan: TrainingPlan, trained: TrainedWeights, folder: Path) -> InstalledModel:
    """Make everything that a registry takes of a new version.

    Args:
        plan: What was trained.
        trained: What came out.
        folder: Where the draft goes, and ``evaluation`` beside it; an older draft there is
            replaced.

    Raises:
        ExportError: The weights do not export.
        QuantisationError: NNCF is not installed, or cannot quantise them.
        EvaluationError: A set has nothing that can be scored.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    pixels = plan.stages[-1].input_pixels
    draft = InstalledModel(_card(plan, trained, _exports(plan, trained, folder, pixels)), folder)
    draft = _with_results(draft, trained.prepared, folder.parent / "evaluation")
    if plan.self_test_picture is not None:
        test = make_self_test(draft, plan.self_test_picture)
        draft = replace(draft, card=draft.card.model_copy(update={"self_test": test}))
    write_card(draft.card, folder / CARD_FILE_NAME)
    return draft


def _exports(
    plan: TrainingPlan, trained: TrainedWeights, folder: Path, pixels: int
) -> tuple[Artefact, ...]:
    weights = folder / WEIGHTS_FILE
    shutil.copyfile(trained.path, weights)
    exported = write_onnx(weights, pixels)
    exported.onnx_path.replace(folder / ONNX_FILE)
    size = Preprocessing(input_width=pixels, input_height=pixels)
    calibration = CalibrationPictures(_calibration_pictures(plan, trained.prepared), size)
    return (
        _artefact(folder / ONNX_FILE, ArtefactFormat.ONNX, ArtefactPrecision.FLOAT32),
        quantise(folder / ONNX_FILE, calibration, folder / INT8_FILE_NAME),
        _artefact(weights, ArtefactFormat.ULTRALYTICS, exported.precision),
    )


def _artefact(path: Path, form: ArtefactFormat, precision: ArtefactPrecision) -> Artefact:
    return Artefact(format=form, precision=precision, files=artefact_files(path))


def _calibration_pictures(plan: TrainingPlan, prepared: Sequence[PreparedSet]) -> list[Path]:
    """Pictures trained on, as many of each set as of any other while they last."""
    chooser = random.Random(plan.seed)  # noqa: S311 - nothing secret is drawn
    queues = [
        chooser.sample([picture.path for picture in one.train], len(one.train)) for one in prepared
    ]
    chosen: list[Path] = []
    while len(chosen) < plan.calibration_pictures and any(queues):
        chosen.extend(queue.pop() for queue in queues if queue)
    return chosen[: plan.calibration_pictures]


def _card(
    plan: TrainingPlan, trained: TrainedWeights, artefacts: tuple[Artefact, ...]
) -> ModelCard:
    pixels = plan.stages[-1].input_pixels
    return ModelCard(
        name=plan.name,
        version=plan.version,
        summary=plan.summary,
        classes=tuple(ModelClass(name=name, visual_class=name) for name in plan.class_names),
        preprocessing=Preprocessing(input_width=pixels, input_height=pixels),
        artefacts=artefacts,
        licence=plan.licence,
        parent=plan.base.version,
        source_sha256=sha256_of(trained.path),
        created_at=datetime.now(UTC).replace(microsecond=0),
        training_sets=tuple(one.record() for one in trained.prepared),
    )


def _with_results(
    draft: InstalledModel, prepared: Sequence[PreparedSet], folder: Path
) -> InstalledModel:
    """The draft with figures of each runnable artefact on each set, and thresholds from them."""
    settings = EvaluationSettings()
    measured: list[tuple[Artefact, SetEvaluation]] = []
    for one in prepared:
        if not _can_be_scored(one, draft.card):
            continue
        for artefact in runnable_artefacts(draft.card):
            measurement = measure_model(draft, artefact, one.data_set, one.held_out_split, settings)
            measured.append((artefact, measurement.evaluation))
            log.info(
                "model_measured",
                set=one.data_set.name,
                precision=str(artefact.precision),
                map50=round(measurement.evaluation.map50, 4),
                map50_95=round(measurement.evaluation.map50_95, 4),
            )
            speed = measurement.pictures_per_second
            model = measured_model(draft.card, artefact, settings, speed)
            report = evaluation_report(measurement.evaluation, model, settings.precision, {})
            target = folder / one.data_set.name / str(artefact.precision)
            write_report_folder(report, measurement.evaluation, draft.card.preprocessing, target)
    card = _recorded(draft.card, measured)
    thresholds = _thresholds(card, prepared)
    # Once more, with what counts at a worker.
    card = _recorded(card.model_copy(update={"thresholds": thresholds}), measured)
    return replace(draft, card=card)


def _recorded(card: ModelCard, measured: Sequence[tuple[Artefact, SetEvaluation]]) -> ModelCard:
    results = [evaluation.result(artefact, card.thresholds) for artefact, evaluation in measured]
    return card.model_copy(update={"results": tuple(results)})


def _can_be_scored(one: PreparedSet, card: ModelCard) -> bool:
    classes = scored_classes(one.data_set, card.class_names)
    return bool(one.held_out) and any(entry.is_known for entry in classes)


def _thresholds(card: ModelCard, prepared: Sequence[PreparedSet]) -> dict[str, float]:
    """Operating thresholds of new classes, of the artefact that a worker runs on a CPU.

    Classes kept from the base model have none: the held-out pictures show too few of them.
    """
    chosen = chosen_artefact(card)
    learnt = {one.data_set.name for one in prepared if one.planned.use is SetUse.LABELS}
    points: dict[str, list[float]] = {}
    for result in card.results:
        if (result.format, result.precision) != (chosen.format, chosen.precision):
            continue
        if result.set_name in learnt:
            for entry in result.classes:
                points.setdefault(entry.visual_class, []).append(entry.threshold)
    return {
        name: round(max(fmean(values), LEAST_THRESHOLD), 3)
        for name, values in points.items()
        if name in card.class_names
    }
