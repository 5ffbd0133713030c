"""The way to the provider of the city's accounts, and back."""

from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.accounts.known_actors import LOGIN_PATH
from api.accounts.oidc.begun_sign_in import LIFETIME_SECONDS
from api.accounts.oidc.oidc_settings import ANSWER_PATH
from api.accounts.oidc.provider_sign_in import ProviderAnswer
from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.console.parts.page_head import texts_of
from api.console.parts.settings import ConsoleSettings
from api.console.sign_in.local_target import HOME, local_target
from api.console.sign_in.session_cookie import signed_in_answer
from api.console.sign_in.sign_in_pages import HEADERS, LoginForm, SignInPages
from api.http.client_address import address_of
from api.services import Services, services_of

PROVIDER_PATH = "/login/provider"
BEGUN_COOKIE = "citypatrol_begun_sign_in"
_STATUSES = MappingProxyType(
    {
        SignInFailure.UNREACHABLE: HTTPStatus.BAD_GATEWAY,
        SignInFailure.BEGUN_ELSEWHERE: HTTPStatus.BAD_REQUEST,
    }
)


def provider_path(services: Services) -> str:
    """Return where the page to sign in on sends people who want to use the city's account."""
    return "" if services.provider is None else PROVIDER_PATH


class ProviderRoutes:
    """Sends people to the provider, and signs them in when they come back."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings

    def add_to(self, router: APIRouter) -> None:
        """Add the two to a router."""
        router.get(PROVIDER_PATH)(self.send_away)
        router.get(ANSWER_PATH)(self.come_back)

    async def send_away(
        self, request: Request, target: Annotated[str | None, Query(alias="next")] = None
    ) -> Response:
        """Send a browser to the provider; it keeps what shows that it was this one."""
        provider = services_of(request).provider
        if provider is None:
            return RedirectResponse(LOGIN_PATH, HTTPStatus.SEE_OTHER)
        try:
            sent = await provider.begin(local_target(target), HOME)
        except ProviderSignInError as error:
            return self._refused(request, error)
        answer = RedirectResponse(sent.address, HTTPStatus.SEE_OTHER, headers=HEADERS)
        answer.set_cookie(
            BEGUN_COOKIE,
            sent.kept,
            max_age=LIFETIME_SECONDS,
            path=PROVIDER_PATH,
            secure=request.url.scheme == "https",
            httponly=True,
            # It must come along when the provider sends the browser back.
            samesite="lax",
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """Begin a session for whom the provider vouches for, else say why not."""
        provider = services_of(request).provider
        if provider is None:
            return RedirectResponse(LOGIN_PATH, HTTPStatus.SEE_OTHER)
        given = request.query_params
        brought = ProviderAnswer(
            state=given.get("state", ""),
            code=given.get("code", ""),
            error=given.get("error", ""),
            issuer=given.get("iss", ""),
            kept=request.cookies.get(BEGUN_COOKIE),
            address=address_of(request),
        )
        try:
            arrived = await provider.finish(brought)
        except ProviderSignInError as error:
            answer = self._refused(request, error)
        else:
            answer = await signed_in_answer(request, arrived.user, arrived.target)
        # What came back is good once.
        answer.delete_cookie(BEGUN_COOKIE, path=PROVIDER_PATH, httponly=True, samesite="lax")
        return answer

    def _refused(self, request: Request, error: ProviderSignInError) -> Response:
        texts = texts_of(request)
        reason = texts.text(f"sign_in.failed.{error.failure.value}")
        form = LoginForm(HOME, refusal=reason, provider=PROVIDER_PATH)
        status = _STATUSES.get(error.failure, HTTPStatus.FORBIDDEN)
        return SignInPages(self._settings, texts).login(form, status)
