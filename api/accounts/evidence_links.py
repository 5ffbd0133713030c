"""Links to evidence that open without credentials, for a while."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256 as hash_function

from api.accounts.secret_key import SecretKey
from streams.kit.errors import CityPatrolError

PURPOSE = "evidence-links"
LONGEST_LIFETIME = timedelta(days=7)


class LinkError(CityPatrolError):
    """A link that opens nothing, or cannot be made."""


class EvidenceLinks:
    """Makes links to single pictures and checks them.

    Args:
        secret: Of the node; another one opens none of its links.
    """

    def __init__(self, secret: SecretKey) -> None:
        self._key = secret.for_purpose(PURPOSE)

    def path(self, sha256: str, lifetime: timedelta) -> str:
        """Return the path of a picture, good for so long, to be put behind the API's address.

        Raises:
            LinkError: It shall be good for less than a second or more than a week.
        """
        if not timedelta(seconds=1) <= lifetime <= LONGEST_LIFETIME:
            raise LinkError(
                f"a link is good for 1 s to {LONGEST_LIFETIME}, not {lifetime}; choose a time "
                "within that"
            )
        expires = int((datetime.now(UTC) + lifetime).timestamp())
        signature = self._signature(sha256, expires)
        return f"/v1/evidence/{sha256}/signed?expires={expires}&signature={signature}"

    def check(self, sha256: str, expires: int, signature: str) -> None:
        """Let a link pass that was made here and is still good.

        Raises:
            LinkError: It was not, or has ended; which of both is told only of one made here.
        """
        expected = self._signature(sha256, expires)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise LinkError("this link was not made here; ask for another one")
        if expires <= datetime.now(UTC).timestamp():
            raise LinkError("this link has ended; ask for another one")

    def _signature(self, sha256: str, expires: int) -> str:
        return hmac.digest(self._key, f"{sha256}:{expires}".encode(), hash_function).hex()
