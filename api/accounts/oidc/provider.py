"""The provider of the city's accounts: OpenID Connect's code flow with PKCE."""

import asyncio
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from api.accounts.oidc.begun_sign_in import BegunSignIn
from api.accounts.oidc.id_token import CheckedToken, ExpectedToken, check_id_token
from api.accounts.oidc.oidc_settings import OidcSettings, protected_address
from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.http.allowed_transport import AllowedTransport
from streams.kit.allowed_networks import AddressRefusedError
from streams.kit.validation import field_problems

DISCOVERY_PATH = "/.well-known/openid-configuration"
# A flood of sign-ins is no flood at the provider.
METADATA_SECONDS = 60.0
MOST_CONNECTIONS = 8
# Ten times what the largest providers send.
LARGEST_ANSWER = 1024 * 1024

_SECRETS = frozenset({"id_token", "access_token"})

_Protected = Annotated[str, AfterValidator(protected_address)]


class _Metadata(BaseModel):
    """What is used of the provider's own description (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: _Protected
    token_endpoint: _Protected
    jwks_uri: _Protected
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Tokens(BaseModel):
    model_config = ConfigDict(frozen=True)

    id_token: str
    access_token: str


class _Keys(BaseModel):
    model_config = ConfigDict(frozen=True)

    keys: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class _KeptMetadata:
    metadata: _Metadata
    read_at: float


_Document = TypeVar("_Document", bound=BaseModel)


class Provider:
    """Sends people to the provider, and asks it who came back; ``close`` it.

    Args:
        settings: Where it is; ``issuer`` and what goes with it are set.
    """

    def __init__(self, settings: OidcSettings) -> None:
        assert settings.issuer is not None  # noqa: S101 - else there is no provider
        assert settings.client_id is not None  # noqa: S101 - the settings see to it
        self._settings = settings
        self._issuer, self._client_id = settings.issuer, settings.client_id
        self._kept: _KeptMetadata | None = None
        self._client = httpx.AsyncClient(
            transport=AllowedTransport(settings.allowed, MOST_CONNECTIONS, LARGEST_ANSWER),
            trust_env=False,
            timeout=settings.timeout_seconds,
        )

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def address(self, begun: BegunSignIn) -> str:
        """Return where a browser goes to sign in.

        Raises:
            ProviderSignInError: The provider cannot be reached.
        """
        metadata = await self._metadata()
        address: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            client_id=self._client_id,
            response_type="code",
            redirect_uri=self._settings.redirect_uri,
            scope=" ".join(self._settings.scopes),
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return address

    async def redeem(self, code: str, begun: BegunSignIn) -> CheckedToken:
        """Return what the provider says of whoever came back with a code.

        Raises:
            ProviderSignInError: The provider cannot be reached, or does not vouch for them.
        """
        metadata = await self._metadata()
        tokens = await self._tokens(metadata, code, begun)
        keys = await self._read(metadata.jwks_uri, _Keys)
        expected = ExpectedToken(
            issuer=self._issuer,
            client_id=self._client_id,
            nonce=begun.nonce,
            access_token=tokens.access_token,
            clock_skew_seconds=self._settings.clock_skew_seconds,
        )
        return check_id_token(tokens.id_token, keys.keys, expected)

    async def _metadata(self) -> _Metadata:
        kept = self._kept
        if kept is not None and time.monotonic() - kept.read_at < METADATA_SECONDS:
            return kept.metadata
        read = await self._read(self._issuer.rstrip("/") + DISCOVERY_PATH, _Metadata)
        if read.issuer != self._issuer:
            raise _unreachable(f"it calls itself {read.issuer[:200]!r}, not {self._issuer!r}")
        self._kept = _KeptMetadata(read, time.monotonic())
        return read

    async def _tokens(self, metadata: _Metadata, code: str, begun: BegunSignIn) -> _Tokens:
        body: str = prepare_token_request(
            "authorization_code",
            code=code,
            redirect_uri=self._settings.redirect_uri,
            code_verifier=begun.verifier,
        )
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        secret = self._settings.client_secret
        authentication = ClientAuth(
            self._client_id,
            None if secret is None else secret.get_secret_value(),
            self._authentication_method(metadata),
        )
        address, headers, body = authentication.prepare(
            "POST", metadata.token_endpoint, headers, body
        )
        answer = await self._exchange("POST", address, headers, body)
        if answer.is_client_error:
            said = answer.text[:200]
            raise ProviderSignInError(
                SignInFailure.REFUSED, f"the provider takes the code for nothing: {said!r}"
            )
        return _document(answer, _Tokens)

    def _authentication_method(self, metadata: _Metadata) -> str:
        if self._settings.client_secret is None:
            return "none"
        offered = metadata.token_endpoint_auth_methods_supported
        basic, post = "client_secret_basic", "client_secret_post"
        return post if post in offered and basic not in offered else basic

    async def _read(self, address: str, kind: type[_Document]) -> _Document:
        return _document(await self._exchange("GET", address, {"Accept": "application/json"}), kind)

    async def _exchange(
        self, method: str, address: str, headers: dict[str, str], body: str | None = None
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                return await self._client.request(method, address, headers=headers, content=body)
        except TimeoutError:
            raise _unreachable(
                f"no answer within {self._settings.timeout_seconds:g} s from {address}"
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, AddressRefusedError) as error:
            raise _unreachable(f"{address}: {str(error) or type(error).__name__}") from None


def _document(answer: httpx.Response, kind: type[_Document]) -> _Document:
    if answer.status_code != HTTPStatus.OK:
        raise _unreachable(f"{answer.request.url} answered {answer.status_code}")
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError as error:
        said = "; ".join(map(str, field_problems(error, _SECRETS)))
        raise _unreachable(f"{answer.request.url} answered what is no answer: {said}") from None


def _unreachable(reason: str) -> ProviderSignInError:
    return ProviderSignInError(SignInFailure.UNREACHABLE, f"the provider is of no use: {reason}")
