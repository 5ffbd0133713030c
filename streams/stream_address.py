"""The address of a camera's stream, whose credentials never reach a log or an error."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

SCHEMES = ("rtsp", "rtsps")


def redacted(url: str) -> str:
    """Return the URL with user name, password and query values taken out.

    A URL that cannot be parsed is not shown at all, for it may still hold a password.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "<unreadable address>"
    credentials = "***@" if "@" in parts.netloc else ""
    query = "?***" if parts.query else ""
    return f"{parts.scheme}://{credentials}{host}{port}{parts.path}{query}"


def _check_stream_url(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        raise ValueError(
            "stream address cannot be read; write rtsp://user:password@host:port/path"
        ) from None
    if parts.scheme not in SCHEMES or not host:
        raise ValueError(
            f"stream address {redacted(url)!r} is no RTSP address; "
            "write rtsp://user:password@host:port/path"
        )
    return secret


StreamAddress = Annotated[SecretStr, AfterValidator(_check_stream_url)]
"""An rtsp:// or rtsps:// URL held as a secret; ``redacted`` gives the form to show."""
