"""Evidence pictures, named by their content."""

import asyncio
import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from api.database.data_folder_room import DataFolderFullError, ran_out_of_room
from api.database.database import Database
from api.database.tables import evidence

MEDIA_TYPE = "image/jpeg"


class EvidenceFiles(Protocol):
    """Where the bytes of evidence are; a folder, or later an object store."""

    async def put(self, sha256: str, content: bytes) -> None:
        """Keep ``content`` for good; returns only when a power cut could not undo it.

        Raises:
            DataFolderFullError: There is no room for it.
        """

    async def get(self, sha256: str) -> bytes | None:
        """Return what was kept, or None."""


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
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="new-", dir=path.parent)
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
            .on_conflict_do_nothing()
            .returning(evidence.c.sha256)
        )
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).one_or_none() is not None

    async def get(self, sha256: str) -> bytes | None:
        """Return a picture, or None."""
        async with self._database.reading() as connection:
            statement = select(evidence.c.sha256).where(evidence.c.sha256 == sha256)
            if (await connection.execute(statement)).one_or_none() is None:
                return None
        return await self._files.get(sha256)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
