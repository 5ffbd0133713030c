"""Very many rows into a table by COPY, which is made for that."""

from collections.abc import Iterable, Sequence
from typing import cast

from psycopg import AsyncConnection as DriverConnection
from psycopg import sql
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection


async def copy_rows(
    connection: AsyncConnection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> None:
    """Add rows to a table, within the transaction of the connection.

    Args:
        connection: Where.
        table: The table.
        names: Columns that the rows fill, in their order; the others get their defaults.
        rows: Values of each row, as Python's types of the columns.
    """
    raw = await connection.get_raw_connection()
    driver = cast("DriverConnection", raw.driver_connection)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    async with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            await copy.write_row(row)
