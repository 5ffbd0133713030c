"""A training run: from a plan to a registered candidate version."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from labeling.training.data import PreparedSet, merge_sets, prepare_sets
from labeling.training.grafting import Graft, check_graft, graft
from labeling.training.plan import TrainingPlan
from labeling.training.products import StandIn, TrainedWeights, write_draft
from labeling.training.reduced_plans import learnable_plan, stand_in_plan
from labeling.training.stages import TrainingError, TrainingGround, train_stages
from labeling.training.ungrafting import GraftedParts, ungraft
from labeling.training.weights_file import load_weights
from models.cards.stored_model import InstalledModel
from models.registry.registry import Registry, UnknownModelVersionError

log = structlog.get_logger(__name__)

_PLAN_FILE = "plan.sha256"
# What may change without making the trained weights other ones.
_NOT_TRAINED_ON: dict[str, Any] = {
    "summary": True,
    "licence": True,
    "calibration_pictures": True,
    "self_test_picture": True,
    "device": True,
    "unseen_sources": True,
    "sets": {"__all__": {"viewpoint", "taught_the_base"}},
}


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """Trains a plan in a folder; start it again with the same folder to go on.

    Attributes:
        plan: What to train.
        folder: Checkpoints, curves, example pictures and the draft of the new version; made
            absolute, since Ultralytics keeps a relative one in a place of its own.
    """

    plan: TrainingPlan
    folder: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", self.folder.absolute())

    def run(self, registry: Registry) -> InstalledModel:
        """Train what is not trained yet, and add the new version to ``registry``.

        Raises:
            TrainingError: The version is there already, the folder is of another plan, or
                training failed.
            DataSetError: A set cannot be used.
            WeightsError: The base is no detection model.
            GraftingError: The base and what is trained beside it do not fit.
        """
        self._refuse_taken_version(registry)
        self._refuse_folder_of_another_plan()
        self._start()
        if self.plan.unseen_sources is not None:
            load_weights(self.plan.unseen_sources.weights)  # Not missed after hours only.
        prepared = prepare_sets(self.plan)
        # Only now: a plan that could not be trained may be mended and started here again.
        self._claim_folder()
        plan = learnable_plan(self.plan, prepared)
        weights = replace(self, plan=plan).trained_weights(prepared)
        stand_ins = [
            self._stand_in(plan, left_out, prepared)
            for left_out in (plan.unseen_sources.left_out if plan.unseen_sources else ())
        ]
        trained = TrainedWeights(weights, prepared, stand_ins)
        draft = write_draft(plan, trained, self.folder / "draft")
        added = registry.add(draft.folder)
        log.info("training_done", model=str(added.card.model_version), folder=str(added.folder))
        return added

    def trained_weights(self, prepared: Sequence[PreparedSet]) -> Path:
        """Train what is not trained yet; returns the weights.

        Raises:
            TrainingError: Training failed.
            WeightsError: The base is no detection model.
            GraftingError: The base and what is trained beside it do not fit.
        """
        start = self._start()
        data = self.folder / "data" / "data.yaml"
        if not data.exists():
            merge_sets(prepared, self.plan, data.parent)
        trained = train_stages(self.plan, TrainingGround(data, self.folder, start.trained))
        return self._grafted(start, trained)

    def _stand_in(
        self, whole: TrainingPlan, left_out: Sequence[str], prepared: Sequence[PreparedSet]
    ) -> StandIn:
        folder = self.folder / f"without-{'-'.join(sorted(left_out))}"
        kept = [one for one in prepared if one.data_set.name not in left_out]
        plan = stand_in_plan(whole, kept)
        log.info("stand_in_training", without=sorted(left_out), classes=list(plan.new_classes))
        weights = replace(self, plan=plan, folder=folder).trained_weights(kept)
        rest = [one for one in prepared if one not in kept]
        return StandIn(plan, TrainedWeights(weights, kept), rest, folder)

    def _start(self) -> GraftedParts:
        """What is kept and what learns: one model, or the two parts of one that was grafted."""
        base = self.plan.base.weights
        if not self.plan.is_grafted:
            load_weights(base)  # Bad weights are named before pictures are prepared.
            return GraftedParts(base, base)
        start = ungraft(base, self.folder / "start") or GraftedParts(base, base)
        # What would not fit after the training does not fit before it either.
        check_graft(self._graft(start, start.trained))
        return start

    def _grafted(self, start: GraftedParts, trained: Path) -> Path:
        if not self.plan.is_grafted:
            return trained
        return graft(self._graft(start, trained), self.folder / "grafted.pt")

    def _graft(self, start: GraftedParts, trained: Path) -> Graft:
        return Graft(
            base=start.kept,
            kept_classes=self.plan.base.kept_classes,
            trained=trained,
            new_classes=self.plan.new_classes,
            shared_layers=self.plan.base.shared_layers,
        )

    def _refuse_taken_version(self, registry: Registry) -> None:
        version = self.plan.model_version
        try:
            card = registry.card(version)
        except UnknownModelVersionError:
            return
        raise TrainingError(
            f"the registry {registry.address} has {version} already, made {card.created_at}: "
            "give the plan another version"
        )

    def _refuse_folder_of_another_plan(self) -> None:
        """Its checkpoints would mislead."""
        mark = self.folder / _PLAN_FILE
        if mark.exists() and mark.read_text(encoding="ascii").strip() != self._digest():
            raise TrainingError(
                f"in {self.folder} another plan was trained: name an empty folder with --output, "
                "or bring back the plan to go on"
            )

    def _claim_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / _PLAN_FILE).write_text(f"{self._digest()}\n", encoding="ascii")
        except OSError as error:
            raise TrainingError(
                f"run folder {self.folder} cannot be written: {error.strerror or error}"
            ) from None

    def _digest(self) -> str:
        fields = self.plan.model_dump_json(exclude=_NOT_TRAINED_ON, exclude_defaults=True)
        return hashlib.sha256(fields.encode()).hexdigest()
