"""Who sends a request: by a key, an access token or the console's cookie."""

from api.accounts.actor import Actor
from api.accounts.key_store import KEY_PREFIX, KeyStore
from api.accounts.session_store import SessionStore
from api.accounts.token_store import TokenStore
from api.accounts.user_store import UserStore


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

    async def by_bearer(self, credentials: str) -> Actor | None:
        """Return whose key or access token it is, or None."""
        if credentials.startswith(KEY_PREFIX):
            return await self._keys.actor(credentials)
        return self._tokens.actor(credentials)

    async def by_cookie(self, token: str) -> Actor | None:
        """Return whose session of the console it is, or None."""
        return await self._sessions.actor(token)

    async def guest(self) -> Actor | None:
        """Return who somebody without credentials is: nobody, unless a guest was set."""
        if self._guest is None:
            return None
        user = await self._users.get(self._guest)
        return None if user is None or not user.enabled else user.actor
