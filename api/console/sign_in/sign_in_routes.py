"""What the pages to sign in and out post to."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.known_actors import LOGIN_PATH, actor_of
from api.accounts.sign_in import LoginAttempt, sign_in
from api.accounts.user_store import LoginError, PausedLoginError
from api.console.parts.page_head import LANGUAGE_COOKIE, texts_of
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Language, Texts
from api.console.sign_in.local_target import local_target
from api.console.sign_in.provider_routes import ProviderRoutes, provider_path
from api.console.sign_in.session_cookie import signed_in_answer
from api.console.sign_in.sign_in_pages import LOGOUT_PATH, LoginForm, SignInPages
from api.http.client_address import address_of
from api.services import services_of

LANGUAGE_SECONDS = 365 * 24 * 3600


class SignInRoutes:
    """Signs people in and out of the console with a cookie."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self.router = APIRouter(include_in_schema=False)
        self.router.get(LOGIN_PATH)(self.show_login)
        self.router.post(LOGIN_PATH)(self.log_in)
        self.router.post(LOGOUT_PATH)(self.log_out)
        ProviderRoutes(settings).add_to(self.router)

    async def show_login(
        self,
        request: Request,
        target: Annotated[str | None, Query(alias="next")] = None,
        language: Annotated[str | None, Query()] = None,
    ) -> Response:
        """Show the page to sign in on; in another language if that is asked."""
        chosen = Language.of(language or request.cookies.get(LANGUAGE_COOKIE))
        services = services_of(request)
        guest, provider = services.settings.guest or "", provider_path(services)
        form = LoginForm(local_target(target), guest=guest, provider=provider)
        answer = SignInPages(self._settings, Texts(chosen)).login(form)
        if language is not None:
            answer.set_cookie(LANGUAGE_COOKIE, chosen, LANGUAGE_SECONDS, samesite="lax")
        return answer

    async def log_in(self, request: Request) -> Response:
        """Begin a session for whoever has the password, else say why not."""
        services = services_of(request)
        given = await request.form()
        login, password, target = (_text(given.get(name)) for name in ("login", "password", "next"))
        login = login.strip()
        attempt = LoginAttempt(login, password, address_of(request))
        try:
            user = await sign_in(services.users, services.audit, attempt)
        except LoginError as error:
            provider = provider_path(services)
            form = LoginForm(local_target(target), login, provider=provider)
            return self._refused(request, error, form)
        return await signed_in_answer(request, user, local_target(target))

    async def log_out(self, request: Request) -> Response:
        """End the session of the cookie, and go to where somebody may sign in."""
        services, token = services_of(request), request.cookies.get(SESSION_COOKIE)
        actor = actor_of(request)
        if token is not None and actor is not None and not actor.is_guest:
            await services.sessions.end(token)
            await services.audit.record(actor, address_of(request), "log_out", actor.name)
        answer = RedirectResponse(LOGIN_PATH, HTTPStatus.SEE_OTHER)
        answer.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
        return answer

    def _refused(self, request: Request, error: LoginError, form: LoginForm) -> Response:
        texts = texts_of(request)
        pages = SignInPages(self._settings, texts)
        if isinstance(error, PausedLoginError):
            status = HTTPStatus.TOO_MANY_REQUESTS
            headers = {"Retry-After": str(error.seconds)}
            reason = texts.text("sign_in.paused", seconds=error.seconds)
        else:
            status, headers = HTTPStatus.FORBIDDEN, {}
            reason = texts.text("sign_in.wrong")
        answer = pages.login(replace(form, refusal=reason), status)
        answer.headers.update(headers)
        return answer


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
