"""The issue watch: decides, look by look, which issues stand before one camera."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from detector.class_groups import FoundObjects, find_objects, group_mask, group_of
from detector.detections import Detections
from detector.look_moment import LookMoment, LookOrder
from detector.object_memory import ObjectMemory, RememberedObject, feet_of_places
from detector.places import overlaps
from detector.rule_evaluation import (
    EachObject,
    LookView,
    RuleEvaluation,
    ZoneCount,
    remembered_from,
)
from detector.score_floors import score_floors
from detector.sighting import Sighting, SightingChange
from detector.suspicion import cleared
from detector.watched_rule import WatchedRule, watched_rules
from detector.zone_membership import ZoneMembership
from models.issue_catalogue import IssueCatalogue
from streams.camera import Camera

log = structlog.get_logger(__name__)

# Two issue types that follow the same object have kept nearly the same last box of it.
SAME_LAST_BOX_IOU = 0.8


class IssueWatch:
    """Watches one camera for the issue types it was asked to. Belongs to one thread at a time.

    Foot points decide where an object is; dwell is counted in time and in looks; a look vouches
    for the time since the one before it, but not for a long gap (``LookOrder``). Looks outside a
    rule's hours are looks in which it does not hold. A rule whose classes no model looked for
    is held back: its sightings stand as they are.

    Args:
        camera: The camera with its zones and issue types.
        catalogue: What the types mean.
        time_zone: Where the hours of rules are meant.
        standing: Open sightings of an earlier run. They go on under their ids if what they show
            still stands there. One whose issue type or zone the camera no longer has is cleared
            at the first look, as nobody watches it any more.

    Raises:
        CityPatrolError: The camera asks for what the catalogue does not know.
    """

    def __init__(
        self,
        camera: Camera,
        catalogue: IssueCatalogue,
        time_zone: ZoneInfo,
        standing: Sequence[Sighting] = (),
    ) -> None:
        self._camera_id = camera.camera_id
        self._time_zone = time_zone
        self._order = LookOrder(camera.camera_id, camera.look_interval_seconds)
        self._membership = ZoneMembership(camera.zones)
        watched = watched_rules(camera, catalogue, self._membership)
        self._watched = watched
        self._minimum_scores = _MinimumScores(watched)
        self._remembered_groups = frozenset(
            group_of(name) for rule in watched if rule.needs_memory for name in rule.rule.classes
        )
        self._memory = ObjectMemory(
            max((rule.rule.clear_after_looks for rule in watched if rule.needs_memory), default=1)
        )
        self._evaluations: dict[str, EachObject | ZoneCount] = {
            rule.issue_code: EachObject(rule) if rule.rule.same_object else ZoneCount(rule)
            for rule in watched
        }
        self._unwatched: list[Sighting] = []
        self._restore(standing)

    def look(self, detections: Detections, captured_at: datetime) -> list[SightingChange]:
        """Judge one look.

        Args:
            detections: What the model found in the frame.
            captured_at: Time of the frame, with zone. A look that is not later than all before
                it is passed over.

        Returns:
            What changed: an event opens once, continues with each look that shows it, and
            clears after the rule's ``clear_after_looks`` looks in a row without it.
        """
        moment = self._order.advance(captured_at)
        if moment is None:
            return []
        changes = [cleared(sighting, moment) for sighting in self._unwatched]
        self._unwatched = []
        if not self._evaluations:
            return changes
        view = self._view(find_objects(detections, self._minimum_scores.of(detections)), moment)
        for rule in self._watched:
            # That nobody could have seen it does not mean that it is gone.
            if rule.can_be_seen(view.found):
                changes += self._evaluations[rule.issue_code].look(view)
        return changes

    def open_sightings(self) -> Sequence[Sighting]:
        """The sightings that stand now, by issue type in the camera's order."""
        standing = [
            sighting
            for evaluation in self._evaluations.values()
            for sighting in evaluation.open_sightings()
        ]
        return [*standing, *self._unwatched]

    def _view(self, found: FoundObjects, moment: LookMoment) -> LookView:
        objects: list[RememberedObject | None] = [None] * len(found)
        places_inside = np.zeros((0, len(found)), np.bool_)
        boxes_inside = self._membership.inside(found.feet)
        if self._remembered_groups:
            chosen = np.flatnonzero(
                group_mask(found.class_names, self._remembered_groups)[found.class_ids]
            )
            seen = self._memory.look(found.only(chosen), moment, self._followed())
            places_inside = boxes_inside.copy()
            places_inside[:, chosen] = self._membership.inside(feet_of_places(seen))
            for index, remembered in zip(chosen, seen, strict=True):
                objects[index] = remembered
        return LookView(
            moment=moment,
            local_time=moment.captured_at.astimezone(self._time_zone).time(),
            found=found,
            objects=objects,
            boxes_inside=boxes_inside,
            places_inside=places_inside,
        )

    def _followed(self) -> set[RememberedObject]:
        evaluations: Sequence[RuleEvaluation] = list(self._evaluations.values())
        return {remembered for each in evaluations for remembered in each.followed()}

    def _restore(self, standing: Sequence[Sighting]) -> None:
        restored: list[RememberedObject] = []
        for sighting in standing:
            evaluation = self._evaluations.get(sighting.issue_code)
            if not self._restore_one(sighting, evaluation, restored):
                self._unwatched.append(sighting)
                log.info(
                    "sighting_no_longer_watched",
                    camera_id=self._camera_id,
                    issue_code=sighting.issue_code,
                    event_id=sighting.event_id,
                    zone_id=sighting.zone_id,
                )
        for remembered in restored:
            self._memory.restore(remembered)

    @staticmethod
    def _restore_one(
        sighting: Sighting,
        evaluation: EachObject | ZoneCount | None,
        restored: list[RememberedObject],
    ) -> bool:
        if evaluation is None:
            return False
        if isinstance(evaluation, ZoneCount):
            return evaluation.restore(sighting)
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


class _MinimumScores:
    """Lowest score that matters to any rule, by class group."""

    def __init__(self, watched: Sequence[WatchedRule]) -> None:
        self._watched = watched
        self._classes: tuple[tuple[str, ...], tuple[float, ...]] | None = None
        self._lowest: dict[str, float] = {}

    def of(self, detections: Detections) -> dict[str, float]:
        """The scores, worked out anew when other models look at the camera."""
        classes = (detections.class_names, detections.class_thresholds)
        if classes != self._classes:
            self._classes = classes
            self._lowest = self._work_out(*classes)
        return self._lowest

    def _work_out(
        self, class_names: tuple[str, ...], class_thresholds: tuple[float, ...]
    ) -> dict[str, float]:
        lowest: dict[str, float] = {}
        for watched in self._watched:
            floors = score_floors(class_names, class_thresholds, watched.rule.minimum_score)
            for name, floor in zip(class_names, floors.tolist(), strict=True):
                if name in watched.rule.classes:
                    group = group_of(name)
                    lowest[group] = min(lowest.get(group, 1.0), floor)
        return lowest
