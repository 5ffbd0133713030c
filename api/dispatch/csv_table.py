"""A table in a CSV file: UTF-8, a header that is known, rows with their lines."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.dispatch.table_faults import FaultList

# What spreadsheets write between cells, depending on the country.
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table.

    Attributes:
        required: Those that must be there, and filled in each row.
        optional: Those that may be left out, or empty.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is known."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table.

    Attributes:
        place: Where it stands, such as ``line 7``.
        cells: What its columns hold, without blanks around; columns left out or empty are not
            there.
    """

    place: str
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """What a required column holds."""
        return self.cells[column]

    def filled(self, column: str) -> str | None:
        """What an optional column holds, or None."""
        return self.cells.get(column)


def read_csv(path: Path, columns: Columns, faults: FaultList) -> Iterator[TableRow]:
    """Read the rows of a CSV file; those that lack something are noted and left out.

    Args:
        path: The file.
        columns: What it may hold.
        faults: Where to note what is wrong.
    """
    content = read_utf8(path, faults)
    if content is None:
        return
    delimiter = max(_DELIMITERS, key=content.partition(b"\n")[0].decode().count)
    # As text at once, a million rows would take four times their size.
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(rows, [])]
        if not _header_is_right(header, columns, faults):
            return
        line = rows.line_num + 1
        for cells in rows:
            row = _row(f"line {line}", header, cells)
            is_blank = not row.cells and not any(map(str.strip, cells))
            if not is_blank and _row_is_whole(row, cells[len(header) :], columns, faults):
                yield row
            line = rows.line_num + 1
    except csv.Error as error:
        faults.add(f"line {rows.line_num}", "", None, f"is no CSV: {error}")


def read_utf8(path: Path, faults: FaultList) -> bytes | None:
    """Read a text in UTF-8, without the mark at its front; None, and a note, if it is none."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.add("", "", None, f"cannot be read: {error.strerror or error}")
        return None
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = (
            f"is not UTF-8 (byte 0x{raw[error.start]:02X}), but GBK perhaps; save it as UTF-8, "
            "in a spreadsheet as “CSV UTF-8”"
        )
        faults.add(f"line {line}", "", None, message)
        return None
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        faults.add(f"line {line}", "", None, "holds a NUL character; save it as UTF-8 text")
        return None
    return raw.removeprefix(codecs.BOM_UTF8)


def _header_is_right(header: Sequence[str], columns: Columns, faults: FaultList) -> bool:
    known = ", ".join(columns.all)
    before = len(faults.faults)
    for name in header:
        if name and name not in columns.all:
            faults.add("line 1", "column", name, f"is not known; known are {known}")
    for name in columns.all:
        if header.count(name) > 1:
            faults.add("line 1", "column", name, "is there twice; leave one of them")
    for name in columns.required:
        if name not in header:
            faults.add("line 1", "column", name, f"is missing; the first line names {known}")
    return len(faults.faults) == before


def _row(place: str, header: Sequence[str], cells: Sequence[str]) -> TableRow:
    named = zip(header, cells, strict=False)
    filled = {name: text for name, cell in named if (text := cell.strip()) and name}
    return TableRow(place, filled)


def _row_is_whole(
    row: TableRow, beyond: Sequence[str], columns: Columns, faults: FaultList
) -> bool:
    surplus = next((cell for cell in beyond if cell.strip()), None) if beyond else None
    if surplus is not None:
        message = "stands beyond the last column; put cells that hold a comma in quotes"
        faults.add(row.place, "cell", surplus, message)
    missing = [name for name in columns.required if name not in row.cells]
    for name in missing:
        faults.add(row.place, name, None, "is empty; fill it in")
    return not missing and surplus is None
