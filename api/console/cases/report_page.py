"""Reporting a matter by hand."""

from nicegui import ui
from pydantic import ValidationError
from ulid import ULID

from api.accounts.request_limits import TooManyRequestsError
from api.cases.case_errors import CaseRefusedError
from api.console.board.header import brand, language_switch, link
from api.console.cases.case_facts import CaseFacts
from api.console.cases.case_refusals import case_refusal
from api.console.cases.picture_upload import PictureUpload
from api.console.parts.elements import block, words
from api.console.parts.field_refusals import refusal_text
from api.console.parts.limit_refusals import limit_refusal
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.signed_in import signed_in
from api.console.parts.visitor import Visitor
from api.contract.case_words import CaseSource, PictureKind
from api.contract.cases import CaseReport
from api.services import Services
from models.words import STREET_KINDS

FILES = ("theme.css", "cases.css", "page.js")
_LABELS = {"issue_code": "type"}
"""Fields that the page calls by another name."""


class ReportPage:
    """A form; what is sent opens a case and leads to its page."""

    def __init__(self, services: Services, facts: CaseFacts, visitor: Visitor) -> None:
        self._services = services
        self._facts = facts
        self._visitor = visitor
        self._actor = visitor.actor
        self._upload = PictureUpload(services, facts.texts)
        # Sent twice by a second click, it is one report.
        self._report_key = f"console-{ULID()}"

    def draw(self) -> None:
        """Draw the form."""
        texts = self._facts.texts
        add_head(texts, self._facts.settings, *FILES)
        SessionWatch(self._services.authenticator, self._visitor).start()
        with block("header", "head cases-head"):
            brand(texts, self._facts.settings)
            block("span", "")
            with block("div", "head-end"):
                link(texts.text("cases.back"), "/cases")
                language_switch(texts)
                signed_in(texts, self._visitor)
        with block("main", "case-report"), block("section", "panel"):
            words(texts.text("cases.report"), "panel-title", "h2")
            with block("div", "case-report-form"):
                self._draw_fields()

    def _draw_fields(self) -> None:
        texts = self._facts.texts
        types = {
            issue.code: f"{issue.code} {texts.choose(issue.name_zh, issue.name_en)}"
            for issue in self._services.catalogue.types.values()
            if issue.kind in STREET_KINDS
        }
        label = texts.text
        issue = ui.select(types, label=label("cases.type"), with_input=True)
        sources = {source.value: texts.word("case.source", source) for source in CaseSource}
        del sources[CaseSource.VIDEO.value]
        source = ui.select(sources, value=CaseSource.HOTLINE.value, label=label("cases.source"))
        with ui.row():
            lon = ui.number(label("cases.lon"), format="%.6f", min=-180, max=180)
            lat = ui.number(label("cases.lat"), format="%.6f", min=-90, max=90)
        description = ui.textarea(label("cases.description")).props("autogrow")
        self._upload.draw(label("cases.pictures"), lambda: PictureKind.FAR)

        async def send() -> None:
            await self._send(
                {
                    "issue_code": issue.value,
                    "source": source.value,
                    "lon": lon.value,
                    "lat": lat.value,
                    "description": description.value or "",
                    "pictures": [picture.model_dump() for picture in self._upload.pictures],
                    "report_key": self._report_key,
                }
            )

        words(label("cases.send"), "action case-send", "button").on("click", send)

    async def _send(self, said: dict[str, object]) -> None:
        try:
            self._services.request_limits.count_form(self._actor)
            report = CaseReport.model_validate(said)
            case = await self._services.desk.reports.take(report, self._actor)
        except ValidationError as error:
            self._refuse(refusal_text(error, self._label, self._facts.texts))
        except CaseRefusedError as error:
            self._refuse(case_refusal(error.why, self._facts))
        except TooManyRequestsError as error:
            self._refuse(limit_refusal(error, self._facts.texts))
        else:
            ui.navigate.to(f"/cases/{case.case_id}")

    def _label(self, field: str) -> str:
        """What the form calls a field."""
        return self._facts.texts.word("cases", _LABELS.get(field, field))

    def _refuse(self, reason: str) -> None:
        ui.notify(reason, type="negative", position="top", multi_line=True)
