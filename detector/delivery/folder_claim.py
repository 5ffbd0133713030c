"""The claim on a worker's folder: no two workers may share one."""

import fcntl
from pathlib import Path
from typing import IO

from streams.kit.errors import CityPatrolError


def claim_folder(folder: Path) -> IO[str]:
    """Claim a folder until the returned file is closed or the process ends; made if need be.

    Raises:
        CityPatrolError: Another worker holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        claim = (folder / "outbox.lock").open("w")
    except OSError as error:
        raise CityPatrolError(f"outbox folder {folder} cannot be written: {error}") from error
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        claim.close()
        raise CityPatrolError(
            f"outbox folder {folder} is in use by another worker; "
            "give each worker its own --data-dir"
        ) from None
    return claim
