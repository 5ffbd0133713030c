"""Events that changed, as one block for all who watch."""

import functools
from dataclasses import dataclass

from sse_starlette import ServerSentEvent

from api.contract.events import StoredEventFeature
from api.grids.ground_reach import GroundReach


@dataclass(frozen=True)
class ChangedEvents:
    """Some events in the order of their changes; never empty.

    Attributes:
        events: The events.
    """

    events: tuple[StoredEventFeature, ...]

    @property
    def last_change(self) -> int:
        """Number of the last change of them."""
        return self.events[-1].properties.change

    @functools.cached_property
    def messages(self) -> bytes:
        """Server-sent events, one each; written once, whoever many read them."""
        return b"".join(
            ServerSentEvent(
                data=event.model_dump_json(), event="event", id=str(event.properties.change)
            ).encode()
            for event in self.events
        )

    def within(self, reach: GroundReach) -> "ChangedEvents | None":
        """Return those on some ground, or None if none are."""
        if reach.is_everywhere:
            return self
        theirs = tuple(one for one in self.events if reach.covers(one.properties.unit_grid))
        return ChangedEvents(theirs) if theirs else None

    def after(self, change: int) -> "ChangedEvents | None":
        """Return those with a later change, or None if there are none."""
        if self.events[0].properties.change > change:
            return self
        later = tuple(event for event in self.events if event.properties.change > change)
        return ChangedEvents(later) if later else None
