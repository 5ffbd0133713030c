"""Signing in with a password, which the audit log keeps whatever comes of it."""

from dataclasses import dataclass, field

from api.accounts.audit_log import AuditLog
from api.accounts.user import User, shown_login
from api.accounts.user_store import LoginError, UserStore


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """Somebody who says who they are.

    Attributes:
        login: Who they say they are.
        password: How they show it.
        address: Network address that they come from.
    """

    login: str
    password: str = field(repr=False)
    address: str


async def sign_in(users: UserStore, audit: AuditLog, attempt: LoginAttempt) -> User:
    """Return who signs in.

    Raises:
        LoginError: Login and password are nobody's, or came during a pause.
    """
    try:
        user = await users.log_in(attempt.login, attempt.password)
    except LoginError:
        await audit.record(None, attempt.address, "log_in_refused", shown_login(attempt.login))
        raise
    await audit.record(user.actor, attempt.address, "log_in", user.login)
    return user
