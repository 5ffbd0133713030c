"""A real HTTP server that speaks the OpenAI-compatible protocol, in whatever mood a test wants."""

import base64
import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import cv2
import numpy as np

from tests.http_server import HttpServer

KEY = "sk-0123456789abcdef"


@dataclass(frozen=True)
class Answer:
    """What the server answers.

    Attributes:
        body: Sent as it is.
        status: HTTP status.
        headers: Beside the usual ones.
        after: The answer comes when this is set.
    """

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None


def says(content: object, **changes: Any) -> Answer:
    """A chat completion with this content."""
    message = {"role": "assistant", "content": content}
    completion = {"model": "eye-7b", "choices": [{"index": 0, "message": message}]}
    return Answer(json.dumps(completion).encode(), **changes)


def verdict(word: str, reason: str = "It is so.", **changes: Any) -> Answer:
    """A chat completion as it should be."""
    return says(json.dumps({"verdict": word, "reason": reason}), **changes)


class VisionServer(HttpServer):
    """Gives ``answers`` in turn and the last of them for ever; use it in ``with``.

    Attributes:
        answers: What comes next.
        requests: Bodies of the requests so far.
        keys: Their Authorization headers.
    """

    def __init__(self, *answers: Answer) -> None:
        self.answers = deque(answers or [verdict("yes")])
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.paths: list[str] = []
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        super().__init__(self._handler())

    def stop(self) -> None:
        self._leaving.set()
        super().stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def pictures(self, request: int = 0) -> list[np.ndarray]:
        """The pictures that came with a request."""
        parts = self.requests[request]["messages"][1]["content"]
        urls = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
        assert all(url.startswith("data:image/jpeg;base64,") for url in urls)
        encoded = [base64.b64decode(url.partition(",")[2]) for url in urls]
        return [cv2.imdecode(np.frombuffer(one, np.uint8), cv2.IMREAD_COLOR) for one in encoded]

    def _take(self, path: str, key: str | None, body: dict[str, Any]) -> Answer:
        with self._lock:
            self.paths.append(path)
            self.keys.append(key)
            self.requests.append(body)
            return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]

    def _wait(self, answer: Answer) -> bool:
        while answer.after is not None and not answer.after.wait(0.02):
            if self._leaving.is_set():
                return False
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = server._take(self.path, self.headers["Authorization"], body)
                if not server._wait(answer):
                    self.close_connection = True
                    return
                try:
                    self._send(answer)
                except OSError:
                    # Whoever asked has gone away.
                    self.close_connection = True

            def _send(self, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
