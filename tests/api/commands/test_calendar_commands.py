"""`citypatrol calendar` on a real database."""

from pathlib import Path

import psycopg
import pytest

from tests.api.test_server import citypatrol

TEXT = "day,kind,name\n2026-10-13,节假日,市运会\n2026-10-17,调休,\n"


@pytest.fixture
def database(database_url: str) -> dict[str, str]:
    """The environment that names the database; tables are printed wide."""
    return {"CITYPATROL_API_DATABASE_URL": database_url, "COLUMNS": "200"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "days.csv"
    path.write_text(TEXT, encoding="utf-8-sig")
    return path


def rows(table: str) -> list[list[str]]:
    """The cells of the lines of a printed table that begin with a date."""
    lines = (line.strip("│ ").split("│") for line in table.splitlines() if "│" in line)
    return [[cell.strip() for cell in cells] for cells in lines]


def test_days_are_imported_shown_and_cleared(database: dict[str, str], file: Path):
    done = citypatrol("calendar", "import", file, **database)
    assert (done.returncode, done.stdout) == (0, "2 days of 2026\n"), done.stderr
    shown = rows(citypatrol("calendar", "show", "--year", "2026", **database).stdout)
    assert ["2026-10-13", "Tue", "holiday", "市运会", "city"] in shown
    assert ["2026-10-17", "Sat", "workday", "", "city"] in shown
    assert ["2026-10-10", "Sat", "workday", "", "CN"] in shown
    assert "2026-10-01" in {row[0] for row in shown}
    done = citypatrol("calendar", "clear", "2026", **database)
    assert done.stdout == "the imported days of 2026 are forgotten\n"
    shown = rows(citypatrol("calendar", "show", "--year", "2026", **database).stdout)
    assert {row[-1] for row in shown} == {"CN"}


def test_this_year_is_shown_where_none_is_named(database: dict[str, str]):
    shown = rows(citypatrol("calendar", "show", **database).stdout)
    assert len({row[0][:4] for row in shown}) == 1


def test_refused_file_changes_nothing(database: dict[str, str], database_url: str, file: Path):
    citypatrol("calendar", "import", file, **database)
    file.write_bytes(TEXT.encode("gbk"))
    done = citypatrol("calendar", "import", file, **database)
    assert done.returncode == 1
    assert "days.csv is not UTF-8" in done.stderr
    assert "save it as UTF-8" in done.stderr
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM calendar_days").fetchone() == (2,)


def test_wrong_setting_is_named(database: dict[str, str], file: Path):
    wrong = {"CITYPATROL_CLOCK_WORKING_PERIODS": "12:00-08:00"}
    done = citypatrol("calendar", "show", **database, **wrong)
    assert done.returncode == 1
    assert "--working-periods (CITYPATROL_CLOCK_WORKING_PERIODS)" in done.stderr
    assert "must end after it starts" in done.stderr


def test_database_that_does_not_answer_is_named(file: Path):
    address = "postgresql://user:hidden@127.0.0.1:1/citypatrol"
    done = citypatrol("calendar", "import", file, CITYPATROL_API_DATABASE_URL=address)
    assert done.returncode == 1
    assert "127.0.0.1:1/citypatrol does not answer" in " ".join(done.stderr.split())
    assert "hidden" not in done.stderr
