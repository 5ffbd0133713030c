"""Many rows, or many names, as one parameter of one statement that never changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

PARAMETER = "rows"
WANTED = "wanted"


def sent_rows(table: Table, names: Sequence[str]) -> Select[Any]:
    """Return the query for rows that came as the JSON array ``PARAMETER``.

    A statement with a parameter per value is another one for each number of rows: SQLAlchemy
    would write it, and PostgreSQL plan it, anew every time.

    Args:
        table: Whose columns they have.
        names: Which of its columns, in this order.
    """
    columns = [column(name, table.c[name].type) for name in names]
    array = cast(bindparam(PARAMETER, type_=Text), JSONB)
    rows = func.jsonb_to_recordset(array).table_valued(*columns, name="sent")
    return select(*rows.render_derived(with_types=True).c)


def rows_parameter(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return rows as the parameter of a statement over ``sent_rows``."""
    return {PARAMETER: to_json(rows).decode()}


def is_wanted(name: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the SQL condition that a name is one of the array ``WANTED``."""
    return name == any_(bindparam(WANTED, type_=ARRAY(Text)))
