"""Whether the data folder can take more: pictures, and the embedded database."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from streams.kit.errors import CityPatrolError

# A few of the largest pictures and some of PostgreSQL's log segments of 16 MiB.
LEAST_ROOM_BYTES = 128 * 1024 * 1024
# Enough to learn of a quota, of which the file system's free bytes say nothing.
PROBE_BYTES = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class DataFolderFullError(CityPatrolError):
    """The data folder takes no more."""


def ran_out_of_room(error: OSError) -> bool:
    """Say whether a file could not be written because the disk or its quota is full."""
    return error.errno in _FULL


def check_room(data_dir: Path) -> None:
    """Find out whether the folder can take more, by its free bytes and by taking some.

    One that is not there yet, as nothing was kept so far, has the room of the disk it will be on.

    Raises:
        DataFolderFullError: It cannot, or hardly.
    """
    there = next(place for place in (data_dir, *data_dir.absolute().parents) if place.is_dir())
    free = shutil.disk_usage(there).free
    if free < LEAST_ROOM_BYTES:
        raise DataFolderFullError(
            f"data folder {data_dir} has {free // 1024} KiB free, this node needs "
            f"{LEAST_ROOM_BYTES // 1024}; make room on its disk"
        )
    if there != data_dir:
        return
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            os.posix_fallocate(file.fileno(), 0, PROBE_BYTES)
    except OSError as error:
        if not ran_out_of_room(error):
            raise
        raise DataFolderFullError(
            f"data folder {data_dir} takes no {PROBE_BYTES // 1024} KiB more "
            f"({error.strerror}); make room on its disk or raise its quota"
        ) from error
