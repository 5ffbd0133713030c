"""A department's system: takes messages over HTTP, or does not."""

import contextlib
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.http_server import HttpServer


@dataclass(frozen=True, slots=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str | None = None


TAKEN = Answer(204)
Answering = Callable[[Received], Answer]


class Receiver(HttpServer):
    """Listens on a free port of this machine; keeps all that came, also what it refused."""

    def __init__(
        self, answering: Answering = lambda _: TAKEN, certificate: Path | None = None
    ) -> None:
        self.answering = answering
        self.cookie: str | None = None
        self.received: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                got = Received(self.path, headers, body)
                receiver.received.append(got)
                answer = receiver.answering(got)
                self.send_response(answer.status)
                if answer.location is not None:
                    self.send_header("Location", answer.location)
                if receiver.cookie is not None:
                    self.send_header("Set-Cookie", receiver.cookie)
                self.end_headers()

            def handle(self) -> None:
                # A client that trusts us not, or has heard enough, goes without a word.
                with contextlib.suppress(OSError):
                    super().handle()

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(Handler)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # Shaken within the thread of each connection, not while others wait to be accepted.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [one.event for one in list(self.received)]

    @property
    def kinds(self) -> list[str]:
        return [one["type"].split(".")[3] for one in self.events]
