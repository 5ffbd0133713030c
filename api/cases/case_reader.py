"""Reading cases: one, a page, and what became of it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select

from api.accounts.actor import Actor
from api.cases.case import Case
from api.cases.case_errors import UnknownCaseError
from api.cases.case_events import event_ids
from api.cases.case_ground import CaseGround
from api.cases.case_query import CaseCursor, CaseFilter, list_plan, newest_first
from api.cases.case_rows import read_case
from api.cases.flow import read_flow
from api.cases.reach import reach_of
from api.cases.shown_checks import shown_checks
from api.cases.why_not import why_not
from api.cases.word_pairs import rarest_pairs
from api.contract.case_pictures import ShownPicture
from api.contract.case_words import CaseState, Light
from api.contract.cases import CaseDocument, CaseHistory, CasePage, FlowRecord, ShownClock
from api.database.case_tables import case_clocks, case_pictures, cases
from models.catalogue.issue_type import IssueType, Severity

# Of a type that the catalogue no longer has.
UNKNOWN_SEVERITY = Severity.MEDIUM

_MADE = frozenset(
    {
        *("issue_name_zh", "issue_name_en", "severity", "stage", "light", "request"),
        *("waits_because", "waits_because_zh", "camera_check", "camera_check_zh"),
    }
)
_COPIED = tuple(name for name in CaseDocument.model_fields if name not in _MADE)


class CaseReader:
    """Gives cases to those who may see them."""

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground

    def document(self, case: Case) -> CaseDocument:
        """Return a case as it leaves the API."""
        issue = self._ground.catalogue.types.get(case.issue_code)
        waits, seen = case.waits_because, case.camera_check
        return CaseDocument.model_validate(
            {
                **{name: getattr(case, name) for name in _COPIED},
                "issue_name_zh": case.issue_code if issue is None else issue.name_zh,
                "issue_name_en": case.issue_code if issue is None else issue.name_en,
                "severity": severity_of(issue).value,
                "stage": case.clock_stage,
                "waits_because": None if waits is None else waits.english,
                "waits_because_zh": None if waits is None else waits.chinese,
                "camera_check": None if seen is None else seen.english,
                "camera_check_zh": None if seen is None else seen.chinese,
                "light": light_of(case, self._ground.time.now()),
                "request": None if case.request is None else case.request.kind,
            }
        )

    async def get(self, case_id: str, actor: Actor) -> CaseDocument:
        """Return a case.

        Raises:
            UnknownCaseError: There is no such case for this actor.
        """
        async with self._ground.database.reading() as connection:
            case = await read_case(connection, case_id)
            reach = await reach_of(connection, actor)
        if case is None or not reach.covers(case):
            raise UnknownCaseError(why_not("no_case", case=case_id))
        return self.document(case)

    async def page(
        self, wanted: CaseFilter, actor: Actor, limit: int, cursor: CaseCursor | None
    ) -> CasePage:
        """Return cases newest first; those that come in meanwhile never shift a later page."""
        async with self._ground.database.reading() as connection:
            reach = await reach_of(connection, actor)
            if wanted.text is not None:
                pairs = await rarest_pairs(connection, wanted.text)
                wanted = replace(wanted, text_pairs=pairs)
            await connection.execute(list_plan(wanted, reach))
            newest = newest_first(wanted, reach, self._ground.time.now())
            if cursor is not None:
                newest = newest.where(cursor.condition())
            rows = (await connection.execute(newest.limit(limit + 1))).mappings().all()
        found = [Case.of(dict(row)) for row in rows]
        more = None
        if len(found) > limit:
            last = found[limit - 1]
            more = CaseCursor(last.reported_at, last.case_id).token()
        return CasePage(cases=[self.document(case) for case in found[:limit]], next_cursor=more)

    async def counts(self, actor: Actor) -> dict[CaseState, int]:
        """Return how many open cases somebody sees in each state."""
        async with self._ground.database.reading() as connection:
            reach = await reach_of(connection, actor)
            statement = (
                select(cases.c.state, func.count())
                .where(cases.c.ended_at.is_(None), reach.condition())
                .group_by(cases.c.state)
            )
            rows = (await connection.execute(statement)).all()
        return {CaseState(state): count for state, count in rows}

    async def history(self, case_id: str, actor: Actor) -> CaseHistory:
        """Return what was done with a case, its pictures and its events.

        Raises:
            UnknownCaseError: There is no such case for this actor.
        """
        await self.get(case_id, actor)
        pictures = (
            select(case_pictures)
            .where(case_pictures.c.case_id == case_id)
            .order_by(case_pictures.c.added_at, case_pictures.c.kind)
        )
        clocks = (
            select(case_clocks)
            .where(case_clocks.c.case_id == case_id)
            .order_by(case_clocks.c.number)
        )
        async with self._ground.database.reading() as connection:
            timed = (await connection.execute(clocks)).mappings().all()
            flow = await read_flow(connection, case_id)
            shown = (await connection.execute(pictures)).mappings().all()
            events = await event_ids(connection, case_id)
            checks = await shown_checks(connection, case_id)
        return CaseHistory(
            flow=[FlowRecord.model_validate(dict(row._mapping)) for row in flow],
            pictures=[ShownPicture.model_validate(dict(row)) for row in shown],
            clocks=[ShownClock.model_validate(dict(row)) for row in timed],
            event_ids=list(events),
            repair_checks=checks,
        )


def severity_of(issue: IssueType | None) -> Severity:
    """Return how much harm a type does; None is one that the catalogue no longer has."""
    return UNKNOWN_SEVERITY if issue is None else issue.severity


def light_of(case: Case, now: datetime) -> Light | None:
    """Return how the running clock of a case stands; None while none runs."""
    if case.due_at is None or case.yellow_at is None:
        return None
    if now > case.due_at:
        return Light.RED
    return Light.YELLOW if now > case.yellow_at else Light.GREEN
