"""All pictures that are kept, with what is to become of each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from api.database.database import Database
from api.database.tables import evidence
from api.retention.picture_deletion import PICTURES_PER_LOOK
from api.retention.picture_fate import PictureFate, fate_of
from api.retention.picture_holders import Upload, picture_facts
from api.retention.retention_class import RetentionClass
from api.retention.retention_settings import RetentionSettings

SOON = timedelta(hours=24)


@dataclass(slots=True)
class ClassCount:
    """How many pictures of a class there are.

    Attributes:
        kept: All of them.
        held: Those that a legal hold keeps.
        due: Those whose period is over.
        soon: Those whose period is over within 24 hours.
    """

    kept: int = 0
    held: int = 0
    due: int = 0
    soon: int = 0


@dataclass(slots=True)
class KeptCounts:
    """What is kept, by class."""

    classes: dict[RetentionClass, ClassCount] = field(default_factory=dict)

    def add(self, fate: PictureFate, now: datetime) -> None:
        """Count one picture."""
        count = self.classes.setdefault(fate.retention_class, ClassCount())
        count.kept += 1
        count.held += fate.is_held
        is_due = fate.is_due(now)
        count.due += is_due
        count.soon += fate.is_due(now + SOON) and not is_due


class KeptPictures:
    """Goes through all pictures; changes nothing.

    Args:
        database: Where they are.
        settings: How long what is kept.
    """

    def __init__(self, database: Database, settings: RetentionSettings) -> None:
        self._database = database
        self._settings = settings

    async def fates(self) -> AsyncIterator[PictureFate]:
        """Go through them in the order of their hashes."""
        last = ""
        while True:
            statement = (
                select(evidence.c.sha256, evidence.c.received_at)
                .where(evidence.c.sha256 > last)
                .order_by(evidence.c.sha256)
                .limit(PICTURES_PER_LOOK)
            )
            async with self._database.reading() as connection:
                rows = (await connection.execute(statement)).all()
                uploads = [Upload(row.sha256, row.received_at) for row in rows]
                facts = await picture_facts(connection, uploads)
            for one in facts:
                yield fate_of(one, self._settings)
            if len(rows) < PICTURES_PER_LOOK:
                return
            last = rows[-1].sha256

    async def counts(self, now: datetime) -> KeptCounts:
        """Count them by class."""
        found = KeptCounts()
        async for fate in self.fates():
            found.add(fate, now)
        return found
