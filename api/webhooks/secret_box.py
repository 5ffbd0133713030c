"""Secrets of webhooks, encrypted before they reach the database."""

import base64

from cryptography.fernet import Fernet, InvalidToken

from api.accounts.secret_key import SecretKey
from streams.kit.errors import CityPatrolError

PURPOSE = "webhook-secrets"


class SecretUnreadableError(CityPatrolError):
    """A secret was encrypted with another key than this node has."""


class SecretBox:
    """Encrypts and decrypts with a key of its own, made of the node's secret.

    A backup of the database alone signs nothing.
    """

    def __init__(self, secret: SecretKey) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(secret.for_purpose(PURPOSE)))

    def close(self, secret: str) -> str:
        """Return a secret as it may be stored."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, stored: str) -> str:
        """Return a secret that ``close`` stored.

        Raises:
            SecretUnreadableError: The node's secret was another one then.
        """
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken:
            raise SecretUnreadableError(
                "the webhook's secret cannot be read: the node's secret key is another one than "
                "when it was made; delete the webhook and make it anew"
            ) from None
