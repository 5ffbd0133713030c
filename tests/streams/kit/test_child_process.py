import os
import signal
import subprocess
import sys
import textwrap

import psutil
import pytest

from streams.kit.child_process import ChildFailedError, ChildProcess
from tests.waiting import wait_until

STAYS = "import signal; print('ready 42', flush=True); signal.pause()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); " + STAYS.replace(
    "signal.pause()", "[signal.pause() for _ in iter(int, 1)]"
)


def child(code: str, **options) -> ChildProcess:
    return ChildProcess([sys.executable, "-c", code], name="test child", **options)


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_tells_what_the_child_said_when_ready_and_ends_it():
    with child(STAYS) as running:
        assert running.ready_message == "42"
        assert running.exit_status is None
        assert os.getsid(running.pid) == running.pid
        pid = running.pid
    assert running.exit_status == -signal.SIGTERM
    assert is_gone(pid)


def test_child_that_ignores_sigterm_is_killed():
    with child(STUBBORN, stop_timeout_seconds=0.2) as running:
        pass
    assert running.exit_status == -signal.SIGKILL


def test_lines_before_the_ready_line_are_kept():
    with child("print('loading', flush=True); " + STAYS) as running:
        assert running.output()[0] == "loading"


def test_child_that_writes_much_does_not_block():
    code = "print('ready', flush=True)\nfor n in range(50000): print('x' * 20)"
    with child(code) as running:
        assert running.wait(60) == 0
    assert len(running.output()) <= 20


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import sys; print('no database'); sys.exit(3)", "status 3.*last said: no database"),
        ("pass", "status 0 before it was ready"),
        ("import signal; signal.pause()", "not ready within 0.5 s"),
    ],
)
def test_child_that_does_not_become_ready(code, expected):
    with pytest.raises(ChildFailedError, match=f"test child.*{expected}"):
        child(code, ready_timeout_seconds=0.5 if "pause" in code else 30).start()


def test_program_that_does_not_exist():
    running = ChildProcess(
        ["/no/such/program"], name="ghost", stderr=subprocess.DEVNULL, ready_timeout_seconds=30
    )
    with pytest.raises(ChildFailedError, match="ghost"):
        running.start()


def test_no_child_outlives_a_killed_parent():
    parent_code = textwrap.dedent(
        f"""
        import signal, sys
        from streams.kit.child_process import ChildProcess
        with ChildProcess([sys.executable, "-c", {STAYS!r}], name="grandchild") as child:
            print("ready", child.pid, flush=True)
            signal.pause()
        """
    )
    with child(parent_code) as parent:
        grandchild = int(parent.ready_message)
        assert not is_gone(grandchild)
        parent.kill()
        wait_until(lambda: is_gone(grandchild), what="end of the grandchild")
