"""The folder of real pictures, clips and weights that some tests compare against."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def shared_path(relative: str) -> Path:
    """A file or folder in the shared folder; skips the test where it is absent."""
    folder = Path(os.environ.get("CITYPATROL_SHARED") or REPOSITORY.parent / "shared")
    path = folder / relative
    if not path.exists():
        pytest.skip(f"{path} is not there; set CITYPATROL_SHARED to the folder that has it")
    return path
