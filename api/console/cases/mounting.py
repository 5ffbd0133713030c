"""The pages of cases, put on the console."""

from typing import Any

from fastapi import FastAPI, Request
from nicegui import ui

from api.console.cases.case_facts import CaseFacts
from api.console.cases.case_list_page import CaseListPage
from api.console.cases.case_page import CasePage
from api.console.cases.report_page import ReportPage
from api.console.parts.page_head import texts_of
from api.console.parts.settings import ConsoleSettings
from api.console.parts.visitor import visitor_of
from api.http.client_address import address_of
from api.services import Services


def mount_cases(app: FastAPI, settings: ConsoleSettings, options: dict[str, Any]) -> None:
    """Put the pages of cases on the console of an app."""

    async def facts_for(request: Request) -> CaseFacts:
        services: Services = app.state.services
        texts = texts_of(request)
        async with services.database.reading() as connection:
            organisation = await services.dispatch.organisation(connection)
        return CaseFacts(texts, settings, organisation)

    @ui.page("/cases", **options)
    async def cases(
        request: Request, state: str = "", light: str = "", text: str = "", cursor: str = ""
    ) -> None:
        visitor = await visitor_of(request, app.state.services)
        page = CaseListPage(app.state.services, await facts_for(request), visitor)
        page.ask(state, light, text, cursor)
        await page.draw()

    @ui.page("/cases/report", **options)
    async def report(request: Request) -> None:
        visitor = await visitor_of(request, app.state.services)
        ReportPage(app.state.services, await facts_for(request), visitor).draw()

    @ui.page("/cases/{case_id}", **options)
    async def case(request: Request, case_id: str) -> None:
        visitor = await visitor_of(request, app.state.services)
        page = CasePage(app.state.services, await facts_for(request), visitor, address_of(request))
        await page.draw(case_id)
