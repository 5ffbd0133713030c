"""The token in which the provider says who somebody is, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure

# Signed with a key that only the provider has: with none of these could the client's secret, or
# nothing at all, take its place.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
_PUBLIC_KINDS = frozenset({"RSA", "EC", "OKP"})
# OpenID Connect Core 1.0, section 2.
_LONGEST_SUBJECT = 255

CheckedToken: TypeAlias = Mapping[str, Any]
"""Claims of a token of which everything was checked."""


@dataclass(frozen=True, slots=True)
class ExpectedToken:
    """What a token must say to be the one that was asked for.

    Attributes:
        issuer: Who made it.
        client_id: For whom.
        nonce: For which sign-in.
        access_token: What came with it.
        clock_skew_seconds: How far the clock of whoever made it may be off.
    """

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    clock_skew_seconds: int


def check_id_token(
    token: str, keys: Sequence[Mapping[str, Any]], expected: ExpectedToken
) -> CheckedToken:
    """Return the claims of a token.

    Args:
        token: As it came, signed.
        keys: Those that the provider signs with (RFC 7517); what is of no use is left out.
        expected: What it must say.

    Raises:
        ProviderSignInError: It is not signed by the provider, or not the one that was asked for.
    """
    usable = [
        dict(key)
        for key in keys
        if key.get("kty") in _PUBLIC_KINDS and key.get("use", "sig") == "sig"
    ]
    try:
        signed = jwt.decode(token, KeySet.import_key_set({"keys": usable}), list(ALGORITHMS))
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            options={
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "nonce": {"essential": True, "value": expected.nonce},
            },
            params={
                "client_id": expected.client_id,
                "nonce": expected.nonce,
                "access_token": expected.access_token,
            },
        )
        claims.validate(leeway=expected.clock_skew_seconds)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderSignInError(
            SignInFailure.REFUSED, f"the provider's token is not good: {error}"
        ) from None
    checked: CheckedToken = claims
    subject = checked["sub"]
    if not (isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT):
        raise ProviderSignInError(SignInFailure.REFUSED, "the provider's token names nobody")
    return checked
