"""Which logins a camera asks for, of which FFmpeg only says that it was refused."""

import re
import socket
import ssl
from contextlib import ExitStack
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"rtsp": 554, "rtsps": 322}
# What FFmpeg can answer: Basic, and Digest with MD5, which is meant where no algorithm is named.
_KNOWN_ALGORITHMS = {"md5", "md5-sess"}
_CHALLENGE = re.compile(r"^www-authenticate:\s*([a-z]+)(.*)$", re.IGNORECASE | re.MULTILINE)
_ALGORITHM = re.compile(r'algorithm\s*=\s*"?([^",\s]+)', re.IGNORECASE)
# More than the head of any answer.
_MOST_BYTES = 65536


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
        answer = _answer(url, timeout_seconds)
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


def _answer(url: str, timeout_seconds: float) -> str:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    shown_host = f"[{host}]" if ":" in host else host
    target = parts._replace(netloc=f"{shown_host}:{port}").geturl()
    with ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection((host, port), timeout_seconds))
        if parts.scheme == "rtsps":
            # Cameras sign their certificates themselves; no secret is sent here.
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            connection = stack.enter_context(context.wrap_socket(connection))
        request = f"DESCRIBE {target} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n"
        connection.sendall(request.encode("ascii"))
        answer = b""
        while b"\r\n\r\n" not in answer and len(answer) < _MOST_BYTES:
            received = connection.recv(4096)
            if not received:
                break
            answer += received
    return answer.partition(b"\r\n\r\n")[0].decode("latin-1").replace("\r\n", "\n")
