"""What every test stands on: a home and temporary folders that no other run touches."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = pytest.StashKey[Path]()
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


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is imported: modules look for the user's folders as they are imported."""
    home = Path(tempfile.mkdtemp(prefix="citypatrol-home-"))
    config.stash[_HOME] = home
    for variable, folder in _FOLDERS.items():
        place = home / folder
        place.mkdir(mode=0o700, exist_ok=True)
        os.environ[variable] = str(place)
    # pytest shuts its usual folder to other users whenever a run begins, and with it the databases
    # of every run before that still goes on.
    temporary = home / "temporary"
    temporary.mkdir()
    home.chmod(0o755)
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary))
    for variable in list(os.environ):
        if variable.startswith(_OWN_PREFIX) and variable not in _MATERIAL:
            del os.environ[variable]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Children of the tests have ended by now."""
    shutil.rmtree(config.stash[_HOME], ignore_errors=True)
