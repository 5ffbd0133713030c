"""Why nobody signed in by way of the provider."""

from enum import StrEnum

from api.accounts.user_store import LoginError


class SignInFailure(StrEnum):
    """What went wrong, as far as whoever signs in may know; the console says each in words."""

    UNREACHABLE = "unreachable"
    """The provider does not answer, or not as a provider does."""
    REFUSED = "refused"
    """The provider does not vouch for whoever it sent."""
    BEGUN_ELSEWHERE = "begun_elsewhere"
    """This browser did not begin it, or too long ago."""
    NO_LOGIN = "no_login"
    """What the provider calls them cannot be a login, or is somebody else's."""
    NO_ROLE = "no_role"
    """They have no account, and their groups give them none."""
    CLOSED = "closed"
    """Their account is closed."""


class ProviderSignInError(LoginError):
    """Somebody did not sign in by way of the provider.

    Attributes:
        failure: Why.
        login: Who they are to the provider, as far as that is known and can be a login.
    """

    def __init__(self, failure: SignInFailure, reason: str, login: str = "-") -> None:
        self.failure = failure
        self.login = login
        super().__init__(reason)
