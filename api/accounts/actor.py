"""Who does something: a user or a key, and what they may touch."""

from dataclasses import dataclass
from enum import StrEnum

from api.accounts.role import KeyScope, Role


class ActorKind(StrEnum):
    """What an actor is."""

    USER = "user"
    KEY = "key"
    SYSTEM = "system"
    """CityPatrol itself, by a rule that somebody set."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever a request comes from.

    Attributes:
        name: Login of a user, name of a key.
        kind: What it is.
        roles: A user's roles.
        scopes: A key's scopes.
        unit_id: The organisation's unit they belong to; they see and touch what lies at or
            below it. None is the whole district.
        is_guest: Nobody has signed in: this is the user whom everybody is then.
    """

    name: str
    kind: ActorKind
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[KeyScope] = frozenset()
    unit_id: str | None = None
    is_guest: bool = False

    @property
    def capacities(self) -> frozenset[Role | KeyScope]:
        """Roles and scopes together: what the access table asks for."""
        return self.roles | self.scopes


SYSTEM = Actor("citypatrol", ActorKind.SYSTEM)
