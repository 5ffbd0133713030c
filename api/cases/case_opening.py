"""Opening a case: numbered, placed, linked to what it returns from, its first clock started."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from api.accounts.actor import Actor
from api.cases.case import Case
from api.cases.case_clocks import CaseClocks, write_clocks
from api.cases.case_ground import CaseGround
from api.cases.flow import FlowEntry, flow_row, record
from api.cases.running_clock import with_running_clock
from api.cases.transition_table import REPORT
from api.contract.case_words import CaseSource, CaseState, FlowKind, Stage
from api.database.case_tables import case_numbers, cases
from api.dispatch.organisation import Organisation


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a case is opened with.

    Attributes:
        source: Through which channel it came.
        issue_code: Its type.
        lon: WGS-84 longitude, degrees.
        lat: WGS-84 latitude, degrees.
        reported_by: Who or what reported it.
        description: What they said.
        external_number: The number that the channel gave it.
        report_key: What the channel names the report by.
        self_handled: Whether it was fixed on the spot.
        no_earlier_than: When the open case was reported that it repeats: it is never the older of
            the two, also where a clock was set back.
    """

    source: CaseSource
    issue_code: str
    lon: float
    lat: float
    reported_by: str
    description: str = ""
    external_number: str | None = None
    report_key: str | None = None
    self_handled: bool = False
    no_earlier_than: datetime | None = None


class CaseOpening:
    """Opens cases, each within the caller's transaction."""

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground

    async def open(self, connection: AsyncConnection, new: NewCase, actor: Actor) -> Case:
        """Open a case and return it; it waits to be registered."""
        now = self._ground.time.now()
        now = max(now, new.no_earlier_than or now)
        cells = await self._ground.cells.index(connection)
        unit_grid = cells.unit_grids([(new.lon, new.lat)])[0]
        organisation = await self._ground.dispatch.organisation(connection)
        limit = self._ground.limits.handle_default
        if issue := self._ground.catalogue.types.get(new.issue_code):
            limit = self._ground.limits.of_type(issue)
        case = Case(
            case_id=str(ULID.from_datetime(now)),
            number=await self._number(connection, now),
            state=CaseState.REPORTED,
            version=1,
            round=1,
            source=new.source,
            issue_code=new.issue_code,
            lon=new.lon,
            lat=new.lat,
            reported_by=new.reported_by,
            reported_at=now,
            updated_at=now,
            external_number=new.external_number,
            report_key=new.report_key,
            description=new.description,
            unit_grid=unit_grid,
            area_path=_area_path(organisation, unit_grid),
            handle_amount=limit.amount,
            handle_unit=limit.unit,
            self_handled=new.self_handled,
            recurrence_of=await self._returned(connection, new, unit_grid, now),
        )
        calendar = await self._ground.calendars.calendar_seen_by(connection)
        clocks = CaseClocks([], calendar, now)
        clocks.start(Stage.ACCEPT, self._ground.limits.of_stage(Stage.ACCEPT, case), None)
        case = with_running_clock(case, clocks)
        await connection.execute(cases.insert().values(case.row()))
        await write_clocks(connection, clocks.changed_rows(case.case_id))
        details = {"source": new.source.value, "issue_code": new.issue_code}
        entry = FlowEntry(
            REPORT, FlowKind.FORWARD, None, actor.name, actor.unit_id, new.description, details
        )
        await record(connection, [flow_row(case, entry)])
        return case

    async def _number(self, connection: AsyncConnection, now: datetime) -> str:
        number = (await connection.execute(select(case_numbers.next_value()))).scalar_one()
        day = now.astimezone(ZoneInfo(self._ground.limits.settings.time_zone))
        return f"{day:%Y%m%d}-{number:06d}"

    async def _returned(
        self, connection: AsyncConnection, new: NewCase, unit_grid: str | None, now: datetime
    ) -> str | None:
        """The closed case of the same type and cell whose return it is."""
        if unit_grid is None:
            return None
        since = now - timedelta(days=self._ground.settings.recurrence_days)
        closed = (CaseState.CLOSED.value, CaseState.FORCED_CLOSE.value)
        statement = (
            select(cases.c.case_id)
            .where(
                cases.c.issue_code == new.issue_code,
                cases.c.unit_grid == unit_grid,
                cases.c.ended_at >= since,
                cases.c.state.in_(closed),
            )
            .order_by(cases.c.ended_at.desc())
            .limit(1)
        )
        return (await connection.execute(statement)).scalar_one_or_none()


async def case_with_key(connection: AsyncConnection, report_key: str) -> Case | None:
    """Return the case that a channel reported before under a key, or None."""
    statement = select(cases).where(cases.c.report_key == report_key)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return None if row is None else Case.of(dict(row))


async def lock_reports(connection: AsyncConnection, key: str) -> None:
    """Let one report of a key, or of a type, in at a time, until the transaction ends.

    Who needs both takes that of the key first.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(key))))


def _area_path(organisation: Organisation | None, unit_grid: str | None) -> str:
    if organisation is None:
        return "/"
    area = organisation.root if unit_grid is None else organisation.area_of(unit_grid)
    return organisation.path_of(area.unit_id)
