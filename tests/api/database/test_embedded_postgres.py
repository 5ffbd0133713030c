"""The embedded server: survives crashes, leaves nothing behind, belongs to one process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from api.database.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    running_or_temporary,
)
from streams.kit.folder_lock import FolderError, FolderInUseError
from tests.waiting import wait_until

OWNER = """\
import sys, signal
from pathlib import Path
from api.database.embedded_postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])):
    print("up", flush=True)
    signal.pause()
"""


def wait_for_line(process: subprocess.Popen[bytes], line: bytes) -> None:
    """Read what a process says, its log too, up to a line."""
    for said in process.stdout:
        if said == line:
            return
    raise AssertionError(f"the process ended without {line!r}")


def servers_of(folder: Path) -> list[int]:
    """Return the processes of the server in a data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if any(str(folder) in part for part in process.cmdline()) and (
                process.name() == "postgres"
            ):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def value_of(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT value FROM kept").fetchone()[0]


def test_data_outlives_the_server_and_the_server_not_its_block(own_folder: Path):
    with EmbeddedPostgres(own_folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS value")
        assert servers_of(own_folder)
    wait_until(lambda: not servers_of(own_folder))
    with EmbeddedPostgres(own_folder) as server:
        assert value_of(server.url) == 7


def test_server_ends_with_its_killed_owner_and_starts_again(own_folder: Path):
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(own_folder)], stdout=subprocess.PIPE)
    try:
        wait_for_line(owner, b"up\n")
        with running_or_temporary(own_folder) as url, psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 8 AS value")
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()
    # At once, while the old server may still be stopping.
    with EmbeddedPostgres(own_folder) as server:
        assert value_of(server.url) == 8
    wait_until(lambda: not servers_of(own_folder))


def postmaster(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def test_killed_server_is_started_again(own_folder: Path):
    with EmbeddedPostgres(own_folder) as server:
        for life in range(2):
            with psycopg.connect(server.url) as connection:
                connection.execute(f"CREATE TABLE life_{life} AS SELECT 9 AS value")
            killed = psutil.Process(postmaster(own_folder))
            killed.kill()
            wait_until(lambda: answers(server.url), timeout=30)
            assert not killed.is_running()
            assert postmaster(own_folder) != killed.pid
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT value FROM life_1").fetchone() == (9,)
        assert zombies() == []
    wait_until(lambda: not servers_of(own_folder))
    with EmbeddedPostgres(own_folder) as server:
        assert answers(server.url)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def zombies() -> list[int]:
    children = psutil.Process().children()
    return [one.pid for one in children if one.status() == psutil.STATUS_ZOMBIE]


LOSER = """\
import signal, sys
from pathlib import Path
from api.database import server_watch
from api.database.embedded_postgres import EmbeddedPostgres
server_watch.RESTART_SECONDS = 0.5
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with EmbeddedPostgres(Path(sys.argv[1])):
    print("up", flush=True)
    while True:
        signal.pause()
"""


def test_process_whose_server_is_lost_ends_with_an_error(own_folder: Path):
    owner = subprocess.Popen(
        [sys.executable, "-c", LOSER, str(own_folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        wait_for_line(owner, b"up\n")
        with (own_folder / "postgres" / "postgresql.conf").open("a") as settings:
            settings.write("\nno_such_setting = 1\n")
        os.kill(postmaster(own_folder), signal.SIGKILL)
        _, said = owner.communicate(timeout=60)
    finally:
        owner.kill()
        owner.wait()
    assert owner.returncode == 1
    assert b"ServerLostError" in said
    assert b"no_such_setting" in said


def test_pid_that_now_belongs_to_someone_else_is_not_minded(own_folder: Path):
    with EmbeddedPostgres(own_folder):
        pass
    (own_folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with EmbeddedPostgres(own_folder):
        assert servers_of(own_folder)


def test_second_owner_is_refused_and_the_first_undisturbed(own_folder: Path):
    with EmbeddedPostgres(own_folder) as server:
        second = EmbeddedPostgres(own_folder, patience_seconds=0)
        with pytest.raises(FolderInUseError, match=f"process {os.getpid()}"), second:
            pass
        with running_or_temporary(own_folder) as url:
            psycopg.connect(url).close()
        psycopg.connect(server.url).close()


def test_temporary_server_is_stopped_again(own_folder: Path):
    with running_or_temporary(own_folder) as url:
        psycopg.connect(url).close()
        assert servers_of(own_folder)
    wait_until(lambda: not servers_of(own_folder))


def test_folder_with_a_long_name(open_folder: Path):
    folder = open_folder / ("long-" + "x" * 120)
    with EmbeddedPostgres(folder) as server:
        psycopg.connect(server.url).close()


def test_database_of_another_version_is_left_alone(own_folder: Path):
    cluster = own_folder / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 16"):
        EmbeddedPostgres(own_folder).__enter__()
    assert sorted(path.name for path in cluster.iterdir()) == ["PG_VERSION"]


def test_folder_that_cannot_be_made(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="Not a directory"):
        EmbeddedPostgres(tmp_path / "file" / "folder").__enter__()


def test_server_that_does_not_start_says_why(own_folder: Path):
    with EmbeddedPostgres(own_folder):
        pass
    with (own_folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("\nno_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        EmbeddedPostgres(own_folder).__enter__()
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"):
        # The lock was let go.
        EmbeddedPostgres(own_folder, patience_seconds=0).__enter__()
