"""The issue watches of all cameras and their views, kept as the list of cameras changes."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from detector.delivery.standing_events import StandingEvent
from detector.detections import Detections
from detector.handover.memory_store import MemoryStore
from detector.rules.judgement.kept_watch import KeptWatch
from detector.rules.judgement.watch_state import WatchState
from detector.rules.look_view import LookPicture
from detector.sighting import ChangeKind, Sighting, SightingChange
from detector.watching.fault_reports import FaultReports
from detector.watching.issue_watch import IssueWatch
from detector.watching.watch_standards import WatchStandards
from streams.camera import Camera
from streams.camera_health.camera_health import CameraHealth
from streams.camera_health.given_reference import GivenReference, held_to
from streams.camera_health.health_report import HealthReport
from streams.camera_health.light_look import LightLook
from streams.frame import Frame
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)
# Reference views are learnt over hours; a restart loses at most this much of it.
SAVE_HEALTH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WatchedView:
    """A view of a camera and what watches it.

    Attributes:
        name: Its preset, or the name of the only view of a camera without presets.
        camera: The camera as a fixed one that shows this view.
        watch: What watches it.
    """

    name: str
    camera: Camera
    watch: IssueWatch


class ViewWatches:
    """What a camera is watched by. Belongs to one thread at a time.

    What stands in one view stands on while the camera shows another: nobody looks there.

    Args:
        camera: The camera.
        standards: What it is judged by.
        standing: Its open sightings, but for faults.
        states: What an earlier run knew, by the name of the view.

    Raises:
        CityPatrolError: The camera asks for what the catalogue does not know.
    """

    def __init__(
        self,
        camera: Camera,
        standards: WatchStandards,
        standing: Sequence[Sighting],
        states: Mapping[str, WatchState],
    ) -> None:
        self._turns = bool(camera.presets)
        # While nobody knows what it shows, nothing that is drawn in a view holds.
        self.anywhere = _seen_from_anywhere(camera)
        of_view = _by_view(standing, camera, states)
        self._views: dict[str, WatchedView] = {}
        for name in camera.view_names:
            seen = camera.at_preset(name) if self._turns else camera
            kept = KeptWatch(of_view.get(name, ()), states.get(name))
            watch = IssueWatch(seen, standards.catalogue, standards.time_zone, kept)
            self._views[name] = WatchedView(name, seen, watch)

    def __iter__(self) -> Iterator[WatchedView]:
        return iter(self._views.values())

    def shown(self, preset: str | None) -> WatchedView | None:
        """The view that a camera shows, None where that is none of a turning camera's.

        Args:
            preset: What the camera's health recognises.
        """
        return self._views.get(preset or "") if self._turns else next(iter(self))

    def open_sightings(self) -> list[Sighting]:
        """The sightings that stand in any view."""
        return [one for view in self for one in view.watch.open_sightings()]

    def states(self) -> dict[str, WatchState]:
        """What is known of each view that was looked at, by its name."""
        states = {view.name: view.watch.state() for view in self}
        return {name: state for name, state in states.items() if state is not None}


def _seen_from_anywhere(camera: Camera) -> Camera:
    if not camera.presets:
        return camera
    return camera.model_copy(update={"presets": (), "zones": (), "lines": ()})


def _by_view(
    standing: Sequence[Sighting], camera: Camera, states: Mapping[str, WatchState]
) -> dict[str, list[Sighting]]:
    """In which view each sighting stands: where it was known, else where its zone is drawn.

    One of which neither is known goes to the first view, and is cleared there if it is not seen.
    """
    first = camera.view_names[0]
    drawn_in = {
        **{zone.zone_id: zone.preset or first for zone in camera.zones},
        **{line.line_id: line.preset or first for line in camera.lines},
    }
    known_in = {
        suspicion.sighting.event_id: name
        for name, state in states.items()
        if name in camera.view_names
        for rule in state.rules
        for suspicion in rule.suspicions
        if suspicion.sighting is not None
    }
    found: dict[str, list[Sighting]] = {}
    for one in standing:
        # A zone may have been drawn anew in another view since.
        view = drawn_in.get(one.zone_id or "", known_in.get(one.event_id, first))
        found.setdefault(view, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class WatchOutcome:
    """What one look at a camera, or the lack of one, came to.

    Attributes:
        camera: The camera as it was configured at that look; one that turns, as a fixed one that
            shows the preset of that look.
        changes: What happened to sightings, in order.
        open_sightings: Those that stand after the look.
        health: What is wrong with the camera, suspected or declared.
        judged: Codes of the types of which the look told whether they are there.
        compared: The reference picture that its view was last compared with, in the light that is
            nearest to the look's; None if there was none.
    """

    camera: Camera
    changes: Sequence[SightingChange]
    open_sightings: Sequence[Sighting]
    health: HealthReport
    judged: frozenset[str]
    compared: LightLook | None


@dataclass(slots=True)
class _Watched:
    camera: Camera
    views: ViewWatches
    health: CameraHealth
    faults: FaultReports
    health_saved_at: datetime | None = None

    def open_sightings(self) -> list[Sighting]:
        return [*self.views.open_sightings(), *self.faults.open_sightings()]

    def outcome(
        self,
        camera: Camera,
        changes: Sequence[SightingChange],
        report: HealthReport,
        judged: frozenset[str] = frozenset(),
    ) -> WatchOutcome:
        compared = self.health.compared_look
        return WatchOutcome(camera, changes, self.open_sightings(), report, judged, compared)


class CameraWatches:
    """For each camera its health, its faults and the watches of its views, in this order.

    While a camera cannot be trusted, or one that turns shows none of its presets, its rules are
    held: nothing new is reported and nothing counts as cleared. ``judge`` may be called from
    another thread than the other methods; a lock keeps them apart.

    Args:
        standards: What the cameras are judged by.
        standing: Events of an earlier run that have not cleared.
        memory: Where what is known of the cameras is kept.
    """

    def __init__(
        self, standards: WatchStandards, standing: Iterable[StandingEvent], memory: MemoryStore
    ) -> None:
        self._standards = standards
        self._memory = memory
        self._lock = threading.Lock()
        self._watched: dict[str, _Watched] = {}
        self._standing: dict[str, list[Sighting]] = {}
        for event in standing:
            self._standing.setdefault(event.camera_id, []).append(event.sighting)

    def follow(self, cameras: Iterable[Camera]) -> list[Camera]:
        """Watch exactly these cameras from now on and return those that can be watched.

        A camera whose settings changed keeps its standing sightings. One that asks for what the
        catalogue does not know is left out, with an error in the log.
        """
        accepted = []
        with self._lock:
            earlier, self._watched = self._watched, {}
            for camera in cameras:
                known = earlier.get(camera.camera_id)
                try:
                    watched = (
                        known
                        if known is not None and known.camera == camera
                        else self._watch(camera, known)
                    )
                except CityPatrolError as error:
                    log.error(  # noqa: TRY400 - the text says it all
                        "camera_not_watched", camera_id=camera.camera_id, reason=str(error)
                    )
                    continue
                self._watched[camera.camera_id] = watched
                accepted.append(camera)
            for camera_id in earlier.keys() - self._watched.keys():
                self._standing[camera_id] = earlier[camera_id].open_sightings()
                self._keep_views(earlier[camera_id])
        return accepted

    def is_watched(self, camera_id: str) -> bool:
        """Whether a camera is watched now."""
        with self._lock:
            return camera_id in self._watched

    def take_over(self, camera_id: str, standing: Iterable[StandingEvent]) -> None:
        """Say what stands before a camera that is not watched yet, as another worker saw it."""
        with self._lock:
            self._standing[camera_id] = [event.sighting for event in standing]

    def keep(self) -> None:
        """Keep what is known of all cameras, as when the worker leaves."""
        with self._lock:
            for watched in self._watched.values():
                self._keep_views(watched)
                self._memory.save_health(watched.camera.camera_id, watched.health.to_json())

    def judge(self, frame: Frame, detections: Detections) -> WatchOutcome | None:
        """Judge one analysed frame; None if its camera is no longer watched."""
        with self._lock:
            watched = self._watched.get(frame.camera_id)
            if watched is None:
                return None
            report = watched.health.judge(frame.picture, frame.captured_at, frame.facts)
            changes = watched.faults.note(report)
            self._keep_health(watched, report)
            shown = watched.views.shown(report.preset)
            judged: frozenset[str] = frozenset()
            if report.trusted and shown is not None:
                view = watched.health.views.named(report.preset)
                changes += shown.watch.judge(
                    detections, frame.captured_at, LookPicture.of(frame, view)
                )
                judged = shown.watch.told
            ended_or_began = any(change.kind is not ChangeKind.CONTINUED for change in changes)
            if shown is not None and (ended_or_began or self._memory.is_due(frame.camera_id)):
                self._keep(frame.camera_id, shown)
            camera = watched.views.anywhere if shown is None else shown.camera
            return watched.outcome(camera, changes, report, judged)

    def no_look(self, camera_id: str, now: datetime) -> WatchOutcome | None:
        """Say that a camera has sent no picture; None if it is not watched."""
        with self._lock:
            watched = self._watched.get(camera_id)
            if watched is None:
                return None
            report = watched.health.no_look(now)
            changes = watched.faults.note(report)
            self._keep_health(watched, report)
            return watched.outcome(watched.views.anywhere, changes, report)

    def hold_to(
        self, camera_id: str, wanted: Mapping[str, str], given: Mapping[str, GivenReference]
    ) -> None:
        """Hold a camera's views to the pictures that operators gave; see ``held_to``."""
        with self._lock:
            watched = self._watched.get(camera_id)
            if watched is None:
                return
            views = held_to(watched.health.views, wanted, given)
            if views is not watched.health.views:
                watched.health.accept_views(views)
                self._memory.save_health(camera_id, watched.health.to_json())
                log.info(
                    "references_changed", camera_id=camera_id, views=[one.name for one in views]
                )

    def given_references(self, camera_id: str) -> dict[str, str]:
        """Hash of the picture that each view is held to, of those that operators gave."""
        with self._lock:
            watched = self._watched.get(camera_id)
            views = () if watched is None else watched.health.views
            return {view.name: view.origin for view in views if view.origin}

    def _watch(self, camera: Camera, known: _Watched | None) -> _Watched:
        standards = self._standards
        camera_id = camera.camera_id
        if known is None:
            standing: Sequence[Sighting] = self._standing.get(camera_id, ())
            states = self._memory.load(camera_id)
            health = self._restored_health(camera, self._memory.load_health(camera_id))
        else:
            standing, states, health = known.open_sightings(), known.views.states(), known.health
            if known.camera.presets != camera.presets:
                health = self._restored_health(camera, health.to_json())
        faults = FaultReports(camera, standards.catalogue, standing)
        issues = [one for one in standing if one.issue_code not in faults.issue_codes]
        views = ViewWatches(camera, standards, issues, states)
        self._standing.pop(camera_id, None)
        return _Watched(camera, views, health, faults)

    def _restored_health(self, camera: Camera, text: str | None) -> CameraHealth:
        fields = (camera.camera_id, camera.look_interval_seconds, self._standards.health)
        presets = tuple(preset.name for preset in camera.presets)
        if text is not None:
            try:
                return CameraHealth.from_json(text, *fields, presets)
            except CityPatrolError as error:
                log.warning("health_not_taken_up", camera_id=camera.camera_id, reason=str(error))
        return CameraHealth(*fields, presets=presets)

    def _keep_views(self, watched: _Watched) -> None:
        for view in watched.views:
            self._keep(watched.camera.camera_id, view)

    def _keep(self, camera_id: str, view: WatchedView) -> None:
        state = view.watch.state()
        if state is not None:
            self._memory.save(camera_id, view.name, state)

    def _keep_health(self, watched: _Watched, report: HealthReport) -> None:
        saved_at = watched.health_saved_at
        if saved_at is None:
            watched.health_saved_at = report.at
        elif report.changes or report.at - saved_at >= SAVE_HEALTH_EVERY:
            self._memory.save_health(watched.camera.camera_id, watched.health.to_json())
            watched.health_saved_at = report.at
