"""``roster.csv``: who of which unit is on duty from when until when."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from api.dispatch.csv_table import Columns, TableRow, read_csv
from api.dispatch.duty_roster import Shift
from api.dispatch.organisation_file import check_identifier
from api.dispatch.references import Placed, References
from api.dispatch.table_faults import FaultList

COLUMNS = Columns(required=("unit_id", "person", "starts_at", "ends_at"))
# As spreadsheets write them in China.
_SPREADSHEET_TIMES = ("%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d")
# What lies outside is a slip of the pen, or a clock that was never set.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2201, 1, 1, tzinfo=UTC)


def read_roster(path: Path, zone: tzinfo, faults: FaultList) -> list[Placed[Shift]]:
    """Read the shifts; whether their units are there is not looked up yet.

    Args:
        path: The file.
        zone: Where times that name no zone are meant.
        faults: Where to note what is wrong.
    """
    rows = ((row, _shift(row, zone, faults)) for row in read_csv(path, COLUMNS, faults))
    return [Placed(row.place, shift) for row, shift in rows if shift is not None]


def check_shifts(
    shifts: Sequence[Placed[Shift]], references: References, faults: FaultList
) -> None:
    """Note which shifts are those of no unit.

    Args:
        shifts: The shifts, of a file or of the database.
        references: What units there are.
        faults: Where to note what is wrong.
    """
    for shift in shifts:
        message = references.unit_fault(shift.value.unit_id)
        if message is not None:
            faults.add(shift.place, "unit_id", shift.value.unit_id, message)


def read_time(row: TableRow, column: str, zone: tzinfo, faults: FaultList) -> datetime | None:
    """Read the time that a required column holds; None, and a note, if it holds none.

    Args:
        row: The row.
        column: The column.
        zone: Where it is meant if it names no zone.
        faults: Where to note what is wrong.
    """
    text = row.cell(column)
    found = _parsed(text)
    if found is None:
        message = "is no time; write it like 2026-01-31 08:00 or 2026-01-31T08:00:00+08:00"
        faults.add(row.place, column, text, message)
        return None
    moment = found.replace(tzinfo=zone) if found.tzinfo is None else found
    if not _EARLIEST <= moment < _LATEST:
        faults.add(row.place, column, text, "is no year from 2000 to 2200; correct it")
        return None
    return moment


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _SPREADSHEET_TIMES:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


def _shift(row: TableRow, zone: tzinfo, faults: FaultList) -> Shift | None:
    before = len(faults.faults)
    check_identifier(row, "person", faults)
    starts_at = read_time(row, "starts_at", zone, faults)
    ends_at = read_time(row, "ends_at", zone, faults)
    if starts_at is None or ends_at is None:
        return None
    if ends_at <= starts_at:
        message = f"is not after starts_at {row.cell('starts_at')!r}; a shift ends after its start"
        faults.add(row.place, "ends_at", row.cell("ends_at"), message)
    if len(faults.faults) > before:
        return None
    return Shift(row.cell("unit_id"), row.cell("person"), starts_at, ends_at)
