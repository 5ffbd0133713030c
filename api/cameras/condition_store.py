"""What is wrong with cameras now, as their workers report it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from api.contract.conditions import CameraCondition, KnownCondition, ReportedFault
from api.database.database import Database
from api.database.reports import still_counts
from api.database.tables import camera_conditions, cameras
from api.grids.ground_reach import EVERYWHERE, GroundReach

_REPORT = camera_conditions.c
_STILL_COUNTS = still_counts(camera_conditions)
_KNOWN = select(_REPORT.camera_id, _REPORT.faults, _REPORT.reported_at)


class ConditionStore:
    """Keeps the last report of each faulty camera, in an unlogged table: a crash outdates it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, camera_id: str, condition: CameraCondition, reported_by: str) -> bool:
        """Keep what is wrong with a camera; return whether the camera exists.

        Args:
            camera_id: The camera.
            condition: Without faults, what was kept is forgotten.
            reported_by: Name of the worker key it came with.
        """
        statement = insert(camera_conditions).values(
            camera_id=camera_id,
            faults=[fault.model_dump(mode="json") for fault in condition.faults],
            blind=any(fault.blinds for fault in condition.faults),
            next_report_seconds=condition.next_report_seconds,
            reported_by=reported_by,
        )
        new = statement.excluded
        upsert = statement.on_conflict_do_update(
            index_elements=[_REPORT.camera_id],
            set_={
                "faults": new.faults,
                "blind": new.blind,
                "next_report_seconds": new.next_report_seconds,
                "reported_by": new.reported_by,
                "reported_at": func.now(),
            },
        )
        forget = camera_conditions.delete().where(_REPORT.camera_id == camera_id)
        known = select(exists().where(cameras.c.camera_id == literal(camera_id)))
        async with self._database.writing() as connection:
            if not (await connection.execute(known)).scalar_one():
                return False
            await connection.execute(upsert if condition.faults else forget)
        return True

    async def of(self, camera_ids: Collection[str]) -> list[KnownCondition]:
        """Return what is wrong with these cameras, without those that nobody calls faulty."""
        return await self._read(_KNOWN.where(_REPORT.camera_id.in_(camera_ids), _STILL_COUNTS))

    async def every(self, reach: GroundReach = EVERYWHERE) -> list[KnownCondition]:
        """Return what is wrong with every camera on some ground that has a fault, by their ids."""
        known = _KNOWN.where(_STILL_COUNTS).order_by(_REPORT.camera_id)
        if not reach.is_everywhere:
            known = known.join(cameras, cameras.c.camera_id == _REPORT.camera_id)
            known = known.where(reach.condition(cameras.c.unit_grid))
        return await self._read(known)

    async def _read(self, statement: Select[Any]) -> list[KnownCondition]:
        async with self._database.reading() as connection:
            return [_condition(row) for row in await connection.execute(statement)]


def _condition(row: Row[Any]) -> KnownCondition:
    return KnownCondition(
        camera_id=row.camera_id,
        faults=tuple(ReportedFault.model_validate(fault) for fault in row.faults),
        reported_at=row.reported_at,
    )
