"""Links to the pictures of reported matters, for whoever may see evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.access_table import load_access_table
from api.accounts.actor import Actor
from api.accounts.evidence_links import EvidenceLinks
from api.cases.case import Case
from api.cases.reach import reach_of
from api.contract.case_words import PictureKind
from api.database.case_tables import case_pictures
from api.database.tables import evidence
from api.open311.reporter import known_actor
from api.services import Services

SAME_AS = "GET /v1/evidence/{sha256}"
"""Who may see a picture there is given links here."""
# Long enough to load a page of them, too short to be passed on.
LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ShownPictures:
    """The first picture of each matter, as links for one reader.

    Attributes:
        actor: Who reads.
        links: Makes links.
        base_url: The API's address, as the reader knows it.
    """

    actor: Actor
    links: EvidenceLinks
    base_url: str

    async def of(self, connection: AsyncConnection, several: Sequence[Case]) -> Mapping[str, str]:
        """Return a link by the id of each case that has a picture and is for the reader."""
        reach = await reach_of(connection, self.actor)
        theirs = [case.case_id for case in several if reach.covers(case)]
        columns = case_pictures.c
        # What was seen first; of those that came together, none of the handling.
        first = (columns.added_at, columns.kind == PictureKind.AFTER.value, columns.sha256)
        statement = (
            select(columns.case_id, columns.sha256)
            .join(evidence, evidence.c.sha256 == columns.sha256)
            .where(columns.case_id.in_(theirs), evidence.c.deletion.is_(None))
            .ext(distinct_on(columns.case_id))
            .order_by(columns.case_id, *first)
        )
        rows = (await connection.execute(statement)).all()
        return {row.case_id: self.base_url + self.links.path(row.sha256, LIFETIME) for row in rows}


async def shown_pictures(
    request: Request, services: Services, api_key: str | None
) -> ShownPictures | None:
    """Return the links for whoever reads; None for somebody who may see no evidence."""
    actor = await known_actor(request, services, api_key)
    permission = load_access_table().permission(SAME_AS)
    if actor is None or (permission is not None and not permission.allows(actor)):
        return None
    return ShownPictures(actor, services.evidence_links, str(request.base_url).rstrip("/"))
