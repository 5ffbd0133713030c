"""What no linter checks: short files, and nothing of one machine in them."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
MOST_LINES = 400
"""Longer files hold a second idea that waits to be named."""

OF_ONE_MACHINE = re.compile(
    r"""(?<![\w.-])/(?:work|root|home/\w+|Users/\w+)/
    | \b(?:pypi|pythonhosted|npmjs|registry\.\w+|deb\.debian)\.(?:org|com)\b
    """,
    re.VERBOSE,
)
"""A folder of somebody's machine, or a host that packages are fetched from."""


def kept_files() -> list[Path]:
    """What git tracks, or would with the next commit."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not know this folder")
    paths = (REPOSITORY / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def texts() -> dict[str, str]:
    """Every kept text file: path from the repository's root to content."""
    found = {}
    for path in kept_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found[path.relative_to(REPOSITORY).as_posix()] = content.decode()
    return found


def test_files_are_short():
    lengths = {
        name: text.count("\n")
        for name, text in texts().items()
        if Path(name).suffix in {".py", ".js", ".css"}
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_nothing_of_one_machine():
    found = {
        name: match.group()
        for name, text in texts().items()
        if (match := OF_ONE_MACHINE.search(text))
    }
    assert found == {}


@pytest.mark.parametrize(
    "parts", [["see ", "work", "x"], ["https:", "", ".".join(["pypi", "org"])], ['"', "root", ""]]
)
def test_something_of_one_machine_is_seen(parts: list[str]):
    assert OF_ONE_MACHINE.search("/".join(parts))
