"""The cameras in the database."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from api.database.database import Database
from api.database.tables import camera_memories, camera_previews, camera_references, cameras
from streams.camera import Camera


class Saved(StrEnum):
    """What saving a camera came to."""

    CREATED = "created"
    UPDATED = "updated"


class CameraStore:
    """Reads and writes cameras; stream addresses go in and out with their credentials."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, camera_id: str) -> Camera | None:
        """Return a camera, or None."""
        async with self._database.reading() as connection:
            statement = select(cameras).where(cameras.c.camera_id == camera_id)
            row = (await connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _camera(row)

    async def all(self) -> list[Camera]:
        """Return all cameras in the order of their ids."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(cameras).order_by(cameras.c.camera_id))
            return [_camera(row) for row in rows.mappings()]

    async def create(self, camera: Camera) -> bool:
        """Store a new camera; return False and change nothing if its id is taken."""
        statement = insert(cameras).values(_row(camera)).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            result = await connection.execute(statement.returning(cameras.c.camera_id))
            return result.one_or_none() is not None

    async def save(self, several: Sequence[Camera]) -> list[Saved]:
        """Create or replace cameras, all or none; each id comes at most once."""
        if not several:
            return []
        statement = insert(cameras).values([_row(camera) for camera in several])
        replacements = {
            column.name: statement.excluded[column.name]
            for column in cameras.c
            if column.name != "updated_at"
        }
        upsert = statement.on_conflict_do_update(
            index_elements=[cameras.c.camera_id],
            set_={**replacements, "updated_at": func.now()},
        ).returning(cameras.c.camera_id, literal_column("xmax = 0").label("is_new"))
        async with self._database.writing() as connection:
            is_new = {row.camera_id: row.is_new for row in await connection.execute(upsert)}
        return [Saved.CREATED if is_new[camera.camera_id] else Saved.UPDATED for camera in several]

    async def delete(self, camera_id: str) -> bool:
        """Delete a camera with all that is kept of it but its events; was it there?"""
        async with self._database.writing() as connection:
            for kept in (camera_previews, camera_memories, camera_references):
                await connection.execute(kept.delete().where(kept.c.camera_id == camera_id))
            result = await connection.execute(
                cameras.delete().where(cameras.c.camera_id == camera_id)
            )
            return result.rowcount > 0

    async def names(self, camera_ids: Collection[str]) -> dict[str, str]:
        """Return the names of those of the cameras that exist."""
        statement = select(cameras.c.camera_id, cameras.c.name).where(
            cameras.c.camera_id.in_(camera_ids)
        )
        async with self._database.reading() as connection:
            return {row.camera_id: row.name for row in await connection.execute(statement)}


def _row(camera: Camera) -> dict[str, Any]:
    return {
        **camera.model_dump(mode="json"),
        "stream_url": camera.stream_url.get_secret_value(),
    }


def _camera(row: RowMapping) -> Camera:
    return Camera(**{name: value for name, value in row.items() if name != "updated_at"})
