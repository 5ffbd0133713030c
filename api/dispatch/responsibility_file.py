"""``responsibilities.csv``: which unit handles which matters, where and when."""

from collections.abc import Sequence
from pathlib import Path

from api.dispatch.component import TYPE_PATTERN
from api.dispatch.csv_table import Columns, TableRow, read_csv
from api.dispatch.duty_hours import DutyHours
from api.dispatch.references import Placed, References
from api.dispatch.responsibility import Responsibility, ambiguities
from api.dispatch.table_faults import FaultList

COLUMNS = Columns(
    required=("issue_pattern", "unit_id"),
    optional=("grid_prefix", "component_type", "hours"),
)


def read_responsibilities(path: Path, faults: FaultList) -> list[Placed[Responsibility]]:
    """Read the rows; what they name is not looked up yet.

    Args:
        path: The file.
        faults: Where to note what is wrong.
    """
    rows = ((row, _responsibility(row, faults)) for row in read_csv(path, COLUMNS, faults))
    return [Placed(row.place, one) for row, one in rows if one is not None]


def check_responsibilities(
    rows: Sequence[Placed[Responsibility]], references: References, faults: FaultList
) -> None:
    """Note which rows name what is not there, and which contradict each other.

    Args:
        rows: The rows, of a file or of the database.
        references: What there is.
        faults: Where to note what is wrong.
    """
    for row in rows:
        one = row.value
        named = [
            ("issue_pattern", one.issue_pattern, references.issue_fault(one.issue_pattern)),
            ("unit_id", one.unit_id, references.unit_fault(one.unit_id)),
        ]
        if one.grid_prefix:
            fault = references.prefix_fault(one.grid_prefix)
            named.append(("grid_prefix", one.grid_prefix, fault))
        for column, value, message in named:
            if message is not None:
                faults.add(row.place, column, value, message)
    for pair in ambiguities([row.value for row in rows]):
        first, second = rows[pair.first], rows[pair.second]
        message = (
            f"contradicts {first.place}, which is equally specific and leads to "
            f"{first.value.unit_id!r}; leave one of them out, or tell them apart by grid_prefix, "
            "component_type or hours"
        )
        faults.add(second.place, "unit_id", second.value.unit_id, message)


def _responsibility(row: TableRow, faults: FaultList) -> Responsibility | None:
    kind = row.filled("component_type")
    before = len(faults.faults)
    if kind is not None and TYPE_PATTERN.fullmatch(kind) is None:
        message = "is no kind of component: give its five digits, two of them its major class"
        faults.add(row.place, "component_type", kind, message)
    text = row.filled("hours")
    hours = None
    if text is not None:
        try:
            hours = DutyHours.parse(text)
        except ValueError as error:
            faults.add(row.place, "hours", text, str(error))
    if len(faults.faults) > before:
        return None
    return Responsibility(
        issue_pattern=row.cell("issue_pattern"),
        unit_id=row.cell("unit_id"),
        grid_prefix=row.filled("grid_prefix") or "",
        component_type=kind,
        hours=hours,
    )
