"""A child process that is ready when it says so and never outlives its parent."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

import structlog

from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

READY_WORD = "ready"
"""A child is ready when it prints a line of this word, a blank and whatever it has to tell."""

# Runs in a fresh interpreter that becomes the child. Popen's preexec_fn could do the same, but it
# runs Python code between fork and exec, which can deadlock in a parent with threads.
# The kernel forgets whom to tell when the account changes, so the account comes first.
_LAUNCHER = """\
import ctypes, os, sys
parent, death_signal, user, group = map(int, sys.argv[1:5])
PR_SET_PDEATHSIG = 1
if user >= 0:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")
os.execvp(sys.argv[5], sys.argv[5:])
"""

# Enough of what the child said last to see why it failed.
_LINES_KEPT = 20


@dataclass(frozen=True, slots=True)
class ChildAccount:
    """Whom a child runs as, where that is not its parent.

    Attributes:
        user: User id.
        group: Group id.
    """

    user: int
    group: int


def owned_command(
    command: Sequence[str], death_signal: signal.Signals, account: ChildAccount | None = None
) -> list[str]:
    """The command that runs another as a child of this process, which does not outlive it.

    Args:
        command: The program and its arguments.
        death_signal: What Linux sends it when the thread that starts it ends.
        account: Whom it runs as; as this process when None.
    """
    as_whom = ("-1", "-1") if account is None else (str(account.user), str(account.group))
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER]
    return [*launcher, str(os.getpid()), str(int(death_signal)), *as_whom, *command]


class ChildFailedError(CityPatrolError):
    """A child process did not start, did not become ready or ended on its own."""


class ChildProcess:
    """Runs one command as a child, from its ready line to its end.

    The child gets its own session, so that Ctrl-C in a terminal reaches the parent alone and
    the parent decides the order in which things stop. Linux sends it ``parent_death_signal``
    when the thread that entered this context ends, whatever ended it: enter it from a thread
    that lives as long as the child should, such as the main thread.

    Standard output is read by a thread of this object, so that the child never blocks on a full
    pipe; standard error goes where the parent's goes unless ``stderr`` says otherwise.

    Args:
        command: The program and its arguments. ``sys.executable`` is the usual program.
        name: What errors and logs call the child.
        ready_timeout_seconds: How long it may take until its ready line. One that fails ends
            before, so this is for a busy machine: the API's first start is ten seconds of CPU.
        stop_timeout_seconds: How long it may take to end after SIGTERM before it is killed.
        environment: Its environment variables; the parent's when None.
        stderr: An open file or ``subprocess.DEVNULL`` for its standard error.

    Example:
        >>> code = "import signal; print('ready 42', flush=True); signal.pause()"
        >>> with ChildProcess([sys.executable, "-c", code], name="answer") as child:
        ...     child.ready_message
        '42'
    """

    parent_death_signal = signal.SIGTERM

    def __init__(
        self,
        command: Sequence[str],
        *,
        name: str,
        ready_timeout_seconds: float = 120.0,
        stop_timeout_seconds: float = 10.0,
        environment: Mapping[str, str] | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> None:
        self.name = name
        self.ready_message = ""
        self._command = list(command)
        self._ready_timeout_seconds = ready_timeout_seconds
        self._stop_timeout_seconds = stop_timeout_seconds
        self._environment = environment
        self._stderr = stderr
        self._process: subprocess.Popen[bytes] | None = None
        self._said: deque[str] = deque(maxlen=_LINES_KEPT)
        self._ready: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Process id; also the id of its process group."""
        return self._started().pid

    @property
    def exit_status(self) -> int | None:
        """Exit status, negative for a signal, or None while it runs."""
        return self._started().poll()

    def start(self) -> None:
        """Start the child and return when it is ready.

        Raises:
            ChildFailedError: It cannot be started, ended first, or took too long. It is gone
                then.
        """
        self._process = subprocess.Popen(  # noqa: S603 - the command is the caller's, no shell
            owned_command(self._command, self.parent_death_signal),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            env=None if self._environment is None else dict(self._environment),
            start_new_session=True,
        )
        self._reader = threading.Thread(
            target=self._read_output, name=f"output of {self.name}", daemon=True
        )
        self._reader.start()
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the child: SIGTERM, time to finish, then SIGKILL to its whole process group."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(self._stop_timeout_seconds)
            except subprocess.TimeoutExpired:
                log.warning("child_killed", child=self.name, after_s=self._stop_timeout_seconds)
                self.kill()
        if self._reader is not None and self._reader is not threading.current_thread():
            # Ends with the pipe; a grandchild that holds it open must not hold us.
            self._reader.join(timeout=1.0)

    def kill(self) -> None:
        """Kill the child and its process group at once, as a crash would."""
        process = self._started()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait(self, timeout_seconds: float) -> int:
        """Wait for the child to end by itself and return its exit status.

        Raises:
            ChildFailedError: It still runs after ``timeout_seconds``.
        """
        try:
            return self._started().wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise ChildFailedError(
                f"{self.name} (pid {self.pid}) still runs after {timeout_seconds} s"
            ) from None

    def output(self) -> list[str]:
        """The last lines it wrote to standard output, oldest first."""
        return list(self._said)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise ChildFailedError(f"{self.name} has not been started; use it in a with block")
        return self._process

    def _read_output(self) -> None:
        """Runs in the reader thread until the pipe closes."""
        stream = self._started().stdout
        if stream is None:
            return
        with stream:
            for raw in stream:
                line = raw.decode("utf-8", errors="replace").rstrip()
                self._said.append(line)
                word, _, message = line.partition(" ")
                if word == READY_WORD:
                    self._ready.put(message)
        self._ready.put(None)

    def _wait_until_ready(self) -> None:
        started = time.monotonic()
        try:
            message = self._ready.get(timeout=self._ready_timeout_seconds)
        except queue.Empty:
            raise ChildFailedError(
                f"{self.name} was not ready within {self._ready_timeout_seconds} s"
                f"{self._last_words()}"
            ) from None
        if message is None:
            status = self.wait(self._stop_timeout_seconds)
            raise ChildFailedError(
                f"{self.name} ended with status {status} before it was ready{self._last_words()}"
            )
        self.ready_message = message
        log.debug("child_ready", child=self.name, pid=self.pid, after_s=time.monotonic() - started)

    def _last_words(self) -> str:
        return f"; it last said: {self._said[-1]}" if self._said else ""


def say_ready(message: str = "") -> None:
    """Tell the parent, from inside a child, that the child is ready.

    Args:
        message: What the parent needs to know, such as a port number; one line.
    """
    sys.stdout.write(f"{READY_WORD} {message}\n")
    sys.stdout.flush()
