"""The days of a working calendar as a CSV file, as a city's office keeps them."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.instants import FIRST_YEAR, LAST_YEAR
from streams.kit.errors import CityPatrolError

COLUMNS = ("day", "kind", "name")
EXAMPLE = "2026-10-01,holiday,国庆节"

KINDS = {
    "holiday": DayKind.HOLIDAY,
    "节假日": DayKind.HOLIDAY,
    "workday": DayKind.WORKDAY,
    "调休": DayKind.WORKDAY,
}
"""What may stand for each kind."""

# Long enough to recognise a line, short enough for one.
_LONGEST_SHOWN = 120

# Spreadsheets write 2026/1/1 for what was typed as 2026-01-01.
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})")


class CalendarFileError(CityPatrolError):
    """A file of days cannot be read."""


def read_calendar_file(path: Path) -> list[CalendarDay]:
    """Read a CSV file with the columns day, kind and name; UTF-8, with or without a mark.

    Raises:
        CalendarFileError: It cannot be opened, is not UTF-8, lacks a column or all days, or a
            line holds no date, no known kind, or a day that another line holds.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CalendarFileError(f"{path} cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise CalendarFileError(
            f"{path} is not UTF-8 (byte {error.start + 1} is {error.object[error.start]:#04x}): "
            "save it as UTF-8; spreadsheets call that CSV UTF-8"
        ) from None
    if not text.strip():
        raise CalendarFileError(f"{path} is empty; its first line is {','.join(COLUMNS)}")
    lines: dict[date, int] = {}
    days = []
    for line, day in _days(path, text):
        if day.day in lines:
            raise CalendarFileError(
                f"{path} line {line}: {day.day} stands in line {lines[day.day]} already; "
                "delete one of the two"
            )
        lines[day.day] = line
        days.append(day)
    if not days:
        raise CalendarFileError(f"{path} holds no days; write a line for each, like {EXAMPLE}")
    return days


def _days(path: Path, text: str) -> Iterator[tuple[int, CalendarDay]]:
    """Each day with the line it stands in."""
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        places = _places(path, next(rows, []))
        for row in rows:
            cells = [row[place].strip() if place < len(row) else "" for place in places]
            if any(cell.strip() for cell in row):
                yield rows.line_num, _day(f"{path} line {rows.line_num}", cells)
    except csv.Error as error:
        raise CalendarFileError(
            f"{path} line {rows.line_num} is no CSV ({error}); save it again from a spreadsheet"
        ) from None


def _places(path: Path, header: list[str]) -> list[int]:
    """Where in a line the columns stand."""
    names = [name.strip().lower() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        found = ",".join(names)[:_LONGEST_SHOWN]
        raise CalendarFileError(
            f"{path} line 1 is {found!r}, without {', '.join(missing)}; the first line names the "
            f"columns, with commas between them: {','.join(COLUMNS)}"
        )
    return [names.index(name) for name in COLUMNS]


def _day(where: str, cells: list[str]) -> CalendarDay:
    day, kind, name = cells
    # Spaces of every width become plain ones, as do breaks of lines.
    name = " ".join(name.split())
    found = KINDS.get(kind.lower())
    if found is None:
        raise CalendarFileError(f"{where}: kind {kind!r} is not known; write {', '.join(KINDS)}")
    if not name.isprintable():
        raise CalendarFileError(
            f"{where}: name {name!r} holds what cannot be shown; write a plain name"
        )
    return CalendarDay(_date(where, day), found, name)


def _date(where: str, text: str) -> date:
    parts = _DATE.fullmatch(text)
    try:
        day = date(int(parts[1]), int(parts[3]), int(parts[4])) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise CalendarFileError(f"{where}: day {text!r} is no date; write it like 2026-10-01")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CalendarFileError(
            f"{where}: day {text!r} lies outside {FIRST_YEAR} to {LAST_YEAR}; check the year"
        )
    return day
