"""The cameras in the database."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, Select, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from api.cameras.address_cipher import AddressCipher
from api.cameras.camera_document import HIDDEN_ADDRESS
from api.database.database import Database
from api.database.sent_rows import rows_parameter, sent_rows
from api.database.tables import (
    camera_conditions,
    camera_memories,
    camera_previews,
    camera_references,
    cameras,
)
from api.grids.grid_store import GridStore
from api.grids.ground_reach import EVERYWHERE, GroundReach
from api.http.heavy_work import ITEMS_PER_PART, HeavyWork
from streams.camera import Camera

# Ours: what a camera itself does not say.
_OWN = {"updated_at", "unit_grid"}
COLUMNS = tuple(column.name for column in cameras.c if column.name not in _OWN)


class Saved(StrEnum):
    """What saving a camera came to."""

    CREATED = "created"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class NamedCamera:
    """A camera as a list names it.

    Attributes:
        camera_id: Its id.
        name: Its name.
    """

    camera_id: str
    name: str


_HAS_ZONES = func.jsonb_array_length(cameras.c.zones) > 0
_ON_MAP = select(
    cameras.c.camera_id,
    cameras.c.name,
    cameras.c.lon,
    cameras.c.lat,
    cameras.c.enabled,
    camera_previews.c.captured_at.label("last_preview_at"),
    case((_HAS_ZONES, func.to_jsonb(cameras.table_valued()))).label("whole"),
).join_from(
    cameras, camera_previews, cameras.c.camera_id == camera_previews.c.camera_id, isouter=True
)
_SENT = insert(cameras).from_select(COLUMNS, sent_rows(cameras, COLUMNS))
_UPSERT = _SENT.on_conflict_do_update(
    index_elements=[cameras.c.camera_id],
    set_={**{name: _SENT.excluded[name] for name in COLUMNS}, "updated_at": func.now()},
).returning(cameras.c.camera_id, literal_column("xmax = 0").label("is_new"))


class CameraStore:
    """Reads and writes cameras; their stream addresses are sealed in the database.

    Args:
        database: Where they are.
        heavy: Does what many of them take.
        cipher: Seals and opens addresses.
        grids: The cells in which they stand.
    """

    def __init__(
        self, database: Database, heavy: HeavyWork, cipher: AddressCipher, grids: GridStore
    ) -> None:
        self._database = database
        self._grids = grids
        self._heavy = heavy
        self._cipher = cipher

    async def row(self, camera_id: str) -> RowMapping | None:
        """Return the row of a camera, for ``camera_of`` or ``opened``; or None."""
        async with self._database.reading() as connection:
            statement = select(cameras).where(cameras.c.camera_id == camera_id)
            return (await connection.execute(statement)).mappings().one_or_none()

    def opened(self, row: RowMapping) -> Camera:
        """Return the camera that a row holds, with its address.

        Raises:
            SealedAddressError: The address cannot be read.
        """
        address = self._cipher.open(row["camera_id"], row["stream_url"])
        return Camera(**{**{name: row[name] for name in COLUMNS}, "stream_url": address})

    async def several(self, camera_ids: Collection[str]) -> list[Camera]:
        """Return those of some cameras that exist, by their ids, their addresses hidden."""
        statement = (
            select(cameras).where(cameras.c.camera_id.in_(camera_ids)).order_by(cameras.c.camera_id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [camera_of(row) for row in rows]

    async def cells(self, camera_ids: Collection[str]) -> dict[str, str | None]:
        """Return in which cell those of the cameras stand that exist."""
        statement = select(cameras.c.camera_id, cameras.c.unit_grid).where(
            cameras.c.camera_id.in_(camera_ids)
        )
        async with self._database.reading() as connection:
            return {row.camera_id: row.unit_grid for row in await connection.execute(statement)}

    async def parts(self, reach: GroundReach = EVERYWHERE) -> AsyncIterator[Sequence[RowMapping]]:
        """Give all cameras on some ground in the order of their ids, some at a time.

        Each row is for ``camera_of`` or ``opened``. Each part is read by itself, so that neither a
        connection nor the event loop is held while the caller works on one.
        """
        async for part in self._parts(select(cameras), reach):
            yield part

    async def map_parts(
        self, reach: GroundReach = EVERYWHERE
    ) -> AsyncIterator[Sequence[RowMapping]]:
        """Give what a map shows of all cameras on some ground, some at a time.

        Each row has ``camera_id``, ``name``, ``lon``, ``lat``, ``enabled``, ``last_preview_at``
        and, of a camera with zones, ``whole`` for ``camera_of``.
        """
        async for part in self._parts(_ON_MAP, reach):
            yield part

    async def _parts(
        self, statement: Select[Any], reach: GroundReach
    ) -> AsyncIterator[Sequence[RowMapping]]:
        theirs = statement.where(reach.condition(cameras.c.unit_grid))
        ordered = theirs.order_by(cameras.c.camera_id).limit(ITEMS_PER_PART)
        last = ""
        while True:
            async with self._database.reading() as connection:
                found = await connection.execute(ordered.where(cameras.c.camera_id > last))
            part = found.mappings().all()
            if part:
                yield part
            if len(part) < ITEMS_PER_PART:
                return
            last = part[-1]["camera_id"]

    async def create(self, camera: Camera) -> bool:
        """Store a new camera; return False and change nothing if its id is taken."""
        statement = insert(cameras).values(self._row(camera)).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            result = await connection.execute(statement.returning(cameras.c.camera_id))
            is_new = result.one_or_none() is not None
            # It is locked by now: cells that are being replaced are awaited.
            await self._grids.place_cameras(connection, [camera.camera_id])
        return is_new

    async def save(self, several: Sequence[Camera]) -> list[Saved]:
        """Create or replace cameras, all or none; each id comes at most once."""
        if not several:
            return []
        rows = await self._heavy.in_parts(several, self._rows)
        parameter = await self._heavy.run(lambda: rows_parameter(rows))
        async with self._database.writing() as connection:
            saved = await connection.execute(_UPSERT, parameter)
            is_new = {row.camera_id: row.is_new for row in saved}
            await self._grids.place_cameras(connection, list(is_new))
        return [Saved.CREATED if is_new[camera.camera_id] else Saved.UPDATED for camera in several]

    async def delete(self, camera_id: str) -> bool:
        """Delete a camera with all that is kept of it but its events; was it there?"""
        async with self._database.writing() as connection:
            for kept in (camera_previews, camera_conditions, camera_memories, camera_references):
                await connection.execute(kept.delete().where(kept.c.camera_id == camera_id))
            result = await connection.execute(
                cameras.delete().where(cameras.c.camera_id == camera_id)
            )
            return result.rowcount > 0

    async def enabled(self, reach: GroundReach = EVERYWHERE) -> list[NamedCamera]:
        """Return the enabled cameras on some ground in the order of their ids."""
        statement = (
            select(cameras.c.camera_id, cameras.c.name)
            .where(cameras.c.enabled, reach.condition(cameras.c.unit_grid))
            .order_by(cameras.c.camera_id)
        )
        async with self._database.reading() as connection:
            return [NamedCamera(*row) for row in await connection.execute(statement)]

    async def names(self, camera_ids: Collection[str]) -> dict[str, str]:
        """Return the names of those of the cameras that exist."""
        statement = select(cameras.c.camera_id, cameras.c.name).where(
            cameras.c.camera_id.in_(camera_ids)
        )
        async with self._database.reading() as connection:
            return {row.camera_id: row.name for row in await connection.execute(statement)}

    async def seal_all(self) -> int:
        """Seal every address with the present key that is not; return how many were not.

        Raises:
            SealedAddressError: One cannot be read.
        """
        mark = self._cipher.present_mark
        other = ~cameras.c.stream_url.startswith(mark, autoescape=True)
        statement = (
            select(cameras.c.camera_id, cameras.c.stream_url)
            .where(other)
            .limit(ITEMS_PER_PART)
            .with_for_update()
        )
        sealed = 0
        while True:
            async with self._database.writing() as connection:
                rows = (await connection.execute(statement)).all()
                for row in rows:
                    address = self._cipher.open(row.camera_id, row.stream_url)
                    await connection.execute(
                        update(cameras)
                        .where(cameras.c.camera_id == row.camera_id)
                        .values(stream_url=self._cipher.seal(row.camera_id, address))
                    )
            sealed += len(rows)
            if len(rows) < ITEMS_PER_PART:
                return sealed

    def _row(self, camera: Camera) -> dict[str, Any]:
        return camera_row(camera, self._cipher)

    def _rows(self, several: Sequence[Camera]) -> list[dict[str, Any]]:
        return [camera_row(camera, self._cipher) for camera in several]


def camera_of(row: RowMapping | Mapping[str, Any]) -> Camera:
    """Return the camera that a row holds, its address hidden."""
    return Camera(**{**{name: row[name] for name in COLUMNS}, "stream_url": HIDDEN_ADDRESS})


def camera_row(camera: Camera, cipher: AddressCipher) -> dict[str, Any]:
    """Return a camera as the row to store."""
    address = camera.stream_url.get_secret_value()
    return {
        **camera.model_dump(mode="json"),
        "stream_url": cipher.seal(camera.camera_id, address),
    }
