"""A page is somebody's for as long as they are signed in."""

from urllib.parse import quote

import structlog
from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError

from api.accounts.authenticator import Authenticator
from api.accounts.known_actors import LOGIN_PATH
from api.console.parts.visitor import Visitor

log = structlog.get_logger(__name__)

# How long an open page shows what somebody may no longer see.
CHECK_SECONDS = 5.0


class SessionWatch:
    """Asks again and again whose a page is; sends it to the login once it is nobody's."""

    def __init__(self, authenticator: Authenticator, visitor: Visitor) -> None:
        self._authenticator = authenticator
        self._visitor = visitor
        self._is_sent_away = False

    def start(self) -> None:
        """Begin, on the page that is being drawn."""
        ui.timer(CHECK_SECONDS, self._check, immediate=False)

    async def _check(self) -> None:
        try:
            actor = await self._authenticator.actor(self._visitor.credentials)
        except (SQLAlchemyError, OSError) as error:
            log.warning("console_session_unread", error=str(error).splitlines()[:1])
            return
        if actor == self._visitor.actor:
            return
        if self._is_sent_away:
            # Whatever still listens there is no page of ours, or does not do as it is told.
            ui.context.client.delete()
            return
        self._is_sent_away = True
        ui.navigate.to(f"{LOGIN_PATH}?next={quote(self._visitor.path, safe='')}")
