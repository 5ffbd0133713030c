"""The data folder and the lock that gives it to one process at a time."""

import fcntl
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.kit.errors import CityPatrolError

# Long enough for a `citypatrol keys` that runs the server for a moment, or for a stopping API.
PATIENCE_SECONDS = 5.0


class DataFolderInUseError(CityPatrolError):
    """Another process has the data folder."""


class DataFolderError(CityPatrolError):
    """The data folder cannot be made or written."""


class DataFolderLock:
    """Holds a data folder while in its ``with`` block; the kernel lets go when the process dies."""

    def __init__(self, data_dir: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._data_dir = data_dir
        self._patience_seconds = patience_seconds
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Make the folder if need be and lock it.

        Raises:
            DataFolderInUseError: Another process kept it.
            DataFolderError: It cannot be made or written.
        """
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._data_dir / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise DataFolderError(
                f"data folder {self._data_dir} cannot be used: {error.strerror}; "
                "choose another with --data-dir"
            ) from error
        try:
            self._wait_for_lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        self._descriptor = descriptor
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the folder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _wait_for_lock(self, descriptor: int) -> None:
        deadline = time.monotonic() + self._patience_seconds
        pause = threading.Event()
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(descriptor, 20, 0).decode() or "unknown"
                if time.monotonic() > deadline:
                    raise DataFolderInUseError(
                        f"data folder {self._data_dir} is in use by process {holder}; stop that "
                        "one or choose another folder with --data-dir"
                    ) from None
                pause.wait(0.1)
            else:
                return
