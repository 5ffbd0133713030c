"""The reference pictures that operators gave."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from api.contract.references import CameraReference
from api.database.database import Database
from api.database.tables import camera_references, cameras
from api.grids.ground_reach import EVERYWHERE, GroundReach


class ReferenceStore:
    """Keeps one picture per view of a camera."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, camera_id: str, preset: str, jpeg: bytes, given_by: str) -> None:
        """Keep a picture in the place of the one before."""
        statement = insert(camera_references).values(
            camera_id=camera_id,
            preset=preset,
            jpeg=jpeg,
            sha256=hashlib.sha256(jpeg).hexdigest(),
            given_by=given_by,
        )
        new = statement.excluded
        upsert = statement.on_conflict_do_update(
            index_elements=[camera_references.c.camera_id, camera_references.c.preset],
            set_={
                "jpeg": new.jpeg,
                "sha256": new.sha256,
                "given_by": new.given_by,
                "given_at": func.now(),
            },
        )
        async with self._database.writing() as connection:
            await connection.execute(upsert)

    async def get(self, camera_id: str, preset: str) -> tuple[bytes, str] | None:
        """Return a picture and its hash, or None."""
        columns = camera_references.c
        statement = select(columns.jpeg, columns.sha256).where(
            columns.camera_id == camera_id, columns.preset == preset
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else (row.jpeg, row.sha256)

    async def delete(self, camera_id: str, preset: str) -> bool:
        """Forget a picture; return whether there was one."""
        columns = camera_references.c
        statement = camera_references.delete().where(
            columns.camera_id == camera_id, columns.preset == preset
        )
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def all(self, reach: GroundReach = EVERYWHERE) -> list[CameraReference]:
        """Return what is said of every picture on some ground, by camera and preset."""
        columns = camera_references.c
        statement = select(*(column for column in columns if column is not columns.jpeg)).order_by(
            columns.camera_id, columns.preset
        )
        if not reach.is_everywhere:
            statement = statement.join(cameras, cameras.c.camera_id == columns.camera_id)
            statement = statement.where(reach.condition(cameras.c.unit_grid))
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings()
            return [CameraReference.model_validate(dict(row)) for row in rows]
