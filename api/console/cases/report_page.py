"""Reporting a matter by hand."""

from nicegui import events, ui
from pydantic import ValidationError

from api.cases.case_errors import CaseRefusedError
from api.console.board.header import brand, language_switch, link
from api.console.cases.case_facts import CaseFacts
from api.console.cases.picture_upload import LARGEST_PICTURE_BYTES, kept_picture
from api.console.parts.elements import block, words
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.signed_in import signed_in
from api.console.parts.visitor import Visitor
from api.contract.case_words import CaseSource, PictureKind
from api.contract.cases import CasePicture, CaseReport
from api.services import Services
from models.words import STREET_KINDS
from streams.kit.validation import problem_message

FILES = ("theme.css", "cases.css", "page.js")


class ReportPage:
    """A form; what is sent opens a case and leads to its page."""

    def __init__(self, services: Services, facts: CaseFacts, visitor: Visitor) -> None:
        self._services = services
        self._facts = facts
        self._visitor = visitor
        self._actor = visitor.actor
        self._pictures: list[CasePicture] = []

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
        ui.upload(
            label=label("cases.pictures"),
            auto_upload=True,
            on_upload=self._keep,
            max_file_size=LARGEST_PICTURE_BYTES,
        ).props('accept="image/jpeg" flat')

        async def send() -> None:
            await self._send(
                {
                    "issue_code": issue.value,
                    "source": source.value,
                    "lon": lon.value,
                    "lat": lat.value,
                    "description": description.value or "",
                    "pictures": [picture.model_dump() for picture in self._pictures],
                }
            )

        words(label("cases.send"), "action case-send", "button").on("click", send)

    async def _keep(self, given: events.UploadEventArguments) -> None:
        services, texts = self._services, self._facts.texts
        picture = await kept_picture(given, PictureKind.FAR, services.evidence, texts)
        if picture is not None:
            self._pictures.append(picture)

    async def _send(self, said: dict[str, object]) -> None:
        try:
            report = CaseReport.model_validate(said)
            case = await self._services.desk.reports.take(report, self._actor)
        except ValidationError as error:
            first = error.errors()[0]
            message = problem_message(first["msg"], first["input"])
            ui.notify(f"{first['loc'][0]}: {message}", type="negative")
        except CaseRefusedError as error:
            reason = self._facts.texts.choose(error.why.chinese, error.why.english)
            ui.notify(reason, type="negative")
        else:
            ui.navigate.to(f"/cases/{case.case_id}")
