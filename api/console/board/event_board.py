"""Which events a page shows: the newest ones in its list, the open ones on its map."""

from collections.abc import Iterable

from api.console.board.shown_kinds import SEPARATE, ShownKinds
from api.contract.events import EventStatus, StoredEventFeature


class EventBoard:
    """The newest events and the open ones, both bounded; holds values only, draws nothing.

    Faults of cameras have bounds of their own: many of them must not push out what happens in
    the streets.

    Args:
        listed: Length of the list.
        mapped: Most open events on the map beside those of the list.
    """

    def __init__(self, listed: int, mapped: int) -> None:
        self._listed = listed
        self._mapped = mapped
        self._events: dict[str, StoredEventFeature] = {}
        # Sorted once per change, whoever many pages ask.
        self._standing: dict[ShownKinds, list[StoredEventFeature]] = {}
        self._listed_now: dict[ShownKinds, list[StoredEventFeature]] = {}

    def put(self, several: Iterable[StoredEventFeature]) -> None:
        """Take in new and changed events; an older state of a known event changes nothing."""
        for event in several:
            known = self._events.get(event.id)
            if known is None or known.properties.change < event.properties.change:
                self._events[event.id] = event
        self._forget_order()
        self._events = {event.id: event for shown in SEPARATE for event in self.mapped(shown)}
        self._forget_order()

    def get(self, event_id: str) -> StoredEventFeature | None:
        """Return an event the page shows, or None."""
        return self._events.get(event_id)

    def listed(self, shown: ShownKinds) -> list[StoredEventFeature]:
        """Return the events of the list, newest first."""
        if shown not in self._listed_now:
            self._listed_now[shown] = _newest_first(self._of(shown))[: self._listed]
        return self._listed_now[shown]

    def mapped(self, shown: ShownKinds) -> list[StoredEventFeature]:
        """Return the events of the map: those of the list, then further open ones."""
        listed = self.listed(shown)
        ids = {event.id for event in listed}
        further = [event for event in self.standing(shown) if event.id not in ids]
        return [*listed, *further[: self._mapped]]

    def standing(self, shown: ShownKinds) -> list[StoredEventFeature]:
        """Return the open events, newest first."""
        if shown not in self._standing:
            self._standing[shown] = _newest_first(
                event for event in self._of(shown) if event.properties.status is EventStatus.OPEN
            )
        return self._standing[shown]

    def _forget_order(self) -> None:
        self._standing.clear()
        self._listed_now.clear()

    def _of(self, shown: ShownKinds) -> list[StoredEventFeature]:
        kinds = shown.kinds
        return [event for event in self._events.values() if event.properties.kind in kinds]


def _newest_first(several: Iterable[StoredEventFeature]) -> list[StoredEventFeature]:
    return sorted(several, key=lambda event: (event.properties.first_seen, event.id), reverse=True)
