"""The address of a camera's stream, whose credentials never reach a log or an error."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

SCHEMES = ("rtsp", "rtsps")

_UNREADABLE = "<unreadable address>"
_CREDENTIALS_IN_PATH = re.compile(
    r"(user|username|password|passwd|pwd|token|key|auth)=[^/&;]*", re.IGNORECASE
)


def redacted(url: str) -> str:
    """Return the URL with user name, password and query values taken out.

    Some cameras take credentials within the path (``/user=…&password=…``); those go as well. A
    text that is no URL is not shown at all, for it may still hold a password, and neither
    is one whose password holds an unescaped ``/``, ``?`` or ``#``: what looks like its host would
    be a part of the password.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _UNREADABLE
    misplaced = "@" in parts.path or "@" in parts.query or "@" in parts.fragment
    if misplaced or not parts.scheme or not host:
        return _UNREADABLE
    credentials = "***@" if "@" in parts.netloc else ""
    query = "?***" if parts.query else ""
    path = _CREDENTIALS_IN_PATH.sub(r"\1=***", parts.path)
    return f"{parts.scheme}://{credentials}{host}{port}{path}{query}"


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
