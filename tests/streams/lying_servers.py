"""Servers that do not behave: what real networks and cheap cameras come up with."""

import base64
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket], None]

_HOST = "127.0.0.1"


@contextmanager
def served(behaviour: Behaviour) -> Iterator[int]:
    """Run ``behaviour`` in a thread for each connection; yields the port."""
    listener = socket.create_server((_HOST, 0))
    connections: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            behaviour(connection)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connections.append(connection)
                threading.Thread(target=talk, args=(connection,), daemon=True).start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake a thread that is blocked in accept.
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        acceptor.join(5)


def silent(connection: socket.socket) -> None:
    """Accept the connection and say nothing."""
    while connection.recv(4096):
        pass


def garbage(connection: socket.socket) -> None:
    """Answer anything with noise."""
    connection.recv(4096)
    connection.sendall(bytes(range(256)) * 64)
    connection.close()


def web_server(connection: socket.socket) -> None:
    """Answer as the camera's web page would."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad")
    connection.close()


def answering(status: str, *headers: str, body: str = "") -> Behaviour:
    """Answer each RTSP request with the same status, headers and body."""

    def behave(connection: socket.socket) -> None:
        while request := connection.recv(4096).decode():
            sequence = next(
                line for line in request.split("\r\n") if line.lower().startswith("cseq")
            )
            lines = [f"RTSP/1.0 {status}", sequence, *headers, f"Content-Length: {len(body)}"]
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    return behave


def answering_setup(status: str, *headers: str, body: str) -> Behaviour:
    """Answer well until the stream is to be set up, and that with ``status``."""

    def behave(connection: socket.socket) -> None:
        while request := connection.recv(4096).decode():
            sequence = next(
                line for line in request.split("\r\n") if line.lower().startswith("cseq")
            )
            said = status if request.startswith("SETUP") else "200 OK"
            lines = [f"RTSP/1.0 {said}", sequence]
            text = body if request.startswith("DESCRIBE") else ""
            lines += [*headers, f"Content-Length: {len(text)}"]
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + text).encode())

    return behave


def wanting_password(user: str, password: str) -> Behaviour:
    """Ask for basic authentication and accept one user only, as having no such stream."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode()

    def behave(connection: socket.socket) -> None:
        while request := connection.recv(4096).decode():
            sequence = next(
                line for line in request.split("\r\n") if line.lower().startswith("cseq")
            )
            known = f"Basic {token}" in request
            status = "404 Not Found" if known else "401 Unauthorized"
            challenge = 'WWW-Authenticate: Basic realm="camera"\r\n'
            connection.sendall(f"RTSP/1.0 {status}\r\n{sequence}\r\n{challenge}\r\n".encode())

    return behave


AUDIO_ONLY = "\r\n".join(
    (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=sound",
        "t=0 0",
        "m=audio 0 RTP/AVP 8",
        "a=control:track1",
        "",
    )
)


VIDEO_ONLY = "\r\n".join(
    (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=street",
        "t=0 0",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        "a=control:track1",
        "",
    )
)


class CuttingProxy:
    """Passes on what a server sends until so many bytes, then falls silent or hangs up.

    Args:
        port: Port of the server behind it.
        allowed_bytes: Bytes of the server's that pass.
        hang_up: Whether it closes the connection then, instead of falling silent.
    """

    def __init__(self, port: int, allowed_bytes: int, *, hang_up: bool) -> None:
        self._port = port
        self._allowed = allowed_bytes
        self._hang_up = hang_up

    def __call__(self, connection: socket.socket) -> None:
        with socket.create_connection((_HOST, self._port)) as server:
            threading.Thread(target=_pass_on, args=(connection, server), daemon=True).start()
            left = self._allowed
            while left > 0:
                data = server.recv(min(4096, left))
                if not data:
                    break
                connection.sendall(data)
                left -= len(data)
            if self._hang_up:
                connection.shutdown(socket.SHUT_RDWR)
            else:
                while server.recv(4096):
                    pass


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            sink.sendall(data)
