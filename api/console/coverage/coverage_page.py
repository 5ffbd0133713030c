"""The coverage page: which issue types the live models recognise, and what the others lack."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.console.board.header import brand, language_switch, link
from api.console.coverage.coverage_facts import CoverageFacts
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.settings import ConsoleSettings
from api.console.parts.signed_in import signed_in
from api.console.parts.translations import Texts
from api.console.parts.visitor import Visitor
from api.services import Services
from models.coverage.coverage import Coverage, TypeCoverage
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

FILES = ("theme.css", "coverage.css", "page.js", "coverage.js")
# What somebody plans to label next; the rest is a request away at /v1/catalogue/coverage.
MOST_RANKED = 60


class CoveragePage:
    """Draws itself once from what is live then; its script filters and searches."""

    def __init__(self, services: Services, settings: ConsoleSettings, texts: Texts) -> None:
        self._services = services
        self._settings = settings
        self._texts = texts
        self._facts = CoverageFacts(texts, services.catalogue)

    async def draw(self, visitor: Visitor) -> None:
        """Read the coverage and draw it for somebody, or say why it cannot be read."""
        add_head(self._texts, self._settings, *FILES)
        SessionWatch(self._services.authenticator, visitor).start()
        try:
            coverage = await self._services.coverage.read()
        except (CityPatrolError, SQLAlchemyError, OSError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            log.warning("console_coverage_failed", reason=reason)
            with block("header", "head coverage-head"):
                self._ends(visitor)
            words(self._texts.text("coverage.unavailable", reason=reason), "panel-empty", "p")
            return
        with block("header", "head coverage-head"):
            self._ends(visitor, coverage)
        with block("main", "coverage-board"):
            self._types(coverage)
            self._ranking(coverage)

    def _ends(self, visitor: Visitor, coverage: Coverage | None = None) -> None:
        brand(self._texts, self._settings)
        with block("div", "coverage-totals", role="group"):
            if coverage is not None:
                self._total("", self._texts.text("coverage.all"), len(coverage.types))
                for status, count in coverage.totals.items():
                    self._total(status, self._facts.status(status), count)
        with block("div", "head-end"):
            link(self._texts.text("coverage.back"), "/")
            language_switch(self._texts)
            signed_in(self._texts, visitor)

    def _total(self, status: str, name: str, count: int) -> None:
        with block(
            "button",
            "coverage-total",
            data_filter=status,
            aria_pressed="false" if status else "true",
        ):
            words(str(count), "coverage-count")
            words(name, "coverage-total-name")

    def _types(self, coverage: Coverage) -> None:
        with block("section", "panel"):
            with block("h2", "panel-title"):
                words(self._texts.text("coverage.shown"), "")
                search = block("input", "coverage-search", type="search")
                hint = self._texts.text("coverage.search")
                set_attributes(search, placeholder=hint, aria_label=hint)
                words(str(len(coverage.types)), "panel-count coverage-shown")
            for line in self._facts.counted(coverage):
                words(line, "coverage-counted", "p")
            with block("div", "coverage-scroll"):
                with block("table", "coverage-table"):
                    self._headings("code", "name", "major_class", "status", "why")
                    with block("tbody", ""):
                        for one in coverage.types:
                            self._row(one)
                none = words(self._texts.text("coverage.none"), "panel-empty coverage-none", "p")
                set_attributes(none, hidden="")

    def _headings(self, *names: str) -> None:
        with block("thead", ""), block("tr", ""):
            for name in names:
                words(self._texts.text(f"coverage.{name}"), f"coverage-{name}", "th")

    def _row(self, one: TypeCoverage) -> None:
        with block(
            "tr", "coverage-type", data_status=one.status, data_words=self._facts.findable(one)
        ):
            words(one.code, "coverage-code", "td")
            words(self._texts.choose(one.name.zh, one.name.en), "coverage-name", "td")
            major = self._texts.choose(one.major_class.zh, one.major_class.en)
            words(major, "coverage-major_class", "td")
            with block("td", "coverage-status"):
                words(self._facts.status(one.status), "coverage-chip")
            words(self._facts.reasons(one), "coverage-why", "td")

    def _ranking(self, coverage: Coverage) -> None:
        with block("section", "panel"):
            with block("h2", "panel-title"):
                words(self._texts.text("coverage.ranking"), "")
                words(str(len(coverage.missing_classes)), "panel-count")
            with block("div", "coverage-scroll"), block("table", "coverage-table"):
                self._headings("class", "unlocks", "asked_by")
                with block("tbody", ""):
                    for one in coverage.missing_classes[:MOST_RANKED]:
                        with block("tr", "", data_class=one.name):
                            name = words(self._facts.class_name(one.name), "coverage-class", "td")
                            set_attributes(
                                name, title=self._texts.choose(one.meaning.zh, one.meaning.en)
                            )
                            words(str(len(one.unlocks)), "coverage-unlocks", "td")
                            words(str(len(one.asked_by)), "coverage-asked_by", "td")
