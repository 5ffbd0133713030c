"""The kept watch: what of an earlier run a camera's watch takes up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from detector.geometry.boxes import overlaps
from detector.objects.class_groups import group_of
from detector.objects.object_memory import ObjectMemory, RememberedObject
from detector.rules.judgement.disappearance import Disappearance, gone_from
from detector.rules.judgement.each_object import EachObject, remembered_from
from detector.rules.judgement.watch_state import RuleState, WatchState
from detector.rules.judgement.zone_evaluation import ZoneEvaluation
from detector.sighting import Sighting

# Two issue types that follow the same object have kept nearly the same last box of it.
SAME_LAST_BOX_IOU = 0.8

Evaluation = EachObject | Disappearance | ZoneEvaluation
Evaluations = Mapping[str, Evaluation]


@dataclass(frozen=True, slots=True)
class KeptWatch:
    """What is known of a camera from an earlier run.

    Attributes:
        standing: Its open sightings, as the outbox has them: no others are open.
        state: What its watch knew, or None if nobody kept it.
    """

    standing: Sequence[Sighting] = ()
    state: WatchState | None = None


def take_up(kept: KeptWatch, evaluations: Evaluations, memory: ObjectMemory) -> list[Sighting]:
    """Let a new watch go on where an earlier run ended.

    A sighting that the state has and the outbox has not was never reported, or its end was:
    then only the time it was seen is taken up, and it is reported if it still stands. One that
    only the outbox has goes on where its last boxes are.

    Returns:
        Standing sightings whose issue type or zone the camera no longer has.
    """
    taken_up: set[str] = set()
    left_over: list[Sighting] = []
    if kept.state is not None:
        reported = {sighting.event_id for sighting in kept.standing}
        objects = [one.remembered() for one in kept.state.objects]
        for remembered in objects:
            memory.restore(remembered)
        for of_rule in (_only_reported(one, reported) for one in kept.state.rules):
            evaluation = evaluations.get(of_rule.issue_code)
            if evaluation is not None:
                left_over += evaluation.take_up(of_rule, objects)
                taken_up |= {sighting.event_id for sighting in evaluation.open_sightings()}
    taken_up |= {sighting.event_id for sighting in left_over}
    others = [sighting for sighting in kept.standing if sighting.event_id not in taken_up]
    return [*left_over, *_restore(others, evaluations, memory)]


def _only_reported(state: RuleState, reported: Collection[str]) -> RuleState:
    suspicions = tuple(
        one.model_copy(update={"sighting": None})
        if one.sighting is not None and one.sighting.event_id not in reported
        else one
        for one in state.suspicions
    )
    return state.model_copy(update={"suspicions": suspicions})


def _restore(
    standing: Sequence[Sighting], evaluations: Evaluations, memory: ObjectMemory
) -> list[Sighting]:
    """Take up sightings by their last boxes; returns those that nobody watches for."""
    restored: list[RememberedObject] = []
    left_over = [
        sighting
        for sighting in standing
        if not _restore_one(sighting, evaluations.get(sighting.issue_code), restored)
    ]
    for remembered in restored:
        memory.restore(remembered)
    return left_over


def _restore_one(
    sighting: Sighting,
    evaluation: Evaluation | None,
    restored: list[RememberedObject],
) -> bool:
    if evaluation is None:
        return False
    if isinstance(evaluation, ZoneEvaluation):
        return evaluation.restore(sighting)
    if isinstance(evaluation, Disappearance):
        gone = gone_from(sighting)
        restored.append(gone)
        return evaluation.restore(sighting, gone)
    group = group_of(sighting.class_names[0])
    remembered = remembered_from(sighting, group)
    for known in restored:
        iou = overlaps(known.place[None], remembered.place[None]).iou[0, 0]
        if (
            known.group == group
            and iou >= SAME_LAST_BOX_IOU
            and evaluation.restore(sighting, known)
        ):
            return True
    if not evaluation.restore(sighting, remembered):
        return False
    restored.append(remembered)
    return True
