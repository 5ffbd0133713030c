"""The newest annotated picture of each camera."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, literal, select
from sqlalchemy.dialects.postgresql import insert

from api.database.database import Database
from api.database.tables import camera_previews, cameras


@dataclass(frozen=True, slots=True)
class Preview:
    """A camera's newest picture with boxes drawn.

    Attributes:
        jpeg: The picture.
        sha256: Its hash, hexadecimal.
        captured_at: When the camera took it.
    """

    jpeg: bytes
    sha256: str
    captured_at: datetime


class PreviewStore:
    """Keeps one picture per camera in an unlogged table, so that any API process can show it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, camera_id: str, jpeg: bytes, captured_at: datetime) -> bool:
        """Keep a picture unless a newer one is there; return whether the camera exists."""
        statement = insert(camera_previews).values(
            camera_id=camera_id,
            jpeg=jpeg,
            sha256=hashlib.sha256(jpeg).hexdigest(),
            captured_at=captured_at,
        )
        new = statement.excluded
        upsert = statement.on_conflict_do_update(
            index_elements=[camera_previews.c.camera_id],
            set_={"jpeg": new.jpeg, "sha256": new.sha256, "captured_at": new.captured_at},
            where=camera_previews.c.captured_at < new.captured_at,
        )
        known = select(exists().where(cameras.c.camera_id == literal(camera_id)))
        async with self._database.writing() as connection:
            if not (await connection.execute(known)).scalar_one():
                return False
            await connection.execute(upsert)
        return True

    async def pictured(self, camera_ids: Collection[str]) -> frozenset[str]:
        """Return those of the cameras that have a newest picture, however old."""
        statement = select(camera_previews.c.camera_id).where(
            camera_previews.c.camera_id.in_(camera_ids)
        )
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def get(self, camera_id: str) -> Preview | None:
        """Return a camera's newest picture, or None."""
        columns = camera_previews.c
        statement = select(columns.jpeg, columns.sha256, columns.captured_at).where(
            columns.camera_id == camera_id
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return None if row is None else Preview(*row)
