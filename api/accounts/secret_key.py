"""The node's secret: what its tokens and links are signed with."""

import hashlib
import hmac
import os
import secrets
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
        SecretKeyError: It is too short, or its file cannot be read.
    """
    if given is not None:
        if len(given) < SECRET_BYTES:
            raise SecretKeyError(
                f"the secret has {len(given)} characters and needs {SECRET_BYTES}; "
                "`openssl rand -hex 32` makes one"
            )
        return SecretKey(given.encode())
    path = data_dir / FILE_NAME
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
    content = path.read_text().strip()
    if len(content) < SECRET_BYTES:
        raise SecretKeyError(
            f"{path} holds {len(content)} characters and needs {SECRET_BYTES}; delete it to have "
            "a new one made, which signs everybody out"
        )
    return SecretKey(content.encode())
