"""Evidence pictures, named by their content."""

import asyncio
import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, func, literal_column, null, select
from sqlalchemy.dialects.postgresql import insert

from api.database.data_folder_room import DataFolderFullError, ran_out_of_room
from api.database.database import Database
from api.database.tables import evidence

MEDIA_TYPE = "image/jpeg"
EVIDENCE_FOLDER = "evidence"
"""What the folder is called in a node's data folder."""
# How a file's name begins while it is written.
_NEW = "new-"
_PICTURE_NAME = re.compile(r"[0-9a-f]{64}\.jpg")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that lies where evidence does.

    Attributes:
        name: Hash of the picture; for what is no picture, the file's name.
        size: Bytes.
        changed_at: When it was written or uploaded last.
        is_picture: Whether it is named as a picture is.
    """

    name: str
    size: int
    changed_at: datetime
    is_picture: bool


class EvidenceFiles(Protocol):
    """Where the bytes of evidence are; a folder, or later an object store."""

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep ``content`` for good; returns only when a power cut could not undo it.

        Raises:
            DataFolderFullError: There is no room for it.
        """

    async def get(self, sha256: str) -> bytes | None:
        """Return what was kept, or None."""

    async def holds(self, sha256: str) -> bool:
        """Say whether it is kept."""

    async def delete(self, sha256: str) -> None:
        """Keep it no more; returns only when a power cut could not undo it.

        What is not kept may be deleted too: whoever crashed between does it again.
        """

    def listed(self) -> Iterator[Sequence[FoundFile]]:
        """Go through all that is kept, some hundreds at a time; blocks while it reads."""


class EvidenceFolder:
    """Keeps evidence in a folder, in two levels so that none of them grows too wide."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, sha256: str, content: bytes) -> None:
        """Write a file beside and rename it, so that no half picture is ever seen.

        Raises:
            DataFolderFullError: There is no room for it.
        """
        try:
            await asyncio.to_thread(self._write, sha256, content)
        except OSError as error:
            if not ran_out_of_room(error):
                raise
            raise DataFolderFullError(
                f"evidence {sha256} was not kept: {self._folder} is full ({error.strerror}); "
                "make room on its disk and send it again"
            ) from error

    async def get(self, sha256: str) -> bytes | None:
        """Read a file, or return None if it is not there."""
        return await asyncio.to_thread(self._read, sha256)

    async def holds(self, sha256: str) -> bool:
        """Say whether there is a file."""
        return await asyncio.to_thread(self._path(sha256).exists)

    async def delete(self, sha256: str) -> None:
        """Remove a file, if it is there."""
        await asyncio.to_thread(self._delete, self._path(sha256))

    async def delete_unfinished(self, name: str) -> None:
        """Remove what a crash left of a file that was being written.

        Args:
            name: As ``listed`` names it.
        """
        for path in self._folder.glob(f"??/??/{_NEW}{name.removeprefix(_NEW)}"):
            await asyncio.to_thread(self._delete, path)

    def listed(self) -> Iterator[Sequence[FoundFile]]:
        """Go through all files, a folder of pictures at a time."""
        for folder in sorted(self._folder.glob("??/??")):
            found = [_found(path) for path in sorted(folder.iterdir())]
            present = [one for one in found if one is not None]
            if present:
                yield present

    def _delete(self, path: Path) -> None:
        try:
            path.unlink()
        except FileNotFoundError:
            return
        _sync_folder(path.parent)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256[2:4] / f"{sha256}.jpg"

    def _read(self, sha256: str) -> bytes | None:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, sha256: str, content: bytes) -> None:
        path = self._path(sha256)
        if path.exists() and path.stat().st_size == len(content):
            # Whoever looks for files that nobody knows goes by it.
            os.utime(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=_NEW, dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        for folder in (path.parent, path.parent.parent, self._folder):
            _sync_folder(folder)


# PostgreSQL's own mark of a row that was there before.
_IS_NEW: ColumnElement[bool] = literal_column("xmax = 0")


class EvidenceStore:
    """Evidence files and the table that knows which of them are whole."""

    def __init__(self, database: Database, files: EvidenceFiles) -> None:
        self._database = database
        self._files = files

    async def put(self, sha256: str, content: bytes) -> bool:
        """Keep a picture; return False if it was known.

        Raises:
            ValueError: ``content`` has another hash.
            DataFolderFullError: There is no room for it.
        """
        found = hashlib.sha256(content).hexdigest()
        if found != sha256:
            raise ValueError(f"the body's sha256 is {found}")
        await self._files.put(sha256, content)
        statement = (
            insert(evidence)
            .values(sha256=sha256, size=len(content), media_type=MEDIA_TYPE)
            .on_conflict_do_update(
                index_elements=[evidence.c.sha256],
                # It is wanted again, so a deletion that has begun ends here.
                set_={"received_at": func.now(), "deletion": null()},
            )
            .returning(_IS_NEW)
        )
        async with self._database.writing() as connection:
            is_new = bool((await connection.execute(statement)).scalar_one())
        if not await self._files.holds(sha256):
            # A deletion took it meanwhile; from now on the row keeps it.
            await self._files.put(sha256, content)
        return is_new

    async def get(self, sha256: str) -> bytes | None:
        """Return a picture, or None."""
        async with self._database.reading() as connection:
            statement = select(evidence.c.sha256).where(
                evidence.c.sha256 == sha256, evidence.c.deletion.is_(None)
            )
            if (await connection.execute(statement)).one_or_none() is None:
                return None
        return await self._files.get(sha256)


def _found(path: Path) -> FoundFile | None:
    try:
        said = path.stat()
    except FileNotFoundError:
        return None
    is_picture = _PICTURE_NAME.fullmatch(path.name) is not None
    changed_at = datetime.fromtimestamp(said.st_mtime, UTC)
    return FoundFile(path.stem if is_picture else path.name, said.st_size, changed_at, is_picture)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
