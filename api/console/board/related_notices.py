"""What the detail of an event says of other events: it is back, or another camera saw it too."""

from collections.abc import Callable

from api.console.board.event_facts import EventFacts, evidence_url
from api.console.board.related_events import PerhapsSame, RelatedEvents
from api.console.parts.elements import block, words
from api.console.parts.translations import Texts
from api.contract.events import EvidenceKind, StoredEventFeature


class RelatedNotices:
    """Draws notices into whatever is open; each leads to the other event.

    Args:
        texts: The page's language.
        facts: Words for events.
        on_open: Called with the other event when it is asked for.
    """

    def __init__(
        self, texts: Texts, facts: EventFacts, on_open: Callable[[StoredEventFeature], None]
    ) -> None:
        self._texts = texts
        self._facts = facts
        self._on_open = on_open

    def draw(self, event: StoredEventFeature, related: RelatedEvents) -> None:
        """Draw what an event has to do with; nothing if that is nothing."""
        if related.earlier is not None:
            self._draw_earlier(event, related.earlier)
        for other in related.perhaps_same:
            self._draw_perhaps_same(event, other)

    def _draw_earlier(self, event: StoredEventFeature, earlier: StoredEventFeature) -> None:
        cleared_at = earlier.properties.cleared_at
        said = self._texts.text(
            "related.recurrence",
            n=event.properties.recurrence_number,
            since=self._facts.time(earlier.properties.first_seen),
            until="–" if cleared_at is None else self._facts.time(cleared_at),
        )
        with block("section", "related", data_related="recurrence"):
            self._draw_picture(earlier, self._texts.text("related.before"))
            self._draw_words(said, earlier)

    def _draw_perhaps_same(self, event: StoredEventFeature, other: PerhapsSame) -> None:
        said = self._texts.text(
            f"related.{other.proposal.status}",
            camera=other.event.properties.camera_name,
            metres=f"{other.proposal.distance_m:.0f}",
            limit=f"{other.proposal.limit_m:.0f}",
        )
        with block("section", "related", data_related=other.proposal.status):
            self._draw_picture(event, event.properties.camera_name)
            self._draw_picture(other.event, other.event.properties.camera_name)
            self._draw_words(said, other.event)

    def _draw_picture(self, event: StoredEventFeature, title: str) -> None:
        address = evidence_url(event, EvidenceKind.ANNOTATED, EvidenceKind.FRAME)
        with block("figure", "detail-picture"):
            if address is None:
                words(self._texts.text("event.no_picture"), "event-no-picture")
            else:
                block("img", "", src=address, alt=title)
            words(title, "", "figcaption")

    def _draw_words(self, said: str, other: StoredEventFeature) -> None:
        with block("div", "related-words"):
            words(said, "")
            words(
                f"{self._facts.status(other)} · {self._facts.time(other.properties.last_seen)}",
                "related-state",
            )
            words(self._texts.text("related.open"), "action", "button").on(
                "click", lambda: self._on_open(other)
            )
