"""A street run: what the product reports of a series of looks, against what it must report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.scenes.expectation import ExpectedEvent
from benchmarks.scenes.picture_box import PictureBox
from benchmarks.scenes.pictures.composer import SceneLook
from benchmarks.scenes.span import Span
from detector.detections import Detections
from detector.geometry.boxes import overlaps
from detector.handover.memory_store import MemoryStore
from detector.sighting import ChangeKind, Sighting
from detector.watching.camera_watches import CameraWatches
from detector.watching.watch_standards import WatchStandards
from models.catalogue.issue_catalogue import IssueCatalogue
from streams.camera import Camera
from streams.camera_health.given_reference import GivenReference
from streams.camera_health.health_settings import HealthSettings
from streams.frame import Frame

# An event shows what it is about if one of its boxes shares this much with one of its actors.
LEAST_OVERLAP = 0.3


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


@dataclass(frozen=True, slots=True)
class StreetRun:
    """A camera, the looks at it, and what must be reported of them.

    Attributes:
        name: Of the scene or clip.
        camera: Who looks.
        seconds: How long.
        looks: The looks, made as they are asked for.
        find: What is found in the frame of a moment.
        expected: What must be reported, and nothing else.
        places: Where an expected event is at a moment that names no place of its own; anywhere,
            if there is none.
        references: What presets show, for a camera that turns.
    """

    name: str
    camera: Camera
    seconds: float
    looks: Iterable[SceneLook]
    find: Callable[[float, Frame], Detections]
    expected: Sequence[ExpectedEvent]
    places: Callable[[ExpectedEvent, float], Sequence[PictureBox]] = lambda *_: ()
    references: Mapping[str, GivenReference] = field(default_factory=dict)


def run_street(run: StreetRun, catalogue: IssueCatalogue, time_zone: ZoneInfo) -> SceneOutcome:
    """Let the product look as a patrol would, and compare.

    Args:
        run: What is looked at.
        catalogue: What issue types mean; see ``scene_catalogue``.
        time_zone: Where the hours of rules are meant.
    """
    reported = _reports(run, WatchStandards(catalogue, time_zone, HealthSettings()))
    found = []
    for one in run.expected:
        match = next((event for event in reported if _is_about(event, one, run)), None)
        late = next((event for event in reported if _is_late(event, one, run)), None)
        chosen = match or late
        if chosen is not None:
            reported.remove(chosen)
        found.append(_compared(one, match, run.seconds) if match else _missed(one, late))
    alarms = tuple(
        FalseAlarm(event.sighting.issue_code, event.opened_at, event.sighting.zone_id)
        for event in reported
    )
    return SceneOutcome(run.name, run.seconds / 86400, tuple(found), alarms)


def _missed(expected: ExpectedEvent, late: ReportedEvent | None) -> FoundEvent:
    """An event that was not reported in time; too late counts as missed, but is no false alarm."""
    did = "not reported" if late is None else f"reported at {late.opened_at:.0f} s"
    trouble = f"{expected.issue_code} {did}, expected from {expected.opens_between}"
    return FoundEvent(expected.issue_code, None, cleared_in_time=True, trouble=trouble)


def _compared(expected: ExpectedEvent, reported: ReportedEvent, seconds: float) -> FoundEvent:
    code = expected.issue_code
    delay = max(reported.opened_at - expected.opens_between.begins_at, 0.0)
    due, ended = expected.clears_between, reported.cleared_at
    if _is_within(ended, due, seconds):
        return FoundEvent(code, delay, cleared_in_time=True)
    did = "did not end" if ended is None else f"ended at {ended:.0f} s"
    should = "should have stood" if due is None else f"should have ended from {due}"
    return FoundEvent(code, delay, cleared_in_time=False, trouble=f"{code} {did}, {should}")


def _reports(run: StreetRun, standards: WatchStandards) -> list[ReportedEvent]:
    events: dict[str, ReportedEvent] = {}
    with TemporaryDirectory() as folder, MemoryStore(Path(folder)) as memory:
        watches = CameraWatches(standards, (), memory)
        watches.follow([run.camera])
        wanted = {preset: reference.sha256 for preset, reference in run.references.items()}
        watches.hold_to(run.camera.camera_id, wanted, run.references)
        for look in run.looks:
            for kind, sighting in _changes(watches, run, look):
                if kind is ChangeKind.OPENED:
                    events[sighting.event_id] = ReportedEvent(sighting, look.moment)
                elif kind is ChangeKind.CLEARED:
                    events[sighting.event_id].cleared_at = look.moment
    return list(events.values())


def _changes(
    watches: CameraWatches, run: StreetRun, look: SceneLook
) -> Iterator[tuple[ChangeKind, Sighting]]:
    frame = look.frame
    if frame is None:
        outcome = watches.no_look(run.camera.camera_id, look.true_time)
    else:
        outcome = watches.judge(frame, run.find(look.moment, frame))
    for change in () if outcome is None else outcome.changes:
        yield change.kind, change.sighting


def _is_about(event: ReportedEvent, expected: ExpectedEvent, run: StreetRun) -> bool:
    return _holds(expected.opens_between, event.opened_at) and _is_there(event, expected, run)


def _is_late(event: ReportedEvent, expected: ExpectedEvent, run: StreetRun) -> bool:
    """Whether an event is about the matter, and was reported too late, but while it lasted."""
    over = expected.clears_between
    begins = expected.opens_between.ends_at
    ends = run.seconds if over is None else over.begins_at
    return begins < event.opened_at <= ends and _is_there(event, expected, run)


def _is_there(event: ReportedEvent, expected: ExpectedEvent, run: StreetRun) -> bool:
    if event.sighting.issue_code != expected.issue_code:
        return False
    if expected.zone_id is not None and event.sighting.zone_id != expected.zone_id:
        return False
    own = expected.place
    places = run.places(expected, event.opened_at) if own is None else [own]
    if not places:
        return True
    truth = np.array([[one.left, one.top, one.right, one.bottom] for one in places], np.float32)
    shared = overlaps(event.sighting.boxes, truth)
    return bool((shared.iou >= LEAST_OVERLAP).any() or (shared.inside >= LEAST_OVERLAP).any())


def _is_within(moment: float | None, span: Span | None, seconds: float) -> bool:
    if span is None:
        return moment is None
    # What may clear later than the last look need not have cleared.
    return span.ends_at > seconds if moment is None else _holds(span, moment)


def _holds(span: Span, moment: float) -> bool:
    return span.begins_at <= moment <= span.ends_at
