"""All there is to say of one event, with its pictures large."""

from collections.abc import Awaitable, Callable

import structlog
from nicegui import background_tasks, ui
from nicegui.element import Element
from sqlalchemy.exc import SQLAlchemyError

from api.console.board.event_facts import EventFacts, best_picture, is_camera_fault, picture_url
from api.console.board.related_events import RelatedEvents
from api.console.board.related_notices import RelatedNotices
from api.console.parts.elements import block, words
from api.console.parts.translations import Texts
from api.contract.events import EvidenceKind, StoredEventFeature

log = structlog.get_logger(__name__)


class EventDetail:
    """A dialog that opens over the page; one per page.

    Args:
        texts: The page's language.
        facts: Words for events.
        on_show_on_map: Called with the event's id when its place is asked for.
        read_related: Reads what an event has to do with.
    """

    def __init__(
        self,
        texts: Texts,
        facts: EventFacts,
        on_show_on_map: Callable[[str], None],
        read_related: Callable[[StoredEventFeature], Awaitable[RelatedEvents]],
    ) -> None:
        self._texts = texts
        self._facts = facts
        self._on_show_on_map = on_show_on_map
        self._read_related = read_related
        self._notices = RelatedNotices(texts, facts, self.open)
        self._shown: StoredEventFeature | None = None
        with ui.dialog() as self._dialog:
            self._body = block("div", "detail", role="dialog")

    def open(self, event: StoredEventFeature) -> None:
        """Open with an event."""
        self._draw(event)
        self._dialog.open()

    def refresh(self, find: Callable[[str], StoredEventFeature | None]) -> None:
        """Show the present state of the open event, if it changed; ``find`` gives it."""
        if not self._dialog.value or self._shown is None:
            return
        event = find(self._shown.id)
        if event is not None and event != self._shown:
            self._draw(event)

    def _draw(self, event: StoredEventFeature) -> None:
        self._shown = event
        self._body.clear()
        with self._body:
            self._draw_head(event)
            notices = block("div", "detail-related")
            with block("div", "detail-body"):
                with block("div", "detail-views"):
                    self._draw_views(event)
                    self._draw_story(event)
                with block("div", "detail-side"):
                    self._draw_facts(event)
                    if not is_camera_fault(event):
                        self._draw_picture(event, "event.crop", EvidenceKind.CROP)

        background_tasks.create(self._draw_related(event, notices), name="console-related")

    async def _draw_related(self, event: StoredEventFeature, notices: Element) -> None:
        try:
            related = await self._read_related(event)
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_related_failed", error=str(error).splitlines()[:1])
            return
        # Another event may have been opened meanwhile, or the page closed.
        if self._shown is event and not notices.is_deleted:
            with notices:
                self._notices.draw(event, related)

    def _draw_head(self, event: StoredEventFeature) -> None:
        properties, facts, text = event.properties, self._facts, self._texts.text
        with block("header", "detail-head", data_severity=properties.severity):
            words(facts.issue_name(event), "detail-name", "h2")
            words(facts.severity(event), "chip severity-chip")
            with block("span", "detail-status", data_status=properties.status):
                words(facts.status(event), "chip status-chip")
            with block("span", "", data_confirmation=facts.confirmation_status(event)):
                words(facts.verdict(event), "chip verdict-chip").set_visibility(
                    bool(facts.verdict(event))
                )
            block(
                "span",
                "elapsed",
                data_since=properties.first_seen.isoformat(),
                data_until=properties.cleared_at.isoformat() if properties.cleared_at else "",
            )
            block("span", "spring")
            words(text("event.show_on_map"), "action", "button").on(
                "click", lambda: self._show_on_map(event.id)
            )
            words(text("event.close"), "action", "button").on("click", self._dialog.close)

    def _draw_picture(self, event: StoredEventFeature, name: str, *kinds: EvidenceKind) -> None:
        title = self._texts.text(name)
        picture = best_picture(event, *kinds)
        with block("figure", "detail-picture"):
            if picture is None:
                words(self._texts.text("event.no_picture"), "event-no-picture")
            else:
                title = f"{title} · {self._facts.time(picture.captured_at)}"
                block("img", "", src=picture_url(picture), alt=title)
            words(title, "", "figcaption")

    def _draw_views(self, event: StoredEventFeature) -> None:
        """The best picture; of a moved camera, beside it, what should show; and how far off."""
        if best_picture(event, EvidenceKind.REFERENCE) is None:
            self._draw_picture(event, "event.annotated", EvidenceKind.ANNOTATED, EvidenceKind.FRAME)
        else:
            with block("div", "detail-pair"):
                self._draw_picture(event, "event.reference", EvidenceKind.REFERENCE)
                self._draw_picture(event, "event.present", EvidenceKind.FRAME)
        if event.properties.measured:
            said = self._texts.text("event.measured", words=event.properties.measured)
            words(said, "detail-measured", "p")

    def _draw_story(self, event: StoredEventFeature) -> None:
        """The pictures beside the best one: how it began, and how it ended."""
        others = self._facts.story(event)
        if not others:
            return
        with block("div", "detail-story"):
            for name, picture in others:
                title = f"{name} · {self._facts.time(picture.captured_at)}"
                link = block("a", "", href=picture_url(picture), target="_blank", rel="noopener")
                with link, block("figure", "detail-picture", data_kind=picture.kind):
                    block("img", "", src=picture_url(picture), alt=title)
                    words(title, "", "figcaption")

    def _draw_facts(self, event: StoredEventFeature) -> None:
        with block("dl", "detail-facts"):
            for name, value in self._facts.rows(event):
                words(name, "", "dt")
                words(value, "", "dd")

    def _show_on_map(self, event_id: str) -> None:
        self._dialog.close()
        self._on_show_on_map(event_id)
