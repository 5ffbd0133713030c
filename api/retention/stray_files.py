"""Files in the evidence folder that no row knows: what a crash or a restored backup left."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from api.database.database import Database
from api.database.sent_rows import WANTED, is_wanted
from api.database.tables import evidence
from api.events.evidence_store import MEDIA_TYPE, EvidenceFolder, FoundFile
from api.retention.picture_fate import UPLOAD_GRACE

log = structlog.get_logger(__name__)

_KNOWN = select(evidence.c.sha256).where(is_wanted(evidence.c.sha256))


class StrayFiles:
    """Finds files that no row knows, and gives them one, so that their period runs as others' does.

    Args:
        database: Where the rows are.
        folder: Where the files are.
    """

    def __init__(self, database: Database, folder: EvidenceFolder) -> None:
        self._database = database
        self._folder = folder

    async def found(self, now: datetime) -> AsyncIterator[FoundFile]:
        """Go through the files that no row knows; those of an upload that goes on are left out."""
        listed = self._folder.listed()
        while (files := await asyncio.to_thread(next, listed, None)) is not None:
            known = await self._known([file.name for file in files if file.is_picture])
            for file in files:
                if file.name not in known and file.changed_at + UPLOAD_GRACE <= now:
                    yield file

    async def take_in(self, now: datetime) -> int:
        """Give each a row, from the moment at which it was written; return how many.

        What is no picture, and so of no use to anybody, is removed.
        """
        count = 0
        async for file in self.found(now):
            count += 1
            if not file.is_picture:
                await self._folder.delete_unfinished(file.name)
                log.warning("unfinished_file_removed", file=file.name)
                continue
            row = {
                "sha256": file.name,
                "size": file.size,
                "media_type": MEDIA_TYPE,
                "received_at": file.changed_at,
            }
            async with self._database.writing() as connection:
                await connection.execute(insert(evidence).values(row).on_conflict_do_nothing())
            log.warning("stray_file_taken_in", sha256=file.name)
        return count

    async def _known(self, names: Sequence[str]) -> frozenset[str]:
        async with self._database.reading() as connection:
            rows = await connection.execute(_KNOWN, {WANTED: list(names)})
            return frozenset(rows.scalars())
