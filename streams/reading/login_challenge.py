"""Which logins a camera asks for, of which FFmpeg only says that it was refused."""

import re

from streams.reading.rtsp_question import describe_head

# What FFmpeg can answer: Basic, and Digest with MD5, which is meant where no algorithm is named.
_KNOWN_ALGORITHMS = {"md5", "md5-sess"}
_CHALLENGE = re.compile(r"^www-authenticate:\s*([a-z]+)(.*)$", re.IGNORECASE | re.MULTILINE)
_ALGORITHM = re.compile(r'algorithm\s*=\s*"?([^",\s]+)', re.IGNORECASE)


def unknown_logins(url: str, timeout_seconds: float) -> tuple[str, ...]:
    """The logins that a camera asks for, if FFmpeg can answer none of them.

    Asks the camera once more, without credentials. A camera that does not answer this has told
    nothing.

    Args:
        url: The stream's address; its credentials are not sent.
        timeout_seconds: Longest wait for each step.

    Returns:
        Such as ("Digest SHA-256",); nothing if one is known here, or none was asked for.
    """
    try:
        answer = describe_head(url, timeout_seconds)
    except (OSError, ValueError):
        return ()
    asked = [_login(scheme, rest) for scheme, rest in _CHALLENGE.findall(answer)]
    if any(login in _known() for login in asked):
        return ()
    return tuple(dict.fromkeys(asked))


def _known() -> set[str]:
    return {"Basic", *(f"Digest {name.upper()}" for name in _KNOWN_ALGORITHMS)}


def _login(scheme: str, rest: str) -> str:
    if scheme.lower() != "digest":
        return scheme.capitalize()
    found = _ALGORITHM.search(rest)
    return f"Digest {found[1].upper() if found else 'MD5'}"
