"""One case: what it is, its pictures, what was done with it, and what can be done now."""

from collections.abc import Set

from nicegui import Client, ui
from nicegui.element import Element

from api.accounts.request_limits import TooManyRequestsError
from api.cases.case_desk import AskedAction
from api.cases.case_errors import CaseRefusedError, UnknownCaseError
from api.console.board.header import brand, language_switch, link
from api.console.cases.action_form import ActionForm, FormError
from api.console.cases.case_facts import CaseFacts
from api.console.cases.case_refusals import case_refusal, step_reason
from api.console.cases.repair_comparison import checked_pictures, draw_repair_checks
from api.console.parts.elements import block, set_attributes, words
from api.console.parts.limit_refusals import limit_refusal
from api.console.parts.page_head import add_head
from api.console.parts.session_watch import SessionWatch
from api.console.parts.signed_in import signed_in
from api.console.parts.visitor import Visitor
from api.contract.cases import CaseDocument, CaseHistory, PossibleAction, PossibleActions
from api.services import Services

FILES = ("theme.css", "cases.css", "page.js")
REFRESH_SECONDS = 3.0


class CasePage:
    """Draws one case, and again when it changed; an action opens a form over it."""

    def __init__(
        self, services: Services, facts: CaseFacts, visitor: Visitor, address: str
    ) -> None:
        self._services = services
        self._facts = facts
        self._visitor = visitor
        self._actor = visitor.actor
        self._address = address
        self._drawn: tuple[int, str | None] | None = None
        self._body: Element | None = None
        self._case_id = ""
        self._client: Client | None = None

    async def draw(self, case_id: str) -> None:
        """Draw the page of a case, or say that there is none."""
        texts = self._facts.texts
        self._case_id = case_id
        self._client = ui.context.client
        add_head(texts, self._facts.settings, *FILES)
        SessionWatch(self._services.authenticator, self._visitor).start()
        with block("header", "head cases-head"):
            brand(texts, self._facts.settings)
            block("span", "")
            with block("div", "head-end"):
                link(texts.text("cases.back"), "/cases")
                language_switch(texts)
                signed_in(texts, self._visitor)
        self._body = block("main", "case-board")
        if await self._show():
            ui.timer(REFRESH_SECONDS, self._show)

    async def _show(self) -> bool:
        assert self._body is not None  # noqa: S101 - drawn before
        desk = self._services.desk
        try:
            case = await desk.reader.get(self._case_id, self._actor)
            # What cameras see after the handling is no step of anybody's.
            if (case.version, case.camera_check) == self._drawn:
                return True
            history = await desk.reader.history(self._case_id, self._actor)
            possible = await desk.transitions.possible(self._case_id, self._actor)
            pictures = {picture.sha256 for picture in history.pictures}
            pictures |= checked_pictures(history.repair_checks)
            deleted = await self._services.deletions.find(pictures)
        except UnknownCaseError:
            with self._body:
                words(self._facts.texts.text("cases.unknown"), "panel-empty", "p")
            return False
        self._drawn = (case.version, case.camera_check)
        self._body.clear()
        with self._body:
            self._draw_case(case, history, deleted.keys())
            self._draw_actions(case, possible)
        return True

    def _draw_case(self, case: CaseDocument, history: CaseHistory, deleted: Set[str]) -> None:
        facts, text = self._facts, self._facts.texts.text
        light = case.light.value if case.light else "none"
        with block("section", "panel case-main", data_light=light):
            with block("h2", "panel-title"):
                words(f"{case.number} · {facts.issue_name(case)}", "case-title")
                words(facts.state(case.state), "case-chip")
                block("span", "case-light")
                words(facts.clock(case), "case-clock")
            with block("div", "case-scroll"):
                self._draw_facts(case)
                draw_repair_checks(self._facts, history.repair_checks, deleted)
                words(text("cases.pictures"), "case-heading", "h3")
                self._draw_pictures(history, deleted)
                words(text("cases.flow"), "case-heading", "h3")
                with block("ol", "case-flow"):
                    for record in history.flow:
                        with block("li", ""):
                            words(facts.time(record.at), "case-flow-time")
                            words(facts.step(record), "case-flow-step")
                            words(record.actor, "case-flow-actor")
                            words(step_reason(record, facts), "case-flow-reason")

    def _draw_facts(self, case: CaseDocument) -> None:
        facts = self._facts
        said = {
            "source": facts.source(case),
            "department": facts.unit(case.department_id),
            "handler": case.handler or "–",
            "collector": case.collector or "–",
            "grid": case.unit_grid or "–",
            "place": f"{case.lon:.6f}, {case.lat:.6f}",
            "reported": f"{facts.time(case.reported_at)} · {case.reported_by}",
            "description": case.description or "–",
            "request": facts.texts.word("case.request", case.request or "–"),
            "supervised": case.supervised_by or "–",
            "rework": str(case.rework_count),
            "events": str(case.event_count),
            "gone": facts.time(case.seen_gone_at),
            "camera_check": facts.said(case.camera_check_zh or "–", case.camera_check or "–"),
            "waits": facts.texts.choose(case.waits_because_zh or "–", case.waits_because or "–"),
            "unresolved": facts.texts.word("case.unresolved", case.unresolved or "–"),
        }
        with block("dl", "case-facts"):
            for name, value in said.items():
                words(facts.texts.text(f"cases.{name}"), "", "dt")
                words(value, "", "dd")

    def _draw_pictures(self, history: CaseHistory, deleted: Set[str]) -> None:
        texts = self._facts.texts
        with block("div", "case-pictures"):
            if not history.pictures:
                words(texts.text("event.no_picture"), "panel-empty", "p")
            for picture in history.pictures:
                name = texts.word("case.picture", picture.kind.value)
                title = f"{name} · {self._facts.time(picture.added_at)} · {picture.added_by}"
                with block("figure", "", data_kind=picture.kind.value):
                    if picture.sha256 in deleted:
                        said = texts.text("event.picture_deleted")
                        words(said, "case-picture-deleted", "p")
                    else:
                        self._draw_picture(picture.sha256, title)
                    words(title, "", "figcaption")
                    if picture.taken_from is not None:
                        said = self._facts.taken_from(picture.taken_from)
                        words(said, "case-taken-from", "figcaption")

    def _draw_picture(self, sha256: str, title: str) -> None:
        with block("a", "", href=f"/v1/evidence/{sha256}", target="_blank"):
            block("img", "", src=f"/v1/evidence/{sha256}", alt=title)

    def _draw_actions(self, case: CaseDocument, possible: PossibleActions) -> None:
        text = self._facts.texts.text
        with block("section", "panel case-actions"):
            with block("h2", "panel-title"):
                words(text("cases.actions"), "")
            allowed = [one for one in possible.actions if one.allowed]
            if not allowed:
                words(text("cases.no_action"), "panel-empty", "p")
            for action in allowed:
                self._draw_action(case, action)
            with block("details", "case-not-allowed"):
                words(text("cases.not_allowed"), "", "summary")
                for action in possible.actions:
                    if not action.allowed:
                        reason = self._facts.said(action.why_not_zh or "", action.why_not or "")
                        said = f"{self._facts.action(action.action)}: {reason}"
                        words(said, "", "p")

    def _draw_action(self, case: CaseDocument, action: PossibleAction) -> None:
        button = words(self._facts.action(action.action), "action case-action", "button")
        set_attributes(button, data_action=action.action)
        button.on("click", lambda: self._open_form(case, action))

    def _open_form(self, case: CaseDocument, action: PossibleAction) -> None:
        assert self._client is not None  # noqa: S101 - drawn before
        texts = self._facts.texts
        form = ActionForm(action, self._facts, self._services)
        # Not within what is drawn anew when the case changes, which would take the dialog along.
        with self._client, ui.dialog(value=True) as dialog, ui.card().classes("case-form"):
            dialog.on("hide", dialog.delete)
            words(self._facts.action(action.action), "case-heading", "h3")
            form.draw()

            async def send() -> None:
                if await self._send(case, action, form):
                    dialog.close()

            with ui.row():
                words(texts.text("case.do"), "action case-send", "button").on("click", send)
                words(texts.text("event.close"), "action", "button").on("click", dialog.close)

    async def _send(self, case: CaseDocument, action: PossibleAction, form: ActionForm) -> bool:
        try:
            self._services.request_limits.count_form(self._actor)
            said = form.read()
            asked = AskedAction(case.case_id, action.action, said, case.version, self._address)
            await self._services.desk.act(asked, self._actor)
        except CaseRefusedError as error:
            return await self._refused(case_refusal(error.why, self._facts))
        except FormError as error:
            return await self._refused(str(error))
        except TooManyRequestsError as error:
            return await self._refused(limit_refusal(error, self._facts.texts))
        await self._show()
        return True

    async def _refused(self, reason: str) -> bool:
        ui.notify(reason, type="negative", position="top", multi_line=True)
        await self._show()
        return False
