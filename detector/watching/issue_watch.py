"""The issue watch: decides, look by look, which issues stand before one camera."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from detector.detections import Detections
from detector.geometry.boxes import BoxSizes
from detector.geometry.ground_measures import GroundMeasures, ground_measures
from detector.geometry.zone_membership import ZoneMembership
from detector.objects.class_groups import (
    FoundObjects,
    faint_objects,
    find_objects,
    group_mask,
    group_of,
)
from detector.objects.object_memory import ObjectMemory, RememberedObject, boxes_of
from detector.objects.object_visibility import ObjectVisibility
from detector.rules.judgement.absence import absent_from_zones
from detector.rules.judgement.disappearance import Disappearance
from detector.rules.judgement.each_object import EachObject
from detector.rules.judgement.kept_watch import Evaluation, KeptWatch, take_up
from detector.rules.judgement.rule_evaluation import RuleEvaluation
from detector.rules.judgement.suspicion import cleared
from detector.rules.judgement.watch_state import ObjectState, WatchState
from detector.rules.judgement.zone_change import changed_in_zones
from detector.rules.judgement.zone_count import counted_in_zones
from detector.rules.judgement.zone_evaluation import ZoneEvaluation
from detector.rules.look_view import LookChange, LookPicture, LookView
from detector.rules.rule_compiler import CameraGround, compile_rules
from detector.rules.selection.counted_boxes import CountedBoxes, RuleBoxes
from detector.rules.selection.truth_table import TruthTable
from detector.rules.watched_rule import WatchedRule
from detector.sighting import Sighting, SightingChange
from detector.tracking.camera_tracks import CameraTracks, LookBoxes, TrackNeeds
from detector.tracking.track_facts import TrackFacts
from models.catalogue.issue_catalogue import IssueCatalogue
from models.rules.rule import WatchFor
from streams.camera import Camera
from streams.look_moment import LookMoment, LookOrder

log = structlog.get_logger(__name__)

NOTHING_KEPT = KeptWatch()


class IssueWatch:
    """Watches one camera for the issue types it was asked to. Belongs to one thread at a time.

    Foot points decide where an object is; dwell is counted in time and in looks; a look vouches
    for the time since the one before it, but not for a long gap (``LookOrder``). Looks outside a
    rule's hours are looks in which it does not hold. A rule whose classes no model looked for
    is held back: its sightings stand as they are. So is one that asks for a speed while the
    looks come too far apart to follow anything.

    Args:
        camera: The camera with its zones and issue types.
        catalogue: What the types mean.
        time_zone: Where the hours of rules are meant.
        kept: What is known from an earlier run. Its sightings go on under their ids if what
            they show still stands there. One whose issue type or zone the camera no longer has
            is cleared at the first look, as nobody watches it any more.

    Raises:
        CityPatrolError: The camera asks for what the catalogue does not know.
    """

    def __init__(
        self,
        camera: Camera,
        catalogue: IssueCatalogue,
        time_zone: ZoneInfo,
        kept: KeptWatch = NOTHING_KEPT,
    ) -> None:
        self._camera_id = camera.camera_id
        self._time_zone = time_zone
        latest = None if kept.state is None else kept.state.latest_look
        self._order = LookOrder(camera.camera_id, camera.look_interval_seconds, latest)
        self._membership = ZoneMembership(camera.zones)
        self._public_holidays = catalogue.public_holidays
        self._ground = ground_measures(camera)
        watched = compile_rules(camera, catalogue, CameraGround(self._membership, self._ground))
        self._watched = tuple(watched)
        self._told: frozenset[str] = frozenset()
        # After the rules themselves, what absence rules ask for beside them.
        occasions = {
            at: occasion
            for at, rule in enumerate(watched)
            if (occasion := rule.occasion) is not None
        }
        self._occasion_of = {at: len(watched) + row for row, at in enumerate(occasions)}
        self._table = TruthTable([*watched, *occasions.values()])
        self._counted = CountedBoxes(self._table)
        self._nothing_counted = [RuleBoxes.nothing(len(rule.zones)) for rule in watched]
        self._remembered_groups = frozenset(
            group_of(name) for rule in watched if rule.needs_memory for name in rule.rule.classes
        )
        self._memory = ObjectMemory(
            max((rule.rule.clear_after_looks for rule in watched if rule.needs_memory), default=1)
        )
        self._tracks = _tracks(watched, camera, self._ground)
        self._crossing_rules = [index for index, rule in enumerate(watched) if rule.lines]
        self._needs_fast_looks = [at for at, rule in enumerate(watched) if rule.limits_speed]
        self._needs_reference = [at for at, rule in enumerate(watched) if rule.rule.needs_reference]
        self._evaluations = {rule.issue_code: _evaluation(rule) for rule in watched}
        self._unwatched = take_up(kept, self._evaluations, self._memory)
        for sighting in self._unwatched:
            log.info(
                "sighting_no_longer_watched",
                camera_id=self._camera_id,
                issue_code=sighting.issue_code,
                event_id=sighting.event_id,
                zone_id=sighting.zone_id,
            )

    def judge(
        self, detections: Detections, captured_at: datetime, picture: LookPicture
    ) -> list[SightingChange]:
        """Judge one look.

        Args:
            detections: What the model found in the frame.
            captured_at: Time of the frame, with zone. A look that is not later than all before
                it is passed over.
            picture: The frame's picture.

        Returns:
            What changed: an event opens once, continues with each look that shows it, and
            clears after the rule's ``clear_after_looks`` looks in a row without it.
        """
        moment = self._order.advance(captured_at)
        self._told = frozenset()
        if moment is None:
            return []
        changes = [cleared(sighting, moment) for sighting in self._unwatched]
        self._unwatched = []
        if not self._evaluations:
            return changes
        floors = self._table.lowest_scores(detections.class_names, detections.class_thresholds)
        found = find_objects(detections, floors)
        view = self._view(detections, found, moment, picture)
        judged = self._judged(view)
        self._told = frozenset(
            rule.issue_code
            for index, rule in enumerate(self._watched)
            if judged[index] and rule.holds_at(view.local_time, view.public_holidays)
        )
        candidates = self._table.candidates(view)
        if not all(judged):
            candidates[np.logical_not(judged)] = False
        counted = self._counted.count(view, self._table.in_place(view, candidates))
        for index, evaluation in enumerate(self._evaluations.values()):
            if judged[index] and (index in counted or not evaluation.is_idle):
                changes += evaluation.judge(view, self._boxes_for(index, counted))
        return changes

    def _boxes_for(self, index: int, counted: Mapping[int, RuleBoxes]) -> RuleBoxes:
        boxes = counted.get(index, self._nothing_counted[index])
        occasion = self._occasion_of.get(index)
        if occasion is None:
            return boxes
        there = counted.get(occasion, self._nothing_counted[index])
        return replace(boxes, occasions=there.sure)

    def open_sightings(self) -> Sequence[Sighting]:
        """The sightings that stand now, by issue type in the camera's order."""
        standing = [
            sighting
            for evaluation in self._evaluations.values()
            for sighting in evaluation.open_sightings()
        ]
        return [*standing, *self._unwatched]

    @property
    def told(self) -> frozenset[str]:
        """Codes of the types of which the latest look told whether they are there.

        Not of those whose classes no model looked for, or that are asked at other hours only.
        """
        return self._told

    def state(self) -> WatchState | None:
        """What the watch knows, to be kept over a restart; None before its first look."""
        if self._order.latest is None:
            return None
        objects = self._memory.objects
        return WatchState(
            latest_look=self._order.latest,
            objects=tuple(map(ObjectState.of, objects)),
            rules=tuple(evaluation.state(objects) for evaluation in self._evaluations.values()),
        )

    def _judged(self, view: LookView) -> list[bool]:
        """Which rules this look lets judge.

        That nobody could have seen it does not mean that it is gone.
        """
        judged = list(self._table.judged(view.found))
        held = [] if view.tracks.followed else self._needs_fast_looks
        held = held if view.change.can_be_told else [*held, *self._needs_reference]
        for index in held:
            judged[index] = False
        return judged

    def _view(
        self,
        detections: Detections,
        found: FoundObjects,
        moment: LookMoment,
        picture: LookPicture,
    ) -> LookView:
        objects: list[RememberedObject | None] = [None] * len(found)
        object_boxes = found.boxes
        standing = np.zeros(len(found), np.bool_)
        if self._remembered_groups:
            wanted = group_mask(found.class_names, self._remembered_groups)
            chosen = np.flatnonzero(wanted[found.class_ids])
            places_seen = ObjectVisibility(picture.pixels, detections)
            seen = self._memory.recall(found.only(chosen), moment, self._followed, places_seen)
            object_boxes = found.boxes.copy()
            object_boxes[chosen] = boxes_of(seen)
            standing[chosen] = [one.stands for one in seen]
            for index, one in zip(chosen.tolist(), seen, strict=True):
                objects[index] = one
        tracks = self._followed_in(detections, found, moment, picture)
        standing &= ~tracks.moves
        return LookView(
            moment=moment,
            local_time=moment.captured_at.astimezone(self._time_zone),
            public_holidays=self._public_holidays,
            found=found,
            picture=picture,
            change=LookChange(picture),
            sizes=BoxSizes(found.boxes, picture.size, self._ground),
            detections=detections,
            objects=objects,
            zones=self._membership,
            object_boxes=object_boxes,
            standing=standing,
            moving=tracks.moving(standing),
            tracks=tracks,
        )

    def _followed_in(
        self,
        detections: Detections,
        found: FoundObjects,
        moment: LookMoment,
        picture: LookPicture,
    ) -> TrackFacts:
        if self._tracks is None:
            return TrackFacts.not_followed(len(found))
        floors = self._table.lowest_scores(detections.class_names, detections.class_thresholds)
        faint = faint_objects(detections, floors, self._tracks.groups)
        may_cross = self._table.counting(found, self._crossing_rules)
        ratio = picture.size.aspect_ratio
        return self._tracks.follow(LookBoxes(found, faint, may_cross, moment.captured_at, ratio))

    def _followed(self) -> set[RememberedObject]:
        evaluations: Sequence[RuleEvaluation] = list(self._evaluations.values())
        return {remembered for each in evaluations for remembered in each.followed()}


def _tracks(
    watched: Sequence[WatchedRule], camera: Camera, ground: GroundMeasures | None
) -> CameraTracks | None:
    """What follows things before a camera, or None if none of its rules asks for it."""
    asking = [rule for rule in watched if rule.needs_tracks]
    if not asking:
        return None
    groups = frozenset(group_of(name) for rule in asking for name in rule.rule.classes)
    measured = any(rule.limits_speed for rule in asking)
    return CameraTracks(TrackNeeds(groups, camera.lines, ground if measured else None))


def _evaluation(watched: WatchedRule) -> Evaluation:
    if watched.rule.same_object:
        return EachObject(watched)
    match watched.rule.watch_for:
        case WatchFor.DISAPPEARANCE:
            return Disappearance(watched)
        case WatchFor.ABSENCE:
            return ZoneEvaluation(watched, absent_from_zones)
        case WatchFor.CHANGE:
            return ZoneEvaluation(watched, changed_in_zones)
    return ZoneEvaluation(watched, counted_in_zones)
