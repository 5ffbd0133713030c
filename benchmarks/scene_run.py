"""A scene run: what the product reports of a scene, against what it must report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from zoneinfo import ZoneInfo

import cv2
import numpy as np

from benchmarks.scenes.composer import SceneLook, looks_at
from benchmarks.scenes.expectation import ExpectedEvent, ExpectedFault
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.scene import Scene
from benchmarks.scenes.span import Span
from benchmarks.scenes.truth import visible_things
from detector.camera_watches import CameraWatches
from detector.detections import Detections
from detector.memory_store import MemoryStore
from detector.places import overlaps
from detector.sighting import ChangeKind, Sighting
from detector.watch_standards import WatchStandards
from models.catalogue_settings import CatalogueSettings
from models.issue_catalogue import IssueCatalogue, load_catalogue
from models.issue_type import IssueKind, IssueType
from streams.camera_health.given_reference import GivenReference
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame

# An event shows what it is about if one of its boxes shares this much with one of its actors.
LEAST_OVERLAP = 0.3

_SCENE_TYPES = Path(__file__).parent / "scenes" / "scene_types.yaml"

SceneDetector = Callable[[Scene, float, Frame], Detections]
"""What is found in a frame of a scene at a moment."""


@dataclass(slots=True, eq=False)
class ReportedEvent:
    """An event as it was reported.

    Attributes:
        sighting: As it opened.
        opened_at: Scene time, seconds.
        cleared_at: The same, or None if it stood when the scene ended.
    """

    sighting: Sighting
    opened_at: float
    cleared_at: float | None = None


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """An expected event and what was reported of it.

    Attributes:
        issue_code: Its issue type.
        delay_seconds: From the earliest moment at which it was due; None if it was missed.
        cleared_in_time: Whether it cleared when it must, and not otherwise.
        trouble: What was wrong with it, in words; empty if nothing was.
    """

    issue_code: str
    delay_seconds: float | None
    cleared_in_time: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """An event that was not expected, or not there, or not then.

    Attributes:
        issue_code: Its issue type.
        opened_at: Scene time, seconds.
        zone_id: Where, or None for the whole picture.
    """

    issue_code: str
    opened_at: float
    zone_id: str | None = None

    def __str__(self) -> str:
        where = "" if self.zone_id is None else f" in zone {self.zone_id}"
        return f"{self.issue_code} reported at {self.opened_at:.0f} s{where}, not expected"


@dataclass(frozen=True, slots=True)
class SceneOutcome:
    """What a scene came to.

    Attributes:
        scene: Its name.
        days: Its length.
        found: Each event that was expected, in the scene's order.
        false_alarms: Events that were not.
    """

    scene: str
    days: float
    found: tuple[FoundEvent, ...]
    false_alarms: tuple[FalseAlarm, ...]

    @property
    def troubles(self) -> tuple[str, ...]:
        """What went wrong, a line each; nothing where all was right."""
        return (*(one.trouble for one in self.found if one.trouble), *map(str, self.false_alarms))


def scene_catalogue() -> IssueCatalogue:
    """The catalogue as scenes need it: every type switched on, faults reported at once.

    Scenes last a hundred looks; a fault that must stand for ten minutes before operators are
    told would not show in them. ``scene_types.yaml`` is laid over it, with types for the forms
    of rules that no type of the catalogue has.
    """
    catalogue = load_catalogue(CatalogueSettings(overlays=(_SCENE_TYPES,)))
    types = {
        code: _at_once(issue) if issue.kind is IssueKind.CAMERA else issue
        for code, issue in catalogue.types.items()
    }
    return replace(catalogue, types=MappingProxyType(types), switched_on=frozenset(catalogue.types))


def run_scene(
    scene: Scene, material: SceneMaterial, detect: SceneDetector, catalogue: IssueCatalogue
) -> SceneOutcome:
    """Let the product look at a scene as a patrol would, and compare.

    Args:
        scene: The scene.
        material: What its pictures are made of.
        detect: Finds things in its pictures.
        catalogue: What issue types mean; see ``scene_catalogue``.
    """
    reported = _reports(scene, material, detect, catalogue)
    expected = (*scene.expected, *(_as_event(fault, catalogue) for fault in scene.expected_faults))
    found = []
    for one in expected:
        match = next((event for event in reported if _is_about(event, one, scene, material)), None)
        if match is not None:
            reported.remove(match)
        found.append(_compared(one, match))
    alarms = tuple(
        FalseAlarm(event.sighting.issue_code, event.opened_at, event.sighting.zone_id)
        for event in reported
    )
    return SceneOutcome(scene.name, scene.duration / 86400, tuple(found), alarms)


def _compared(expected: ExpectedEvent, reported: ReportedEvent | None) -> FoundEvent:
    code = expected.issue_code
    if reported is None:
        missed = f"{code} not reported, expected from {expected.opens_between}"
        return FoundEvent(code, None, cleared_in_time=True, trouble=missed)
    delay = max(reported.opened_at - expected.opens_between.begins_at, 0.0)
    due, ended = expected.clears_between, reported.cleared_at
    if _is_within(ended, due):
        return FoundEvent(code, delay, cleared_in_time=True)
    did = "did not end" if ended is None else f"ended at {ended:.0f} s"
    should = "should have stood" if due is None else f"should have ended from {due}"
    return FoundEvent(code, delay, cleared_in_time=False, trouble=f"{code} {did}, {should}")


def _reports(
    scene: Scene, material: SceneMaterial, detect: SceneDetector, catalogue: IssueCatalogue
) -> list[ReportedEvent]:
    zone = scene.start.tzinfo
    time_zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
    standards = WatchStandards(catalogue, time_zone, HealthSettings())
    events: dict[str, ReportedEvent] = {}
    with TemporaryDirectory() as folder, MemoryStore(Path(folder)) as memory:
        watches = CameraWatches(standards, (), memory)
        watches.follow([scene.camera])
        _give_references(watches, scene, material)
        for look in looks_at(scene, material):
            for kind, sighting in _changes(watches, scene, look, detect):
                if kind is ChangeKind.OPENED:
                    events[sighting.event_id] = ReportedEvent(sighting, look.moment)
                elif kind is ChangeKind.CLEARED:
                    events[sighting.event_id].cleared_at = look.moment
    return list(events.values())


def _give_references(watches: CameraWatches, scene: Scene, material: SceneMaterial) -> None:
    """Give a camera that turns the pictures of its presets, as an operator does."""
    given = {}
    size = (scene.background.width, scene.background.height)
    for preset, background in scene.views().items():
        picture = cv2.resize(material.picture_of(background), size)
        _, jpeg = cv2.imencode(".jpg", picture)
        given[preset] = GivenReference.of(preset, background.name, jpeg.tobytes(), scene.start)
    wanted = {preset: reference.sha256 for preset, reference in given.items()}
    watches.hold_to(scene.camera.camera_id, wanted, given)


def _changes(
    watches: CameraWatches, scene: Scene, look: SceneLook, detect: SceneDetector
) -> Iterator[tuple[ChangeKind, Sighting]]:
    frame = look.frame
    if frame is None:
        outcome = watches.no_look(scene.camera.camera_id, look.true_time)
    else:
        outcome = watches.look(frame, detect(scene, look.moment, frame))
    for change in () if outcome is None else outcome.changes:
        yield change.kind, change.sighting


def _is_about(
    event: ReportedEvent, expected: ExpectedEvent, scene: Scene, material: SceneMaterial
) -> bool:
    if event.sighting.issue_code != expected.issue_code:
        return False
    if expected.zone_id is not None and event.sighting.zone_id != expected.zone_id:
        return False
    if not _holds(expected.opens_between, event.opened_at):
        return False
    places = _places(expected, event.opened_at, scene, material)
    if not places:
        return True
    truth = np.array([[one.left, one.top, one.right, one.bottom] for one in places], np.float32)
    shared = overlaps(event.sighting.boxes, truth)
    return bool((shared.iou >= LEAST_OVERLAP).any() or (shared.inside >= LEAST_OVERLAP).any())


def _places(
    expected: ExpectedEvent, moment: float, scene: Scene, material: SceneMaterial
) -> Sequence[PictureBox]:
    if expected.place is not None:
        return [expected.place]
    return [
        thing.box
        for thing in visible_things(scene, moment, material)
        if thing.actor in expected.actors
    ]


def _is_within(moment: float | None, span: Span | None) -> bool:
    if span is None or moment is None:
        return span is None and moment is None
    return _holds(span, moment)


def _holds(span: Span, moment: float) -> bool:
    return span.begins_at <= moment <= span.ends_at


def _as_event(fault: ExpectedFault, catalogue: IssueCatalogue) -> ExpectedEvent:
    code = next(
        issue.code
        for issue in catalogue.types.values()
        if issue.kind is IssueKind.CAMERA and str(fault.fault) in map(str, issue.rule.faults)
    )
    return ExpectedEvent(code, fault.opens_between, fault.clears_between)


def _at_once(issue: IssueType) -> IssueType:
    rule = issue.rule.model_copy(update={"dwell_seconds": 0.0})
    return issue.model_copy(update={"rule": rule})
