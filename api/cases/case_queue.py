"""The queue of cases: all that are open, then whatever changes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select, true

from api.accounts.actor import Actor
from api.cases.case_ground import CaseGround
from api.cases.case_reader import severity_of
from api.cases.reach import reach_of
from api.contract.case_queue import LARGEST_QUEUE_PAGE, CaseQueuePage, QueuedCase
from api.database.case_tables import case_pictures, cases

_COPIED = (
    *("case_id", "number", "change", "state", "source", "issue_code", "lon", "lat", "unit_grid"),
    *("department_id", "handler", "reported_at", "yellow_at", "due_at"),
    *("urged_count", "event_count"),
)
_HAS_PICTURE = exists().where(case_pictures.c.case_id == cases.c.case_id).label("has_picture")
_READ = (*_COPIED, "ended_at", "request", "supervised_by")


class CaseQueue:
    """Gives those who may see them the rows of a list that a screen keeps by itself.

    A screen reads all open cases once, and from then on what changed after the last change it
    knows. Numbers of changes become visible in another order than they are given out, so it asks
    for those of the last seconds again.
    """

    def __init__(self, ground: CaseGround) -> None:
        self._ground = ground

    async def read(self, actor: Actor, after: int, *, is_open: bool | None) -> CaseQueuePage:
        """Return what changed after a change, in the order of changes.

        Args:
            actor: Who asks.
            after: The change; 0 is before the first.
            is_open: Whether anything is left to do; None is both.
        """
        ended = cases.c.ended_at
        wanted = {None: true(), True: ended.is_(None), False: ended.is_not(None)}[is_open]
        async with self._ground.database.reading() as connection:
            reach = await reach_of(connection, actor)
            statement = (
                select(*(cases.c[name] for name in _READ), _HAS_PICTURE)
                .where(cases.c.change > after, wanted, reach.condition())
                .order_by(cases.c.change)
                .limit(LARGEST_QUEUE_PAGE + 1)
            )
            rows = (await connection.execute(statement)).mappings().all()
        return CaseQueuePage(
            cases=[self._queued(dict(row)) for row in rows[:LARGEST_QUEUE_PAGE]],
            now=self._ground.time.now(),
            more=len(rows) > LARGEST_QUEUE_PAGE,
        )

    def _queued(self, row: Mapping[str, Any]) -> QueuedCase:
        issue = self._ground.catalogue.types.get(row["issue_code"])
        request = row["request"]
        return QueuedCase.model_validate(
            {
                **{name: row[name] for name in _COPIED},
                "has_picture": row["has_picture"],
                "is_open": row["ended_at"] is None,
                "severity": severity_of(issue).value,
                "request": None if request is None else request["kind"],
                "is_supervised": row["supervised_by"] is not None,
            }
        )
