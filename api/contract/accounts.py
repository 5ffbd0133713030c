"""Users, tokens and the audit log on the wire."""

from typing import Annotated, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    model_validator,
)

from models.words import STORABLE_TEXT

Login = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
RoleName = Literal[
    "collector",
    "acceptor",
    "shift_lead",
    "dispatcher",
    "department",
    "handler",
    "supervisor",
    "evaluator",
    "ml_engineer",
    "operator",
    "auditor",
    "viewer",
    "administrator",
]
UnitId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


class Tokens(BaseModel):
    """Answer to ``POST /v1/tokens``, as OAuth2 (RFC 6749) writes it.

    Attributes:
        access_token: Sent as ``Authorization: Bearer …`` with each request.
        token_type: Always ``bearer``.
        expires_in: For how long it is good, seconds.
        refresh_token: Good once, for the next pair.
    """

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the kind, no secret
    expires_in: int
    refresh_token: str


class Me(BaseModel):
    """Whoever asks.

    Attributes:
        name: Login of a user, name of a key.
        kind: What they are.
        roles: A user's roles.
        scopes: A key's scopes.
        unit_id: Where they belong; None is the whole district.
    """

    name: str
    kind: Literal["user", "key"]
    roles: list[str]
    scopes: list[str]
    unit_id: str | None


class UserAccount(BaseModel):
    """A user, as an administrator sees them.

    Attributes:
        login: What they sign in with.
        name: What they are called.
        roles: What they do.
        unit_id: Where they belong; None is the whole district.
        enabled: Whether they may sign in.
        created_at: When the account was made.
        last_login_at: When they last signed in.
    """

    login: Login
    name: str
    roles: list[RoleName]
    unit_id: str | None
    enabled: bool
    created_at: AwareDatetime
    last_login_at: AwareDatetime | None


class UserList(BaseModel):
    """Answer to ``GET /v1/users``."""

    users: list[UserAccount]


class UserToMake(BaseModel):
    """Body of ``POST /v1/users``.

    Attributes:
        login: What they sign in with.
        name: What they are called.
        password: Fifteen characters at least.
        roles: What they do.
        unit_id: Where they belong; None is the whole district.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    login: Login
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=STORABLE_TEXT)]
    password: SecretStr
    roles: Annotated[list[RoleName], Field(min_length=1, max_length=13)]
    unit_id: UnitId | None = None


class UserChange(BaseModel):
    """Body of ``PATCH /v1/users/{login}``; what is not given stays, and something is.

    Attributes:
        roles: Other roles.
        unit_id: Another place; null is the whole district.
        password: Another password.
        enabled: Whether they may sign in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: Annotated[list[RoleName], Field(min_length=1, max_length=13)] | None = None
    unit_id: UnitId | None = None
    password: SecretStr | None = None
    enabled: bool | None = None

    @model_validator(mode="after")
    def _something_is_given(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing is given to be changed")
        return self


class AuditEntry(BaseModel):
    """One record of the audit log.

    Attributes:
        number: Counts from 1 without gaps.
        at: When.
        actor: Who: a login or the name of a key; ``-`` is nobody.
        address: From which network address.
        action: What they did.
        subject: With what.
        details: What else was kept.
        hash: Over this record and the hash before it, hexadecimal.
    """

    number: int
    at: AwareDatetime
    actor: str
    address: str
    action: str
    subject: str
    details: dict[str, JsonValue]
    hash: str


class AuditPage(BaseModel):
    """Answer to ``GET /v1/audit``, newest first.

    Attributes:
        records: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    records: list[AuditEntry]
    next_cursor: int | None = None
