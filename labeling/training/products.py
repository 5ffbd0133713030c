"""What comes out of a training run: exports, figures, example pictures and the model card."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from labeling.training.calibration import CalibrationPictures
from labeling.training.data import PreparedSet
from labeling.training.measuring import MeasuredSet, measure_sets
from labeling.training.plan import TrainingPlan
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
from models.words import PictureSource

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
        stand_ins: Weights trained without some of the sets, to be measured on these.
    """

    path: Path
    prepared: Sequence[PreparedSet]
    stand_ins: Sequence["StandIn"] = ()


@dataclass(frozen=True, slots=True)
class StandIn:
    """Weights that a plan leaves where some of its sets are left out.

    Attributes:
        plan: The plan without these sets.
        trained: What came out.
        left_out: The sets, to be measured on.
        folder: Where its products go.
    """

    plan: TrainingPlan
    trained: TrainedWeights
    left_out: Sequence[PreparedSet]
    folder: Path


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
    draft = _model(plan, trained, folder)
    measured = measure_sets(draft, trained.prepared, folder.parent / "evaluation")
    for stand_in in trained.stand_ins:
        measured += _measured_by(stand_in)
    draft = _with_results(draft, plan, measured)
    if plan.self_test_picture is not None:
        test = make_self_test(draft, plan.self_test_picture)
        draft = replace(draft, card=draft.card.model_copy(update={"self_test": test}))
    write_card(draft.card, folder / CARD_FILE_NAME)
    return draft


def _measured_by(stand_in: StandIn) -> list[MeasuredSet]:
    folder = stand_in.folder / "draft"
    folder.mkdir(parents=True, exist_ok=True)
    model = _model(stand_in.plan, stand_in.trained, folder)
    measured = measure_sets(model, stand_in.left_out, stand_in.folder / "evaluation")
    return [replace(one, by_stand_in=True) for one in measured]


def _model(plan: TrainingPlan, trained: TrainedWeights, folder: Path) -> InstalledModel:
    """What was trained, exported to ``folder``; nothing is measured yet."""
    pixels = plan.stages[-1].input_pixels
    return InstalledModel(_card(plan, trained, _exports(plan, trained, folder, pixels)), folder)


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
    draft: InstalledModel, plan: TrainingPlan, measured: Sequence[MeasuredSet]
) -> InstalledModel:
    """The draft with figures of each runnable artefact on each set, and thresholds from them."""
    card = _recorded(draft.card, plan, measured)
    thresholds = _thresholds(card)
    # Once more, with what counts at a worker.
    card = _recorded(card.model_copy(update={"thresholds": thresholds}), plan, measured)
    return replace(draft, card=card)


def _recorded(card: ModelCard, plan: TrainingPlan, measured: Sequence[MeasuredSet]) -> ModelCard:
    results = tuple(one.result(plan, card.thresholds) for one in measured)
    return card.model_copy(update={"results": results})


def _thresholds(card: ModelCard) -> dict[str, float]:
    """Operating thresholds of new classes, of the artefact that a worker runs on a CPU.

    Where a class was measured on sources that it was not learnt from too, the higher one: a
    false alarm costs a visit, a thing that is missed is seen at the next look.
    Classes kept from the base model have none: the held-out pictures show too few of them.
    """
    chosen = chosen_artefact(card)
    points: dict[str, dict[PictureSource, list[float]]] = {}
    for result in card.results:
        if (result.format, result.precision) == (chosen.format, chosen.precision):
            for entry in result.classes:
                if entry.source is not None:
                    by_source = points.setdefault(entry.visual_class, {})
                    by_source.setdefault(entry.source, []).append(entry.threshold)
    return {
        name: round(max(LEAST_THRESHOLD, *map(fmean, by_source.values())), 3)
        for name, by_source in points.items()
        if name in card.class_names and PictureSource.TRAINED in by_source
    }
