"""What can be set on signing in with the city's own accounts."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from streams.kit.allowed_networks import PRIVATE_NETWORKS, AllowedNetworks, NetworkList

ANSWER_PATH = "/login/provider/answer"
"""Where the provider sends people back to, after ``console_url``."""


def _read_scopes(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class OidcSettings(BaseSettings):
    """How people sign in to the console with the city's own accounts (OpenID Connect)."""

    model_config = SettingsConfigDict(
        env_prefix="CITYPATROL_OIDC_",
        extra="ignore",
        frozen=True,
        # What is wrong with one may be said in a log, which shall not hold the secret.
        hide_input_in_errors=True,
    )

    issuer: str | None = Field(
        None,
        max_length=500,
        description="Address of the provider as its tokens name it, https://…; without it people "
        "sign in with passwords only.",
    )
    client_id: str | None = Field(
        None, min_length=1, max_length=500, description="What the provider calls this console."
    )
    client_secret: SecretStr | None = Field(
        None, min_length=1, description="How this console shows the provider that it is the one."
    )
    console_url: str | None = Field(
        None,
        max_length=500,
        description="Address of the console as browsers know it, https://…; the provider must "
        f"send people back to it with {ANSWER_PATH} behind.",
    )
    scopes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_read_scopes)] = Field(
        ("openid", "profile"),
        min_length=1,
        max_length=20,
        description="What the provider is asked for, with commas between them; openid is one.",
    )
    login_claim: str = Field(
        "preferred_username",
        min_length=1,
        max_length=200,
        description="Claim that is the login here, in small letters; one that people cannot "
        "choose for themselves.",
    )
    name_claim: str = Field(
        "name", min_length=1, max_length=200, description="Claim that says what somebody is called."
    )
    groups_claim: str = Field(
        "groups",
        min_length=1,
        max_length=200,
        description="Claim that lists somebody's groups; one within another is written "
        "outer.inner.",
    )
    groups: Path | None = Field(
        None,
        description="YAML file that says which roles and which unit each group gives; without it "
        "only those sign in who have an account here.",
    )
    allowed_networks: NetworkList = Field(
        PRIVATE_NETWORKS,
        description="Networks in which the provider may be, with commas between them; this "
        "machine itself and links only where they are named.",
    )
    timeout_seconds: float = Field(
        10.0, gt=0, le=120, description="How long the provider may take for an answer, seconds."
    )
    clock_skew_seconds: int = Field(
        60, ge=0, le=600, description="How far the provider's clock may be off, seconds."
    )

    @field_validator("issuer", "console_url")
    @classmethod
    def _is_protected(cls, address: str | None) -> str | None:
        if address is not None:
            protected_address(address)
        return address

    @field_validator("scopes")
    @classmethod
    def _asks_who_it_is(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in scopes:
            raise ValueError("openid is missing; without it the provider says of nobody who it is")
        return scopes

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.issuer is not None:
            missing = [name for name in ("client_id", "console_url") if getattr(self, name) is None]
            if missing:
                variables = ", ".join(f"CITYPATROL_OIDC_{name.upper()}" for name in missing)
                raise ValueError(f"CITYPATROL_OIDC_ISSUER needs {variables} beside it")
        return self

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to."""
        return (self.console_url or "").rstrip("/") + ANSWER_PATH

    @property
    def allowed(self) -> AllowedNetworks:
        """The networks in which the provider may be."""
        return AllowedNetworks(self.allowed_networks)


def protected_address(text: str) -> str:
    """Return an address that nobody on the way can read or change.

    Raises:
        ValueError: It is neither https:// nor http:// of this machine itself, or holds a password.
    """
    parts = urlsplit(text)
    if parts.username is not None or parts.fragment:
        raise ValueError("holds a user or a fragment; write https://host/path")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or ""))
    if not (parts.hostname and is_safe):
        raise ValueError("is no https:// address; http:// only leads to this machine itself")
    return text


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
