"""Who sends a request: by a key, an access token or the console's cookie."""

from dataclasses import dataclass, replace
from typing import Self

from starlette.requests import HTTPConnection

from api.accounts.actor import Actor
from api.accounts.key_store import KEY_PREFIX, KeyStore
from api.accounts.session_store import SessionStore
from api.accounts.token_store import TokenStore
from api.accounts.user_store import UserStore

SESSION_COOKIE = "citypatrol_session"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request brings to show whose it is.

    Attributes:
        authorization: Its header of that name, or None.
        session: What the console's cookie holds, or None.
    """

    authorization: str | None
    session: str | None

    @classmethod
    def of(cls, connection: HTTPConnection) -> Self:
        """Read them from a request or a socket's beginning."""
        return cls(connection.headers.get("authorization"), connection.cookies.get(SESSION_COOKIE))

    @property
    def shown(self) -> str | None:
        """What counts of them: the header, else the cookie; None if there is neither."""
        return self.session if self.authorization is None else self.authorization


class Authenticator:
    """Finds the actor behind credentials.

    Args:
        keys: Keys of machines.
        tokens: Access tokens of the REST API.
        sessions: Sessions of the console.
        users: Users, of whom one may be a guest.
        guest: Login of the user whom everybody is that brings no credentials; for demonstrations.
    """

    def __init__(
        self,
        keys: KeyStore,
        tokens: TokenStore,
        sessions: SessionStore,
        users: UserStore,
        guest: str | None = None,
    ) -> None:
        self._keys = keys
        self._tokens = tokens
        self._sessions = sessions
        self._users = users
        self._guest = guest

    async def actor(self, credentials: Credentials) -> Actor | None:
        """Return whose they are, or None.

        A header that is nobody's is not made good by a cookie or a guest.
        """
        if credentials.authorization is not None:
            return await self._by_header(credentials.authorization)
        if credentials.session is not None:
            actor = await self._sessions.actor(credentials.session)
            if actor is not None:
                return actor
        return await self._guest_actor()

    async def _by_header(self, given: str) -> Actor | None:
        scheme, _, bearer = given.partition(" ")
        bearer = bearer.strip()
        if scheme.lower() != "bearer":
            return None
        if bearer.startswith(KEY_PREFIX):
            return await self._keys.actor(bearer)
        return self._tokens.actor(bearer)

    async def _guest_actor(self) -> Actor | None:
        if self._guest is None:
            return None
        user = await self._users.get(self._guest)
        return None if user is None or not user.enabled else replace(user.actor, is_guest=True)
