"""Asking a camera what it sends, without FFmpeg and without credentials."""

import socket
import ssl
from contextlib import ExitStack
from urllib.parse import urlsplit

from streams.kit.stream_address import DEFAULT_PORTS

# More than the head of any answer.
_MOST_BYTES = 65536


def describe_head(url: str, timeout_seconds: float) -> str:
    """Return the head of a camera's answer to DESCRIBE, its lines parted by line feeds.

    Args:
        url: The stream's address; its credentials are not sent.
        timeout_seconds: Longest wait for each step.

    Raises:
        OSError: It cannot be reached, or falls silent.
        ValueError: The address holds what no request can.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
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
