"""What workers know of cameras, kept for the worker that takes up a camera next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from api.contract.memories import CameraMemory, CameraMemoryUpdate
from api.database.database import Database
from api.database.tables import camera_memories, cameras


@dataclass(frozen=True, slots=True)
class HeldMemory:
    """Who holds the memory of a camera.

    Attributes:
        holder: The worker.
        kept_by: Name of the worker key it came with.
        latest_look: The worker's latest look at the camera.
    """

    holder: str
    kept_by: str
    latest_look: datetime


class UnknownCameraError(Exception):
    """There is no such camera."""


class CameraMemoryStore:
    """Keeps one memory per camera. A camera has one holder; only who takes over replaces it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, camera_id: str, update: CameraMemoryUpdate, kept_by: str
    ) -> HeldMemory | None:
        """Keep a camera's memory, unless a worker holds it that this one did not take over from.

        Returns:
            None, or who holds it instead: then nothing was changed.

        Raises:
            UnknownCameraError: There is no such camera.
        """
        columns = camera_memories.c
        statement = insert(camera_memories).values(
            camera_id=camera_id,
            holder=update.holder,
            kept_by=kept_by,
            latest_look=update.latest_look,
            state=update.state,
            health=update.health,
        )
        new = statement.excluded
        upsert = statement.on_conflict_do_update(
            index_elements=[columns.camera_id],
            set_={
                "holder": new.holder,
                "kept_by": new.kept_by,
                "latest_look": new.latest_look,
                "state": new.state,
                "health": func.coalesce(new.health, columns.health),
                "updated_at": func.now(),
            },
            where=columns.holder.in_([update.holder, update.takes_over_from or update.holder]),
        ).returning(columns.camera_id)
        # The row is locked so that the camera is not removed in between.
        known = (
            select(cameras.c.camera_id)
            .where(cameras.c.camera_id == camera_id)
            .with_for_update(read=True, key_share=True)
        )
        async with self._database.writing() as connection:
            if (await connection.execute(known)).one_or_none() is None:
                raise UnknownCameraError(camera_id)
            if (await connection.execute(upsert)).one_or_none() is not None:
                return None
            held = (await connection.execute(_holding(camera_id))).one()
        return HeldMemory(held.holder, held.kept_by, held.latest_look)

    async def get(self, camera_id: str) -> CameraMemory | None:
        """Return what is known of a camera, or None."""
        columns = camera_memories.c
        statement = select(
            columns.holder, columns.latest_look, columns.state, columns.health
        ).where(columns.camera_id == camera_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        # Not validated: that would take the bytes for Base64 text.
        return CameraMemory.model_construct(
            holder=row.holder, latest_look=row.latest_look, state=row.state, health=row.health
        )


def _holding(camera_id: str) -> Select[tuple[str, str, datetime]]:
    columns = camera_memories.c
    return select(columns.holder, columns.kept_by, columns.latest_look).where(
        columns.camera_id == camera_id
    )
