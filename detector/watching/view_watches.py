"""The issue watches of one camera: one for each view that it shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from detector.rules.judgement.kept_watch import KeptWatch
from detector.rules.judgement.watch_state import WatchState
from detector.sighting import Sighting
from detector.watching.issue_watch import IssueWatch
from detector.watching.watch_standards import WatchStandards
from streams.camera import Camera


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
