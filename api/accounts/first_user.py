"""The first start: somebody must be able to sign in, and nobody knows a default password."""

import sys

import structlog

from api.accounts.passwords import new_password
from api.accounts.role import Role
from api.accounts.user_store import NewUser, UserError, UserStore

log = structlog.get_logger(__name__)

LOGIN = "admin"


async def make_first_user(users: UserStore) -> None:
    """Make the administrator where there is no user yet, and print the password, once.

    It goes to the terminal and into no log; `citypatrol users password admin` sets another one.
    """
    if not await users.is_empty():
        return
    password = new_password()
    try:
        await users.create(
            NewUser(LOGIN, "Administrator", password, frozenset({Role.ADMINISTRATOR}))
        )
    except UserError:
        # Another node of the same database was quicker, and has printed it.
        return
    log.info("first_user_made", login=LOGIN)
    print(  # noqa: T201 - a log is kept, and read by others
        f"\nFirst start: sign in as {LOGIN} with the password {password}\n"
        "It is shown this once. `citypatrol users password admin` sets another one.\n",
        file=sys.stderr,
        flush=True,
    )
