"""The address of a camera's stream, whose credentials never reach a log or an error."""

import re
from types import MappingProxyType
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, SecretStr

SCHEMES = ("rtsp", "rtsps")

DEFAULT_PORTS = MappingProxyType({"rtsp": 554, "rtsps": 322})

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
        host = _bracketed(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _UNREADABLE
    if _has_misplaced_sign(parts) or not parts.scheme or not host:
        return _UNREADABLE
    credentials = "***@" if "@" in parts.netloc else ""
    query = "?***" if parts.query else ""
    path = _CREDENTIALS_IN_PATH.sub(r"\1=***", parts.path)
    return f"{parts.scheme}://{credentials}{host}{port}{path}{query}"


def with_host(url: str, host: str) -> str:
    """Return an address with another host, all else as it is."""
    parts = urlsplit(url)
    user, sign, _ = parts.netloc.rpartition("@")
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{user}{sign}{_bracketed(host)}{port}").geturl()


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
    if _has_misplaced_sign(parts):
        raise ValueError(
            "stream address has an @ after its host ended at the first /, ? or #: if these belong "
            "to the user name or password, write / as %2F, ? as %3F, # as %23 and @ as %40; else "
            "write that @ as %40"
        )
    if parts.scheme not in SCHEMES or not host:
        raise ValueError(
            f"stream address {redacted(url)!r} is no RTSP address; "
            "write rtsp://user:password@host:port/path"
        )
    return SecretStr(_canonical(url, parts))


def _canonical(url: str, parts: SplitResult) -> str:
    """The address in the one form that FFmpeg takes: the scheme small, a password if a user."""
    _, _, rest = url.partition("://")
    user, sign, _ = parts.netloc.rpartition("@")
    if sign and ":" not in user:
        rest = f"{user}:{rest.removeprefix(user)}"
    return f"{parts.scheme}://{rest}"


def _has_misplaced_sign(parts: SplitResult) -> bool:
    return "@" in parts.path or "@" in parts.query or "@" in parts.fragment


def _bracketed(host: str) -> str:
    """A host as it stands in an address, where IPv6 needs brackets."""
    return f"[{host}]" if ":" in host else host


StreamAddress = Annotated[SecretStr, AfterValidator(_check_stream_url)]
"""An rtsp:// or rtsps:// URL held as a secret; ``redacted`` gives the form to show."""
