"""Somebody whom the provider vouches for, and what it says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from api.accounts.oidc.oidc_settings import OidcSettings
from api.accounts.oidc.sign_in_failure import ProviderSignInError, SignInFailure
from api.accounts.user import LOGIN_PATTERN

# As the console's other names.
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ProvedPerson:
    """What is taken from a token that was checked.

    Attributes:
        subject: Issuer and the provider's own id of them, which never changes.
        login: What they are called here.
        name: What they are called.
        groups: The provider's groups that they are in.
    """

    subject: str
    login: str
    name: str
    groups: frozenset[str]

    @classmethod
    def of(cls, claims: Mapping[str, Any], settings: OidcSettings) -> Self:
        """Read the claims of a checked token.

        Raises:
            ProviderSignInError: What they are called can be no login.
        """
        given = _claim(claims, settings.login_claim)
        login = given.strip().lower() if isinstance(given, str) else ""
        if not LOGIN_PATTERN.fullmatch(login):
            raise ProviderSignInError(
                SignInFailure.NO_LOGIN,
                f"the claim {settings.login_claim!r} is not 1 to 64 letters, digits, dots, dashes "
                "or underscores; name another one with CITYPATROL_OIDC_LOGIN_CLAIM",
            )
        name = _claim(claims, settings.name_claim)
        return cls(
            subject=f"{claims['iss']} {claims['sub']}",
            login=login,
            name=_shown_name(name) or login,
            groups=_names(_claim(claims, settings.groups_claim)),
        )


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, else the one within another that ``outer.inner`` names."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    if not isinstance(value, list):
        return frozenset()
    return frozenset(one for one in value if isinstance(one, str))


def _shown_name(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(one for one in value if one.isprintable()).strip()[:LONGEST_NAME]
