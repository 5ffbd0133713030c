"""The management cells in the database, and which of them a place lies in."""

from collections.abc import Collection, Sequence
from typing import Any

from shapely import STRtree, points
from sqlalchemy import Select, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.database.database import Database
from api.database.tables import cameras, grids
from api.grids.grid import Grid, GridPolygon, GridProperties

# PostgreSQL takes 65,535 parameters in one statement.
ROWS_PER_STATEMENT = 5000
_STANDING = (cameras.c.camera_id, cameras.c.lon, cameras.c.lat, cameras.c.unit_grid)


class GridIndex:
    """Finds the cell of a place; built from one state of the cells and never changed."""

    def __init__(self, several: Sequence[Grid], change: int | None) -> None:
        self.change = change
        self._codes = [grid.properties.unit_grid for grid in several]
        self._tree = STRtree([grid.geometry.shape() for grid in several])

    def unit_grids(self, places: Sequence[tuple[float, float]]) -> list[str | None]:
        """Return the code of the cell at each WGS-84 place; on a border, the lowest one."""
        found: list[str | None] = [None] * len(places)
        if not (self._codes and places):
            return found
        indices = self._tree.query(points(places), predicate="intersects").T.tolist()
        for place, cell in indices:
            code, other = self._codes[cell], found[place]
            found[place] = code if other is None else min(code, other)
        return found


class GridStore:
    """Reads and replaces the cells."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._index = GridIndex([], None)

    async def all(self) -> list[Grid]:
        """Return all cells by their codes."""
        async with self._database.reading() as connection:
            return await _read(connection)

    async def replace(self, several: Sequence[Grid]) -> None:
        """Make these the cells; each code comes at most once."""
        async with self._database.writing() as connection:
            await self.replace_within(connection, several)

    async def replace_within(self, connection: AsyncConnection, several: Sequence[Grid]) -> None:
        """Make these the cells once the transaction of ``connection`` is committed."""
        rows = [
            {
                "unit_grid": grid.properties.unit_grid,
                "polygon": grid.geometry.model_dump(mode="json"),
            }
            for grid in several
        ]
        # No camera comes meanwhile, which would be placed by the cells of before.
        await connection.execute(text("LOCK TABLE cameras IN SHARE ROW EXCLUSIVE MODE"))
        await connection.execute(grids.delete())
        for start in range(0, len(rows), ROWS_PER_STATEMENT):
            part: list[dict[str, Any]] = rows[start : start + ROWS_PER_STATEMENT]
            await connection.execute(insert(grids).values(part))
        await _place(connection, GridIndex(several, None), select(*_STANDING))

    async def place_cameras(self, connection: AsyncConnection, camera_ids: Collection[str]) -> None:
        """Note in which cell some cameras stand, once the transaction is committed."""
        index = await self.index(connection)
        wanted = select(*_STANDING).where(cameras.c.camera_id.in_(camera_ids))
        await _place(connection, index, wanted)

    async def index(self, connection: AsyncConnection) -> GridIndex:
        """Return an index of the cells as ``connection`` sees them, rebuilt when they changed."""
        change = (await connection.execute(select(func.max(grids.c.change)))).scalar_one()
        if change != self._index.change:
            self._index = GridIndex(await _read(connection), change)
        return self._index


async def _place(connection: AsyncConnection, index: GridIndex, statement: Select[Any]) -> None:
    rows = (await connection.execute(statement)).all()
    cells = index.unit_grids([(row.lon, row.lat) for row in rows])
    moved = [
        {"placed": row.camera_id, "cell": cell}
        for row, cell in zip(rows, cells, strict=True)
        if cell != row.unit_grid
    ]
    if moved:
        this = cameras.c.camera_id == bindparam("placed")
        await connection.execute(
            update(cameras).where(this).values(unit_grid=bindparam("cell")), moved
        )


async def _read(connection: AsyncConnection) -> list[Grid]:
    statement = select(grids.c.unit_grid, grids.c.polygon).order_by(grids.c.unit_grid)
    # Checked when they came in; 64,200 of them would take seconds to check again.
    return [
        Grid.model_construct(
            type="Feature",
            properties=GridProperties.model_construct(unit_grid=row.unit_grid),
            geometry=GridPolygon.model_construct(
                type="Polygon",
                coordinates=tuple(
                    tuple((lon, lat) for lon, lat in ring) for ring in row.polygon["coordinates"]
                ),
            ),
        )
        for row in await connection.execute(statement)
    ]
