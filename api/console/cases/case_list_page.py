"""The list of cases: what waits, for how long, and with whom."""

from urllib.parse import urlencode

from nicegui import ui
from nicegui.element import Element

from api.cases.case_query import CaseCursor, CaseCursorError, CaseFilter
from api.console.board.header import brand, language_switch, link
from api.console.cases.case_facts import CaseFacts
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.signed_in import signed_in
from api.console.parts.visitor import Visitor
from api.contract.case_words import OPEN_STATES, CaseState, Light
from api.contract.cases import CaseDocument
from api.services import Services

FILES = ("theme.css", "cases.css", "page.js")
CASES_SHOWN = 50
REFRESH_SECONDS = 3.0
COLUMNS = ("number", "type", "state", "clock", "department", "source", "reported")


class CaseListPage:
    """Draws itself, and again every few seconds; what is filtered stands in the address."""

    def __init__(self, services: Services, facts: CaseFacts, visitor: Visitor) -> None:
        self._services = services
        self._facts = facts
        self._visitor = visitor
        self._actor = visitor.actor
        self._state: CaseState | None = None
        self._light: Light | None = None
        self._text: str | None = None
        self._cursor: CaseCursor | None = None

    def ask(self, state: str, light: str, text: str, cursor: str) -> None:
        """Take the filter from the address; what is none of its words is passed over."""
        self._state = CaseState(state) if state in set(CaseState) else None
        self._light = Light(light) if light in set(Light) else None
        self._text = text.replace("\x00", "")[:100] or None
        try:
            self._cursor = CaseCursor.parse(cursor) if cursor else None
        except CaseCursorError:
            self._cursor = None

    async def draw(self) -> None:
        """Draw the page."""
        texts = self._facts.texts
        add_head(texts, self._facts.settings, *FILES)
        SessionWatch(self._services.authenticator, self._visitor).start()
        with block("header", "head cases-head"):
            brand(texts, self._facts.settings)
            counts = block("nav", "case-counts")
            with block("div", "head-end"):
                link(texts.text("desk.go"), "/desk")
                link(texts.text("coverage.back"), "/")
                link(texts.text("cases.report"), "/cases/report")
                language_switch(texts)
                signed_in(texts, self._visitor)
        with block("main", "cases-board"), block("section", "panel"):
            with block("h2", "panel-title"):
                words(texts.text("cases.title"), "")
                self._search()
            table = block("div", "cases-scroll")
        await self._show(counts, table)
        ui.timer(REFRESH_SECONDS, lambda: self._show(counts, table))

    def _search(self) -> None:
        with block("form", "cases-search", method="get", action="/cases"):
            hint = self._facts.texts.text("cases.search")
            field = block("input", "cases-search-field", type="search", name="text")
            set_attributes(field, placeholder=hint, aria_label=hint, value=self._text or "")

    async def _show(self, counts: Element, table: Element) -> None:
        desk = self._services.desk
        found = await desk.reader.counts(self._actor)
        wanted = CaseFilter(
            states=(self._state,) if self._state else (),
            lights=(self._light,) if self._light else (),
            is_open=True if self._state is None and self._text is None else None,
            text=self._text,
        )
        page = await desk.reader.page(wanted, self._actor, CASES_SHOWN, self._cursor)
        counts.clear()
        with counts:
            self._count("", self._facts.texts.text("cases.open"), sum(found.values()))
            for state in CaseState:
                if state in OPEN_STATES and found.get(state):
                    self._count(state.value, self._facts.state(state), found[state])
            self._count(CaseState.CLOSED.value, self._facts.state(CaseState.CLOSED), None)
        table.clear()
        with table:
            self._table(page.cases)
            if page.next_cursor is not None:
                link(self._facts.texts.text("cases.more"), self._address(page.next_cursor))

    def _count(self, state: str, name: str, count: int | None) -> None:
        chosen = state == (self._state.value if self._state else "")
        address = f"/cases?state={state}" if state else "/cases"
        with block("a", "case-count", href=address, aria_current="page" if chosen else "false"):
            if count is not None:
                words(str(count), "case-count-figure")
            words(name, "case-count-name")

    def _address(self, cursor: str) -> str:
        asked = {
            "state": self._state.value if self._state else "",
            "light": self._light.value if self._light else "",
            "text": self._text or "",
            "cursor": cursor,
        }
        return f"/cases?{urlencode({name: value for name, value in asked.items() if value})}"

    def _table(self, cases: list[CaseDocument]) -> None:
        text = self._facts.texts.text
        if not cases:
            words(text("cases.none"), "panel-empty", "p")
            return
        with block("table", "cases-table"):
            with block("thead", ""), block("tr", ""):
                for name in COLUMNS:
                    words(text(f"cases.{name}"), f"cases-{name}", "th")
            with block("tbody", ""):
                for case in cases:
                    self._row(case)

    def _row(self, case: CaseDocument) -> None:
        facts = self._facts
        light = case.light.value if case.light else "none"
        with block("tr", "case-row", data_light=light, data_case=case.case_id):
            with block("td", "cases-number"):
                set_attributes(words(case.number, "case-link", "a"), href=f"/cases/{case.case_id}")
            words(f"{case.issue_code} {facts.issue_name(case)}", "cases-type", "td")
            with block("td", "cases-state"):
                words(facts.state(case.state), "case-chip")
            with block("td", "cases-clock"):
                block("span", "case-light")
                words(facts.clock(case), "")
            words(facts.unit(case.department_id), "cases-department", "td")
            words(facts.source(case), "cases-source", "td")
            words(facts.time(case.reported_at), "cases-reported", "td")
