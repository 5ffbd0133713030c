"""The pages of modules, put on an app."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends, Request, Response

from api.console.parts.page_access import may_see
from api.console.parts.page_head import texts_of
from api.console.parts.screen import Screen, ScreenRequest, ScreenWriter
from api.console.parts.screen_names import screen_names
from api.console.parts.settings import ConsoleSettings
from api.console.parts.theme import THEME_COOKIE, Theme
from api.console.parts.visitor import visitor_of
from api.services import services_of


class ScreenRoutes:
    """Answers for each page of modules to whoever may see it.

    Args:
        settings: Of the console.
        screens: The pages.
    """

    def __init__(self, settings: ConsoleSettings, screens: Sequence[Screen]) -> None:
        self._writer = ScreenWriter(settings)
        self.router = APIRouter(include_in_schema=False, dependencies=[Depends(may_see)])
        for screen in screens:
            self._add(screen)

    def _add(self, screen: Screen) -> None:
        async def show(request: Request) -> Response:
            return await self._write(screen, request)

        self.router.get(screen.path)(show)

    async def _write(self, screen: Screen, request: Request) -> Response:
        services = services_of(request)
        texts = texts_of(request)
        asked = ScreenRequest(
            visitor=await visitor_of(request, services),
            texts=texts,
            names=await screen_names(services, texts),
            theme=Theme.of(request.cookies.get(THEME_COOKIE)),
            parameter="/".join(map(str, request.path_params.values())),
        )
        return self._writer.write(screen, asked)
