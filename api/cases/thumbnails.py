"""A small picture of a case for lists: the thing with what is around it."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.cases.case_ground import CaseGround
from api.cases.case_reader import CaseReader
from api.contract.case_words import PictureKind
from api.contract.events import EvidenceKind
from api.database.case_tables import case_events, case_pictures
from api.database.tables import events
from api.events.evidence_store import EvidenceStore
from api.http.heavy_work import HeavyWork
from api.http.small_picture import Box, small_picture

# Of 6 kB each; a queue shows a dozen at a time, and many desks look at the same cases.
KEPT = 1000
_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
# What shows the matter best, first; a picture after the handling shows only its place.
_BEST_FIRST = (
    *(PictureKind.FAR, PictureKind.NEAR, PictureKind.BEFORE),
    *(PictureKind.REFERENCE, PictureKind.AFTER),
)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture.

    Attributes:
        jpeg: Its bytes.
        tag: Changes when it would show something else.
        sha256: The picture that it was made of.
    """

    jpeg: bytes
    tag: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What a small picture is made of: a picture, and where in it the thing is."""

    sha256: str
    box: Box

    @property
    def tag(self) -> str:
        return hashlib.sha256(f"{self.sha256}{self.box}".encode()).hexdigest()[:32]


class CaseThumbnails:
    """Makes small pictures of cases, and keeps the last ones; belongs to one event loop.

    Args:
        ground: What cases stand on.
        reader: Says who may see which.
        evidence: Where the pictures are.
        heavy: Decodes them beside the event loop.
    """

    def __init__(
        self, ground: CaseGround, reader: CaseReader, evidence: EvidenceStore, heavy: HeavyWork
    ) -> None:
        self._ground = ground
        self._reader = reader
        self._evidence = evidence
        self._heavy = heavy
        self._kept: OrderedDict[_Source, bytes] = OrderedDict()

    async def of(self, case_id: str, actor: Actor) -> Thumbnail | None:
        """Return the small picture of a case; None if it has no picture, or no longer.

        Raises:
            UnknownCaseError: There is no such case for this actor.
        """
        await self._reader.get(case_id, actor)
        async with self._ground.database.reading() as connection:
            source = await _of_event(connection, case_id) or await _of_report(connection, case_id)
        if source is None:
            return None
        jpeg = await self._made(source)
        return None if jpeg is None else Thumbnail(jpeg, source.tag, source.sha256)

    async def _made(self, source: _Source) -> bytes | None:
        # Read each time: what was deleted is shown nowhere, and not from here either.
        picture = await self._evidence.get(source.sha256)
        if picture is None:
            self._kept.pop(source, None)
            return None
        if source not in self._kept:
            self._kept[source] = await self._heavy.run(lambda: small_picture(picture, source.box))
        self._kept.move_to_end(source)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[source]


async def _of_event(connection: AsyncConnection, case_id: str) -> _Source | None:
    """The whole picture of its latest event, with the boxes drawn in, and where these are."""
    statement = (
        select(events.c.evidence, events.c.detections)
        .join(case_events, case_events.c.event_id == events.c.event_id)
        .where(case_events.c.case_id == case_id)
        .order_by(events.c.event_id.desc())
        .limit(1)
    )
    row = (await connection.execute(statement)).one_or_none()
    pictures = [] if row is None else row.evidence
    whole = [one["sha256"] for one in pictures if one["kind"] == EvidenceKind.ANNOTATED.value]
    if row is None or not whole:
        return None
    boxes = [one["box"] for one in row.detections]
    # The last of each kind is the best.
    return _Source(whole[-1], _around(boxes) if boxes else _WHOLE)


def _around(boxes: list[list[float]]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


async def _of_report(connection: AsyncConnection, case_id: str) -> _Source | None:
    statement = select(case_pictures.c.sha256, case_pictures.c.kind).where(
        case_pictures.c.case_id == case_id
    )
    rows = (await connection.execute(statement.order_by(case_pictures.c.added_at))).all()
    for kind in _BEST_FIRST:
        for row in rows:
            if row.kind == kind.value:
                return _Source(row.sha256, _WHOLE)
    return None
