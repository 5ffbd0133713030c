"""The lock that gives a folder to one process at a time."""

import fcntl
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.kit.errors import CityPatrolError

_LOCK_FILE = "in-use.lock"
_RETRY_SECONDS = 0.1


class FolderInUseError(CityPatrolError):
    """Another process has the folder."""


class FolderError(CityPatrolError):
    """The folder cannot be made or written."""


class FolderLock:
    """Holds a folder while in its ``with`` block; the kernel lets go when the process dies.

    Args:
        folder: The folder; made if need be.
        name: What errors call it, such as ``data folder``.
        patience_seconds: How long to wait for another process that is about to leave it.
    """

    def __init__(self, folder: Path, name: str, *, patience_seconds: float = 0.0) -> None:
        self._folder = folder
        self._name = name
        self._patience_seconds = patience_seconds
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Make the folder if need be and lock it.

        Raises:
            FolderInUseError: Another process kept it.
            FolderError: It cannot be made or written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise FolderError(
                f"{self._name} {self._folder} cannot be used: {error.strerror}; "
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
                if time.monotonic() >= deadline:
                    raise FolderInUseError(
                        f"{self._name} {self._folder} is in use by process {holder}; stop that "
                        "one or choose another folder with --data-dir"
                    ) from None
                pause.wait(_RETRY_SECONDS)
            else:
                return
