"""The node's secret: what its tokens and links are signed with."""

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
import tempfile
from pathlib import Path

from streams.kit.errors import CityPatrolError

FILE_NAME = "secret.key"
SECRET_BYTES = 32


class SecretKeyError(CityPatrolError):
    """The secret cannot be used."""


class SecretKey:
    """Gives each purpose a key of its own, so that one that leaks opens nothing else."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __repr__(self) -> str:
        return "SecretKey(…)"

    def for_purpose(self, purpose: str) -> bytes:
        """Return 32 bytes for a purpose: HMAC-SHA-256 of its name (as HKDF's expansion)."""
        return hmac.digest(self._secret, purpose.encode(), hashlib.sha256)


def secret_of(data_dir: Path, given: str | None) -> SecretKey:
    """Return the secret that was set, else the one in the data folder, made if there is none.

    Args:
        data_dir: Where the file is.
        given: What was set; every node of one database needs the same.

    Raises:
        SecretKeyError: It is too short, or its file is open to others.
    """
    if given is not None:
        if len(given) < SECRET_BYTES:
            raise SecretKeyError(
                f"the secret has {len(given)} characters and needs {SECRET_BYTES}; "
                "`openssl rand -hex 32` makes one"
            )
        return SecretKey(given.encode())
    path = data_dir / FILE_NAME
    _make_if_missing(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretKeyError(f"{path} is open to others; `chmod 600 {path}` closes it")
    content = path.read_text().strip()
    if len(content) < SECRET_BYTES:
        raise SecretKeyError(
            f"{path} holds {len(content)} characters and needs {SECRET_BYTES}; delete it to have "
            "a new one made, which signs everybody out"
        )
    return SecretKey(content.encode())


def _make_if_missing(path: Path) -> None:
    """Make the file, whole or not at all; of two processes that start together one makes it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Closed to others from its beginning.
    descriptor, name = tempfile.mkstemp(prefix=f"{FILE_NAME}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
