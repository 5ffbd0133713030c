"""Measuring what was trained: each runnable form on each set that has something to score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from labeling.evaluation.artefact_forms import runnable_artefacts
from labeling.evaluation.measurement import measure_model
from labeling.evaluation.picture_source import with_sources
from labeling.evaluation.report import evaluation_report, measured_model
from labeling.evaluation.report_folder import write_report_folder
from labeling.evaluation.scored_class import scored_classes
from labeling.evaluation.set_evaluation import SetEvaluation
from labeling.evaluation.settings import EvaluationSettings
from labeling.training.data import PreparedSet
from labeling.training.plan import SetUse, TrainingPlan
from models.cards.artefact import Artefact
from models.cards.model_card import ModelCard
from models.cards.stored_model import InstalledModel
from models.cards.training_record import SetResult

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredSet:
    """How well one form of a model does on the held-out pictures of one set.

    Attributes:
        prepared: The set.
        artefact: The form.
        evaluation: How well it does.
        by_stand_in: Whether a stand-in was measured that was trained without the set.
    """

    prepared: PreparedSet
    artefact: Artefact
    evaluation: SetEvaluation
    by_stand_in: bool = False

    def result(self, plan: TrainingPlan, card_thresholds: Mapping[str, float]) -> SetResult:
        """What the card of the version that ``plan`` makes keeps of it."""
        result = with_sources(
            self.evaluation.result(self.artefact, card_thresholds), self._learnt_from_it(plan)
        )
        return result.model_copy(
            update={
                "viewpoint": self.prepared.planned.viewpoint,
                "by_stand_in": self.by_stand_in,
            }
        )

    def _learnt_from_it(self, plan: TrainingPlan) -> frozenset[str]:
        """Visual classes that what was measured had learnt from the set."""
        planned = self.prepared.planned
        kept = plan.base.kept_classes if planned.taught_the_base else ()
        learns = planned.use is SetUse.LABELS and not self.by_stand_in
        return frozenset((*kept, *(plan.trained_classes if learns else ())))


def measure_sets(
    model: InstalledModel, prepared: Sequence[PreparedSet], folder: Path
) -> list[MeasuredSet]:
    """Measure every runnable form of ``model`` on the held-out pictures of the sets.

    Args:
        model: What was trained.
        prepared: The sets; those of which it knows no class are passed over.
        folder: Where the reports go.

    Raises:
        EvaluationError: A set has nothing that can be scored.
        InferenceError: A form cannot be run.
    """
    settings = EvaluationSettings()
    measured: list[MeasuredSet] = []
    for one in prepared:
        if not _can_be_scored(one, model.card):
            continue
        for artefact in runnable_artefacts(model.card):
            measurement = measure_model(model, artefact, one.data_set, one.held_out_split, settings)
            evaluation = measurement.evaluation
            measured.append(MeasuredSet(one, artefact, evaluation))
            log.info(
                "model_measured",
                set=one.data_set.name,
                precision=str(artefact.precision),
                map50=round(evaluation.map50, 4),
                map50_95=round(evaluation.map50_95, 4),
            )
            speed = measurement.pictures_per_second
            measured_as = measured_model(model.card, artefact, settings, speed)
            report = evaluation_report(evaluation, measured_as, settings.precision, {})
            target = folder / one.data_set.name / str(artefact.precision)
            write_report_folder(report, evaluation, model.card.preprocessing, target)
    return measured


def _can_be_scored(one: PreparedSet, card: ModelCard) -> bool:
    classes = scored_classes(one.data_set, card.class_names)
    return bool(one.held_out) and any(entry.is_known for entry in classes)
