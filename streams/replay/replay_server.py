"""Replays video files as RTSP cameras on this machine, from a process of its own."""

import argparse
import asyncio
import json
import logging
import sys
import urllib.parse
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from aio_rtsp_toolkit.server import RtspServer

from streams.kit.child_process import ChildFailedError, ChildProcess, say_ready
from streams.kit.errors import CityPatrolError

HOST = "127.0.0.1"

# The toolkit reads each stream in a thread of the event loop's default executor, whose usual size
# (cores + 4) would leave further streams silent. Threads come to life only when needed.
STREAMS_AT_MOST = 2048

# The toolkit ends a session from which it has heard nothing; FFmpeg speaks every 30 s or so.
_SESSION_TIMEOUT_SECONDS = 120

LOOP_FOR_EVER = 0


class ReplayServer:
    """An RTSP server (H.264 or H.265 over TCP) that repeats each of its files for ever.

    Any number of clients may open a name, and any path or query after a name is ignored, so
    that one file can stand for many cameras: ``server.url("street") + "?copy=7"``.

    Use it in a ``with`` block, from a thread that lives as long as the server should.

    Args:
        files: Video file per name; a name becomes the first part of the URL's path.
        port: Port to listen on; 0 takes any free one.

    Raises:
        CityPatrolError: A file is missing, or the server cannot start, e.g. as the port is taken.

    Example:
        with ReplayServer({"street": Path("street.mp4")}) as server:
            av.open(server.url("street"), options={"rtsp_transport": "tcp"})
    """

    def __init__(self, files: Mapping[str, Path], *, port: int = 0) -> None:
        for name, path in files.items():
            if not path.is_file():
                raise CityPatrolError(f"replay {name!r}: there is no file {str(path)!r}")
        self._files = {name: str(path.resolve()) for name, path in files.items()}
        self._asked_port = port
        self._child: ChildProcess | None = None

    def __enter__(self) -> Self:
        command = [
            sys.executable,
            *("-m", "streams.replay.replay_server"),
            *("--port", str(self._asked_port)),
            *("--files", json.dumps(self._files)),
        ]
        child = ChildProcess(command, name="RTSP replay server")
        try:
            child.start()
        except ChildFailedError as error:
            raise CityPatrolError(
                f"cannot replay files on {HOST}:{self._asked_port or '(any port)'}: {error}"
            ) from error
        self._child = child
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._running().ready_message)

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._running().pid

    def url(self, name: str) -> str:
        """The RTSP address under which the file called ``name`` is replayed."""
        if name not in self._files:
            raise CityPatrolError(f"nothing is replayed as {name!r}; there is {list(self._files)}")
        return f"rtsp://{HOST}:{self.port}/{urllib.parse.quote(name, safe='')}"

    def kill(self) -> None:
        """Kill the server at once, as a power cut would."""
        self._running().kill()

    def _running(self) -> ChildProcess:
        if self._child is None:
            raise CityPatrolError("the replay server is not running; use it in a with block")
        return self._child


class _NamedFilesServer(RtspServer):  # type: ignore[misc]  # the toolkit is not typed
    """The toolkit's server, but with names instead of a folder, and no end."""

    def __init__(self, files: Mapping[str, Path], port: int) -> None:
        super().__init__("/", HOST, port, session_timeout=_SESSION_TIMEOUT_SECONDS)
        # The toolkit prints to standard output, which belongs to the ready line.
        self.logger = logging.getLogger("replay_server")
        self._files = files

    def resolve_request_path(self, uri: str) -> Path:
        """The file behind a URL; the toolkit answers 404 when this raises."""
        name = urllib.parse.unquote(urllib.parse.urlsplit(uri).path.lstrip("/").split("/")[0])
        try:
            return self._files[name]
        except KeyError:
            raise FileNotFoundError(uri) from None

    def parse_play_count(self, uri: str) -> int:  # noqa: ARG002 - the toolkit's signature
        """How often the toolkit plays the file of a URL."""
        return LOOP_FOR_EVER

    def bound_port(self) -> int:
        """The port it got."""
        return int(self._server.sockets[0].getsockname()[1])


async def _serve(files: Mapping[str, Path], port: int) -> None:
    executor = ThreadPoolExecutor(STREAMS_AT_MOST, thread_name_prefix="stream")
    asyncio.get_running_loop().set_default_executor(executor)
    server = _NamedFilesServer(files, port)
    try:
        await server.start()
    except OSError as error:
        sys.exit(f"cannot listen on {HOST}:{port}: {error.strerror or error}")
    say_ready(str(server.bound_port()))
    await server.serve_forever()


def main() -> None:
    """Serve until SIGTERM; ``ReplayServer`` starts this as its child process."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--files", type=json.loads, required=True, help="JSON: name to path")
    given = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(_serve({name: Path(path) for name, path in given.files.items()}, given.port))


if __name__ == "__main__":
    main()
