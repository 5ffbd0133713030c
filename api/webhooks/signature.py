"""What a receiver knows a message of ours by."""

import hashlib
import hmac
import secrets
from datetime import datetime

TIMESTAMP_HEADER = "X-CityPatrol-Timestamp"
SIGNATURE_HEADER = "X-CityPatrol-Signature"
SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with
SECRET_BYTES = 32


def new_secret() -> str:
    """Make a secret for a webhook."""
    return SECRET_PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def signed_headers(secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that show whom a message comes from, and when.

    The signature covers the time, so that a message which was overheard cannot be sent again
    later: a receiver refuses what is older than some minutes.

    Args:
        secret: Of the webhook.
        body: The message, byte for byte.
        now: When it is sent.
    """
    timestamp = str(int(now.timestamp()))
    signed = timestamp.encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: f"v1={digest}"}
