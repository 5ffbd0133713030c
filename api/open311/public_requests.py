"""Reported matters as the public sees them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api.accounts.actor import Actor
from api.cases.case import Case
from api.cases.case_ground import CaseGround
from api.contract.case_words import CaseSource, Stage
from api.contract.open311 import RequestStatus, ServiceRequest
from api.database.case_tables import cases
from api.database.dispatch_tables import organisation_units
from api.open311.public_status import PUBLIC_STATUS
from api.open311.request_query import MOST_REQUESTS, RequestQuery
from api.open311.service_list import both
from api.open311.shown_pictures import ShownPictures


@dataclass(frozen=True, slots=True)
class _Around:
    """What a case names only by id.

    Attributes:
        departments: Names of units by their id.
        numbers: Numbers of cases by their id.
        pictures: Links to the first picture of cases by their id, where they may be shown.
    """

    departments: Mapping[str, str]
    numbers: Mapping[str, str]
    pictures: Mapping[str, str]


class PublicRequests:
    """Gives out what came by Open311, and to a reporter what they reported.

    Args:
        ground: What cases stand on.
    """

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground
        self._zone = ZoneInfo(ground.limits.settings.time_zone)

    async def find(
        self, wanted: RequestQuery, reporter: Actor | None, pictures: ShownPictures | None = None
    ) -> list[ServiceRequest]:
        """Return what is asked for, newest first.

        Args:
            wanted: What is.
            reporter: Whose key came with it: what that key reported through another channel is
                given as well, where its number is asked for.
            pictures: Links to pictures, for a reader who may see them.
        """
        columns = cases.c
        public = columns.source == CaseSource.OPEN311.value
        if wanted.numbers is None:
            condition = and_(public, *_conditions(wanted))
        else:
            own = () if reporter is None else (columns.reported_by == reporter.name,)
            condition = and_(or_(public, *own), columns.number.in_(wanted.numbers))
        statement = (
            select(cases)
            .where(condition)
            .order_by(columns.reported_at.desc(), columns.case_id.desc())
            .limit(MOST_REQUESTS)
        )
        async with self._ground.database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
            found = [Case.of(dict(row)) for row in rows]
            around = await _around(connection, found)
            if pictures is not None:
                around = replace(around, pictures=await pictures.of(connection, found))
        return [self._request(case, around) for case in found]

    def _request(self, case: Case, around: _Around) -> ServiceRequest:
        issue = self._ground.catalogue.types.get(case.issue_code)
        name = case.issue_code if issue is None else both(issue.name_zh, issue.name_en)
        public = PUBLIC_STATUS[case.state]
        notes = public.notes
        if other := around.numbers.get(case.merged_into or ""):
            notes = f"{notes} ({other})"
        due_at = case.due_at if case.clock_stage is Stage.HANDLE else None
        return ServiceRequest(
            service_request_id=case.number,
            status=public.status,
            status_notes=notes,
            service_name=name,
            service_code=case.issue_code,
            description=case.description,
            agency_responsible=around.departments.get(case.department_id or ""),
            requested_datetime=case.reported_at.astimezone(self._zone),
            updated_datetime=case.updated_at.astimezone(self._zone),
            expected_datetime=None if due_at is None else due_at.astimezone(self._zone),
            lat=case.lat,
            long=case.lon,
            media_url=around.pictures.get(case.case_id),
        )


def _conditions(wanted: RequestQuery) -> list[ColumnElement[bool]]:
    columns = cases.c
    found: list[ColumnElement[bool]] = [
        columns.reported_at >= wanted.since,
        columns.reported_at <= wanted.until,
    ]
    if wanted.service_codes:
        found.append(columns.issue_code.in_(wanted.service_codes))
    if wanted.statuses == {RequestStatus.OPEN}:
        found.append(columns.ended_at.is_(None))
    if wanted.statuses == {RequestStatus.CLOSED}:
        found.append(columns.ended_at.is_not(None))
    return found


async def _around(connection: AsyncConnection, several: Sequence[Case]) -> _Around:
    return _Around(
        await _department_names(connection, {one.department_id for one in several}),
        await _numbers(connection, {one.merged_into for one in several}),
        pictures={},
    )


async def _department_names(
    connection: AsyncConnection, unit_ids: Collection[str | None]
) -> dict[str, str]:
    units = organisation_units.c
    statement = select(units.unit_id, units.name_zh, units.name_en).where(
        units.unit_id.in_([one for one in unit_ids if one])
    )
    rows = await connection.execute(statement)
    return {row.unit_id: both(row.name_zh, row.name_en) for row in rows}


async def _numbers(connection: AsyncConnection, case_ids: Collection[str | None]) -> dict[str, str]:
    statement = select(cases.c.case_id, cases.c.number).where(
        cases.c.case_id.in_([one for one in case_ids if one])
    )
    return {row.case_id: row.number for row in await connection.execute(statement)}
