"""A user: a person who signs in."""

import re
from dataclasses import dataclass
from datetime import datetime

from api.accounts.actor import Actor, ActorKind
from api.accounts.role import Role

LOGIN_PATTERN = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,63}$")


@dataclass(frozen=True, slots=True)
class User:
    """What is known of a user, which is not the password.

    Attributes:
        user_id: ULID.
        login: What they sign in with, and what stands in records of what they did.
        name: What they are called.
        roles: What they do.
        unit_id: Where they belong, or None for the whole district.
        enabled: Whether they may sign in.
        created_at: When the account was made.
        last_login_at: When they last signed in.
    """

    user_id: str
    login: str
    name: str
    roles: frozenset[Role]
    unit_id: str | None
    enabled: bool
    created_at: datetime
    last_login_at: datetime | None

    @property
    def actor(self) -> Actor:
        """The user as whoever does something."""
        return Actor(self.login, ActorKind.USER, roles=self.roles, unit_id=self.unit_id)


def shown_login(given: str) -> str:
    """Return what may be kept of a login that somebody typed: a password has strayed there before.

    Only what can be a login is one; of anything else, ``-``.
    """
    return given if LOGIN_PATTERN.fullmatch(given) else "-"
