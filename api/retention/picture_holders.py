"""Which events and cases name a picture, and what of them says how long they keep it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from api.contract.case_words import CaseSource, CaseState
from api.contract.holds import HoldKind
from api.contract.verdicts import VerdictKind
from api.retention.picture_fate import PictureFacts
from api.retention.retention_class import CaseFacts, LastVerdict, PictureHolder

EVENTS = text("""
SELECT wanted.sha256, events.event_id, events.updated_at, case_events.case_id,
    said.verdict, said.given_at, held.hold_id IS NOT NULL AS is_held
FROM unnest(CAST(:wanted AS text[])) AS wanted(sha256)
JOIN events ON jsonb_path_query_array(events.evidence, '$[*].sha256')
    @> jsonb_build_array(wanted.sha256)
LEFT JOIN case_events ON case_events.event_id = events.event_id
LEFT JOIN holds AS held ON held.kind = 'event' AND held.subject_id = events.event_id
    AND held.lifted_at IS NULL
LEFT JOIN LATERAL (
    SELECT verdict, given_at FROM verdicts
    WHERE case_events.case_id IS NULL AND verdicts.event_id = events.event_id
    ORDER BY verdict_id DESC LIMIT 1
) AS said ON true
""")
CASE_PICTURES = text("""
SELECT DISTINCT sha256, case_id FROM case_pictures
WHERE sha256 = ANY(CAST(:wanted AS text[]))
""")
# A merged case counts as the one at the end of its way. A hold goes the same way: on whatever the
# events of a held case were moved to.
_CASES = text("""
WITH RECURSIVE way(asked, case_id) AS (
    SELECT asked, asked FROM unnest(CAST(:wanted AS text[])) AS asked
    UNION
    SELECT way.asked, cases.merged_into FROM way JOIN cases ON cases.case_id = way.case_id
    WHERE EXISTS (SELECT FROM cases AS target WHERE target.case_id = cases.merged_into)
), held(case_id) AS (
    SELECT subject_id FROM holds WHERE kind = 'case' AND lifted_at IS NULL
    UNION
    SELECT cases.merged_into FROM held JOIN cases ON cases.case_id = held.case_id
    WHERE cases.merged_into IS NOT NULL
)
SELECT way.asked, cases.case_id, cases.state, cases.source, cases.version, cases.updated_at,
    cases.ended_at, cases.registered_at IS NOT NULL AS is_registered,
    cases.case_id IN (SELECT case_id FROM held) AS is_held,
    signs.last_sign, said.verdict, said.given_at
FROM way JOIN cases ON cases.case_id = way.case_id
LEFT JOIN LATERAL (
    SELECT max(events.updated_at) AS last_sign
    FROM case_events JOIN events ON events.event_id = case_events.event_id
    WHERE case_events.case_id = cases.case_id
        AND cases.registered_at IS NULL AND cases.ended_at IS NULL
) AS signs ON true
LEFT JOIN LATERAL (
    SELECT verdicts.verdict, verdicts.given_at
    FROM case_events JOIN verdicts ON verdicts.event_id = case_events.event_id
    WHERE case_events.case_id = cases.case_id
        AND cases.registered_at IS NULL AND cases.ended_at IS NULL
    ORDER BY verdicts.verdict_id DESC LIMIT 1
) AS said ON true
WHERE NOT EXISTS (SELECT FROM cases AS target WHERE target.case_id = cases.merged_into)
""")


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that is kept.

    Attributes:
        sha256: The picture.
        received_at: When it was last uploaded.
    """

    sha256: str
    received_at: datetime


async def picture_facts(
    connection: AsyncConnection, uploads: Sequence[Upload]
) -> list[PictureFacts]:
    """Return who names each of some pictures, as ``connection`` sees it; a few hundred at most."""
    if not uploads:
        return []
    wanted = {"wanted": [upload.sha256 for upload in uploads]}
    events = (await connection.execute(EVENTS, wanted)).all()
    pictures = (await connection.execute(CASE_PICTURES, wanted)).all()
    asked = {row.case_id for row in (*events, *pictures) if row.case_id is not None}
    cases = await _cases(connection, asked)
    holders: dict[str, list[PictureHolder]] = defaultdict(list)
    for row in events:
        holders[row.sha256].append(_event_holder(row, cases))
    for row in pictures:
        # A case's pictures go with it, so a row without a case is one of no holder.
        if row.case_id in cases:
            holders[row.sha256].append(_case_holder(row.case_id, cases[row.case_id]))
    return [
        PictureFacts(upload.sha256, upload.received_at, tuple(holders[upload.sha256]))
        for upload in uploads
    ]


async def _cases(connection: AsyncConnection, asked: Iterable[str]) -> Mapping[str, CaseFacts]:
    wanted = {"wanted": sorted(asked)}
    if not wanted["wanted"]:
        return {}
    rows = (await connection.execute(_CASES, wanted)).all()
    return {row.asked: _case_facts(row) for row in rows}


def _case_facts(row: Row[Any]) -> CaseFacts:
    return CaseFacts(
        case_id=row.case_id,
        state=CaseState(row.state),
        source=CaseSource(row.source),
        is_registered=row.is_registered,
        version=row.version,
        last_sign=max(row.updated_at, row.last_sign or row.updated_at),
        ended_at=row.ended_at,
        verdict=_verdict(row),
        is_held=row.is_held,
    )


def _event_holder(row: Row[Any], cases: Mapping[str, CaseFacts]) -> PictureHolder:
    return PictureHolder(
        kind=HoldKind.EVENT,
        holder_id=row.event_id,
        updated_at=row.updated_at,
        verdict=_verdict(row),
        case=cases.get(row.case_id),
        is_held=row.is_held,
    )


def _case_holder(case_id: str, case: CaseFacts) -> PictureHolder:
    return PictureHolder(
        kind=HoldKind.CASE,
        holder_id=case_id,
        updated_at=case.last_sign,
        verdict=None,
        case=case,
        is_held=case.is_held,
    )


def _verdict(row: Row[Any]) -> LastVerdict | None:
    if row.verdict is None:
        return None
    return LastVerdict(VerdictKind(row.verdict), row.given_at)
