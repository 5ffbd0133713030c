"""Files of days."""

from datetime import date
from pathlib import Path

import pytest

from api.clocks.calendar_day import CalendarDay, DayKind
from api.clocks.calendar_file import CalendarFileError, read_calendar_file

TEXT = "day,kind,name\n2026-10-01,holiday,国庆节\n2026-10-10,调休,\n"
DAYS = [
    CalendarDay(date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
    CalendarDay(date(2026, 10, 10), DayKind.WORKDAY),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "days.csv"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("holiday", "节假日").replace("调休", " Workday ").encode(),
        b"Name, KIND ,day,note\n\xe5\x9b\xbd\xe5\xba\x86\xe8\x8a\x82,holiday,2026/10/1,x\n"
        b",workday,2026/10/10\n\n,,,\n",
    ],
)
def test_days_are_read(file: Path, content: bytes):
    file.write_bytes(content)
    assert read_calendar_file(file) == DAYS


@pytest.mark.parametrize("between", [", ", ",\u3000", ",\u2028", ",\n"])
def test_quoted_name_may_hold_commas_and_any_space(file: Path, between: str):
    text = f'day,kind,name\n2026-10-01,holiday,"国庆{between}第一天"\n2026-10-02,holiday,\n'
    file.write_text(text, encoding="utf-8")
    assert [one.name for one in read_calendar_file(file)] == ["国庆, 第一天", ""]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", r"days.csv is empty; its first line is day,kind,name"),
        (b"\xef\xbb\xbf\r\n", r"days.csv is empty"),
        (b"day,kind\n", r"days.csv line 1 is 'day,kind', without name; the first line"),
        (
            b"day;kind;name\n2026-10-01;holiday;x\n",
            r"line 1 is 'day;kind;name', without day, kind, name;",
        ),
        (b"2026-10-01,holiday,x\n", r"names the columns, with commas .*: day,kind,name"),
        (b"day,kind,name\n", r"days.csv holds no days; write a line for each, like 2026-10-01,"),
        (b"day,kind,name\n,,\n\n", r"days.csv holds no days"),
        (
            b"day,kind,name\n2026-10-01,holiday,x\n\n2026/10/1,workday,y\n",
            r"days.csv line 4: 2026-10-01 stands in line 2 already; delete one",
        ),
        (
            b"day,kind,name\n2026-10-01,off,x\n",
            r"line 2: kind 'off' is not known; write holiday, 节假日, workday, 调休",
        ),
        (b"day,kind,name\n2026-10-01\n", r"line 2: kind '' is not known"),
        (b"day,kind,name\n2026-02-30,holiday,x\n", r"line 2: day '2026-02-30' is no date; write"),
        (b"day,kind,name\n20261001,holiday,x\n", r"line 2: day '20261001' is no date"),
        (b"day,kind,name\n01.10.2026,holiday,x\n", r"day '01.10.2026' is no date"),
        (b"day,kind,name\n2026-10/01,holiday,x\n", r"day '2026-10/01' is no date"),
        (b"day,kind,name\n1026-10-01,holiday,x\n", r"'1026-10-01' lies outside 1970 to 2199"),
        (b"day,kind,name\n2026-10-01,holiday,a\0b\n", r"line 2: name 'a\\x00b' holds what"),
        (b'day,kind,name\n2026-10-01,holiday,"x\n', r"days.csv line 2 is no CSV \(unexpected end"),
        (TEXT.encode("gbk"), r"days.csv is not UTF-8 \(byte 34 is 0xb9\): save it as UTF-8"),
        (TEXT.encode("utf-16"), r"days.csv is not UTF-8 \(byte 1 is 0xff\): save it as UTF-8"),
    ],
)
def test_wrong_file_is_named_with_its_line(file: Path, content: bytes, problem: str):
    file.write_bytes(content)
    with pytest.raises(CalendarFileError, match=problem):
        read_calendar_file(file)


def test_file_that_is_not_there_is_named(file: Path):
    with pytest.raises(CalendarFileError, match=r"days.csv cannot be opened: No such file"):
        read_calendar_file(file)
