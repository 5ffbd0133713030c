"""What a browser keeps while somebody is away at the provider, so that nothing is kept here."""

import base64
import hmac
import secrets
from typing import Annotated, Self

from cryptography.fernet import Fernet, InvalidToken
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.accounts.secret_key import SecretKey

PURPOSE = "provider-sign-ins"
# Finding one's password and a second factor takes minutes.
LIFETIME_SECONDS = 600
RANDOM_BYTES = 32
# A browser keeps 4096 bytes of a cookie, and what is sealed is a third longer.
LARGEST_TARGET = 1500

_Random = Annotated[str, Field(min_length=43, max_length=43)]


class BegunSignIn(BaseModel):
    """Somebody who was sent to the provider.

    Attributes:
        state: Comes back with their answer: it was this browser that was sent.
        nonce: Comes back in their token: it was made for this very time.
        verifier: Shown by us alone when the answer's code is redeemed (PKCE, RFC 7636).
        target: Local path to go to afterwards.
    """

    model_config = ConfigDict(frozen=True)

    state: _Random
    nonce: _Random
    verifier: _Random
    target: str

    @classmethod
    def to(cls, target: str, home: str) -> Self:
        """Begin one; ``home`` takes the place of a target that no cookie holds."""
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        kept = target if len(target.encode()) <= LARGEST_TARGET else home
        return cls(state=state, nonce=nonce, verifier=verifier, target=kept)


class BegunSignIns:
    """Seals what a browser keeps, so that nobody reads or changes it."""

    def __init__(self, secret: SecretKey) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(secret.for_purpose(PURPOSE)))

    def seal(self, begun: BegunSignIn) -> str:
        """Return what goes into the cookie."""
        return self._fernet.encrypt(begun.model_dump_json().encode()).decode()

    def open(self, sealed: str | None, state: str) -> BegunSignIn:
        """Return what a browser has kept.

        Args:
            sealed: What its cookie holds, if there is one.
            state: What came with the provider's answer.

        Raises:
            ProviderSignInError: It keeps none, another one, or one that is too old.
        """
        try:
            content = self._fernet.decrypt((sealed or "").encode(), ttl=LIFETIME_SECONDS)
            begun = BegunSignIn.model_validate_json(content)
        except (InvalidToken, ValidationError):
            raise _begun_elsewhere() from None
        if not hmac.compare_digest(begun.state.encode(), state.encode()):
            raise _begun_elsewhere()
        return begun


def _begun_elsewhere() -> ProviderSignInError:
    return ProviderSignInError(
        SignInFailure.BEGUN_ELSEWHERE,
        "this browser has not begun this sign-in, or too long ago; begin again",
    )
