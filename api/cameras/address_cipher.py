"""Stream addresses at rest: encrypted, each bound to its camera."""

import base64
import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streams.kit.errors import CityPatrolError

# Before what is encrypted; a stream address begins with its scheme.
MARK = "sealed:"
NONCE_BYTES = 12  # what AES-GCM is made for
KEY_ID_LENGTH = 8


class SealedAddressError(CityPatrolError):
    """An address that cannot be read; it is not repeated."""


class AddressCipher:
    """Seals addresses with the first of its keys, and opens what any of them sealed.

    Each is sealed with AES-256-GCM for one camera: moved to another row, it cannot be opened.

    Args:
        keys: 32 bytes each; the present one, then those from before a change of keys.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._present = _key_id(keys[0])
        self._ciphers = {_key_id(key): AESGCM(key) for key in reversed(keys)}

    def __repr__(self) -> str:
        return f"AddressCipher({self._present})"

    @property
    def present_mark(self) -> str:
        """What everything begins with that the present key sealed."""
        return f"{MARK}{self._present}:"

    def seal(self, camera_id: str, address: str) -> str:
        """Return what is kept of a camera's address."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._present].encrypt(nonce, address.encode(), camera_id.encode())
        return self.present_mark + base64.b64encode(nonce + sealed).decode()

    def open(self, camera_id: str, kept: str) -> str:
        """Return the address that was kept; one from before addresses were sealed, as it is.

        Raises:
            SealedAddressError: Its key is not at hand, or it was sealed for another camera.
        """
        if not kept.startswith(MARK):
            return kept
        key_id, _, content = kept.removeprefix(MARK).partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise SealedAddressError(
                f"the stream address of camera {camera_id!r} was sealed with key {key_id}, which "
                "is not at hand; set CITYPATROL_API_CAMERA_KEY_BEFORE to it, or send the camera "
                "again"
            )
        try:
            raw = base64.b64decode(content, validate=True)
            opened = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], camera_id.encode())
        except (ValueError, InvalidTag):
            raise SealedAddressError(
                f"the stream address of camera {camera_id!r} was changed in the database, or "
                "belongs to another camera; send the camera again"
            ) from None
        return opened.decode()


def camera_key(given: str) -> bytes:
    """Return the key that a text of any length stands for."""
    return hashlib.sha256(given.encode()).digest()


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"key id of " + key).hexdigest()[:KEY_ID_LENGTH]
