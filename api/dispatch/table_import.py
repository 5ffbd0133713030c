"""An import of tables: read, checked, and put into the database, all or nothing."""

from dataclasses import dataclass

from api.dispatch.dispatch_store import DispatchStore, DispatchTables
from api.dispatch.table_files import TableFolder


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows a table has now; None if it was left as it is."""

    table: str
    rows: int | None

    def __str__(self) -> str:
        return f"{self.table}: {'left as they are' if self.rows is None else self.rows}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import brought.

    Attributes:
        counts: Of each table.
        warnings: What may not be meant so.
    """

    counts: tuple[TableCount, ...]
    warnings: tuple[str, ...]


async def import_tables(store: DispatchStore, folder: TableFolder) -> ImportReport:
    """Replace the tables by those of a folder.

    Args:
        store: Where they go.
        folder: Where they come from.

    Raises:
        TableFaultsError: Something in the files is wrong; nothing was replaced.
        OrphanedComponentsError: Components that stay name units that would go.
    """
    found = folder.read(await store.stored())
    await store.replace(found.tables)
    return ImportReport(_counts(found.tables), found.warnings)


def _counts(tables: DispatchTables) -> tuple[TableCount, ...]:
    given = {
        "units": tables.organisation.units,
        "responsibilities": tables.responsibilities,
        "shifts": tables.shifts,
        "cells": tables.grids,
        "components": tables.components,
    }
    return tuple(
        TableCount(name, None if rows is None else len(rows)) for name, rows in given.items()
    )
