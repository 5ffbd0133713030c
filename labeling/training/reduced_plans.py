"""Plans with fewer sets: what can still be learnt, and how stand-ins are trained."""

from collections.abc import Sequence

import structlog

from labeling.training.data import PreparedSet
from labeling.training.plan import SetUse, TrainingPlan, TrainingPlanError

log = structlog.get_logger(__name__)


def learnable_plan(plan: TrainingPlan, prepared: Sequence[PreparedSet]) -> TrainingPlan:
    """``plan`` with those new classes only of which pictures to learn from are left.

    A class whose sets are all left out would be in the model and never be found.

    Raises:
        TrainingPlanError: None is left.
    """
    labelled = {
        name
        for one in prepared
        if one.planned.use is SetUse.LABELS and one.train
        for name in one.data_set.labelled_classes
    }
    learnt = tuple(name for name in plan.new_classes if name in labelled)
    if not learnt:
        raise TrainingPlanError(
            f"plan {plan.model_version}: no set has pictures to learn any of "
            f"{list(plan.new_classes)} from"
        )
    if learnt != plan.new_classes:
        gone = [name for name in plan.new_classes if name not in labelled]
        log.warning("classes_left_out", model=str(plan.model_version), classes=gone)
    return plan.model_copy(update={"new_classes": learnt})


def stand_in_plan(plan: TrainingPlan, kept: Sequence[PreparedSet]) -> TrainingPlan:
    """The plan of a stand-in that has the sets ``kept`` only.

    Raises:
        TrainingPlanError: From them nothing can be learnt, or the plan has no stand-ins.
    """
    how = plan.unseen_sources
    if how is None:
        raise TrainingPlanError(f"plan {plan.model_version} has no unseen_sources")
    changed = plan.model_copy(
        update={
            "base": plan.base.model_copy(update={"weights": how.weights, "version": None}),
            "sets": tuple(one.planned for one in kept),
            "stages": how.stages,
            "unseen_sources": None,
            "self_test_picture": None,
        }
    )
    return learnable_plan(changed, kept)
