"""A test process that crashes ends the run as a failure, and does not let it hang."""

import re
import subprocess
import sys
from pathlib import Path

CRASHING = """
import os
import signal
import pytest

@pytest.mark.parametrize("number", range(3))
def test_crashes(number):
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
"""
FINE = "def test_passes():\n    pass\n"
MAKEFILE = Path(__file__).parents[1] / "Makefile"
LONGEST_SECONDS = 120


def test_crashed_process_ends_the_run(tmp_path: Path):
    (tmp_path / "test_crashing.py").write_text(CRASHING)
    for number in range(3):
        (tmp_path / f"test_fine_{number}.py").write_text(FINE)
    parallel = re.search(r"^PARALLEL \?= (.*)$", MAKEFILE.read_text(), re.MULTILINE)
    assert parallel is not None
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *parallel[1].split(), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert ended.returncode == 1, ended.stdout
    assert "crashed while running 'test_crashing.py::test_crashes[1]'" in ended.stdout
