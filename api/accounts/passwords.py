"""Passwords: kept as Argon2id hashes, checked off the event loop."""

import asyncio
import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from streams.kit.errors import CityPatrolError

# NIST SP 800-63B-4 asks for fifteen characters where a password stands alone; composition rules
# are advised against there.
SHORTEST = 15
# Argon2 reads any length; a body of megabytes should not keep a core busy.
LONGEST = 256
GENERATED_BYTES = 18
# Each takes 64 MiB and a core; whoever floods the login takes no more than this of either.
MOST_AT_A_TIME = 2

# RFC 9106's second recommended choice, the library's default: 64 MiB and about 50 ms of a core.
_HASHER = PasswordHasher()


class PasswordError(CityPatrolError):
    """A password that cannot be used."""


def new_password() -> str:
    """Return a password that nobody can guess, of 24 characters."""
    return secrets.token_urlsafe(GENERATED_BYTES)


class PasswordHashing:
    """Makes hashes and compares with them, a few at a time; belongs to one event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(MOST_AT_A_TIME)

    async def hash(self, password: str) -> str:
        """Return what is kept of a password.

        Raises:
            PasswordError: It is too short or too long.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise PasswordError(
                f"a password has {SHORTEST} to {LONGEST} characters, this one {len(password)}; "
                "a sentence is easy to keep"
            )
        async with self._turn:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Say whether a password is the one of a hash; as slow if there is no hash."""
        if len(password) > LONGEST:
            return False
        async with self._turn:
            return await asyncio.to_thread(_verify, password, password_hash)


@functools.cache
def _nobodys_hash() -> str:
    """Checked where there is no such user: an unknown login takes as long as a known one."""
    return _HASHER.hash(secrets.token_urlsafe(GENERATED_BYTES))


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
