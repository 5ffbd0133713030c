"""What every test stands on: a home and temporary folders that no other run touches."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_ROOT = pytest.StashKey[Path]()
_FOLDERS = {
    "HOME": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_RUNTIME_DIR": "runtime",
    "XDG_STATE_HOME": "state",
}
# What the user has set of ours would change what the tests see.
_OWN_PREFIX = "CITYPATROL_"
# These name test material, and no setting.
_MATERIAL = {"CITYPATROL_SHARED"}


# Files of few tests that start whole districts, or train. Begun last, one of them would go on for
# minutes while the other process has nothing left to do.
_SLOW_FIRST = (
    "end_to_end",
    "demo",
    "benchmarks",
    "labeling/training",
    "api/console",
    "tests/test_",
)


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported: modules look for the user's folders as they are imported."""
    # A short name: the path of PostgreSQL's socket, which lies far below, is 107 bytes at most.
    root = Path(tempfile.mkdtemp(prefix="cp-"))
    root.chmod(0o755)
    config.stash[_ROOT] = root
    home = root / "home"
    home.mkdir()
    # pytest shuts its usual folder to other users whenever a run begins, and with it the databases
    # of every run before that still goes on.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(root))
    for variable, folder in _FOLDERS.items():
        place = home / folder
        place.mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(place)
    for variable in list(os.environ):
        if variable.startswith(_OWN_PREFIX) and variable not in _MATERIAL:
            del os.environ[variable]
    # Here their cameras are replayed; of itself nothing of ours lets a camera be on this machine.
    os.environ["CITYPATROL_CAMERA_NETWORKS"] = "127.0.0.0/8, 10.0.0.0/8"
    # Tests ask as nobody far more often than anybody does; those of the limit set it themselves.
    os.environ["CITYPATROL_API_STRANGER_REQUESTS_PER_SECOND"] = "0"
    _let_examples_take_their_time()


def _let_examples_take_their_time() -> None:
    """No test is timed: a busy machine makes a quick example a slow one."""
    from hypothesis import settings  # noqa: PLC0415 - it looks for the user's folders, too

    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Children of the tests have ended by now."""
    shutil.rmtree(config.stash[_ROOT], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the slow files begin first; their own tests stay in order."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    place = item.path.as_posix()
    return min(
        (turn for turn, part in enumerate(_SLOW_FIRST) if f"/{part}" in place),
        default=len(_SLOW_FIRST),
    )
