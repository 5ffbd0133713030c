"""A watch over the embedded server: what ends by itself is started again."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import structlog

from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# What is left of a killed server may hold its memory for some moments more.
RESTART_SECONDS = 10.0
PAUSE_SECONDS = 0.2


class ServerLostError(CityPatrolError):
    """The embedded PostgreSQL server ended by itself and could not be started again."""


class ServerWatch:
    """Owns the server's process, and a thread that starts it again when it ends by itself.

    Where that fails, this whole process is asked to end (SIGTERM), for it cannot serve; ``stop``
    then says why.

    Args:
        launch: Starts the server and returns it ready; raises ``CityPatrolError`` if it does not
            get ready. It is first called in the thread that makes this object.
    """

    def __init__(self, launch: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        self._launch = launch
        self._process = launch()
        self._stopping = threading.Event()
        self._restarting = threading.Lock()
        self._lost: ServerLostError | None = None
        # The kernel stops the server when the thread that started it ends: this one, too, lives
        # as long as the server should.
        self._thread = threading.Thread(target=self._watch, name="embedded-postgres", daemon=True)
        self._thread.start()

    def stop(self, end: Callable[[int], None]) -> None:
        """Stop the server for good.

        Args:
            end: Ends a process.

        Raises:
            ServerLostError: It was lost before.
        """
        with self._restarting:
            self._stopping.set()
        if self._process.poll() is None:
            end(self._process.pid)
        self._process.wait()
        self._thread.join()
        if self._lost is not None:
            raise self._lost

    def _watch(self) -> None:
        while True:
            status = self._process.wait()
            with self._restarting:
                if self._stopping.is_set():
                    return
                log.error("embedded_postgres_ended", pid=self._process.pid, status=status)
                if not self._start_again():
                    os.kill(os.getpid(), signal.SIGTERM)
                    return

    def _start_again(self) -> bool:
        deadline = time.monotonic() + RESTART_SECONDS
        while True:
            try:
                self._process = self._launch()
            except (CityPatrolError, OSError) as error:
                if time.monotonic() > deadline:
                    log.critical("embedded_postgres_lost", error=str(error))
                    self._lost = ServerLostError(
                        f"the embedded PostgreSQL ended and did not start again: {error}"
                    )
                    return False
                self._stopping.wait(PAUSE_SECONDS)
            else:
                log.warning("embedded_postgres_started_again", pid=self._process.pid)
                return True
