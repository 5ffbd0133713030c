"""The figures over HTTP: who gets which, as JSON, CSV and a workbook."""

import asyncio
import contextlib
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from api.accounts.role import KeyScope, Role
from api.accounts.user_store import NewUser, UserStore
from api.database.database import Database, database_address
from api.figures.figure_definitions import load_definitions
from api.routes.figures import XLSX
from tests.api.figures.kept_cases import keep
from tests.api.figures.test_figure_edges import CHECKED, DAY, HANDLED, case_of
from tests.api.running_api import RunningApi, make_key

PERIOD = {"from": DAY.isoformat(), "until": (DAY + timedelta(days=30)).isoformat()}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PASSWORD = "rivers run down to the sea"
SHOWN = load_definitions().shown


def fill(api: RunningApi) -> None:
    made = case_of((*HANDLED, *CHECKED), area_path="/city/west/w1/")
    keep(api.settings.database_url.get_secret_value(), [made])


def ask(api: RunningApi, **query: str) -> dict[str, Any]:
    answer = api.reader.get("/v1/figures", params={**PERIOD, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextlib.contextmanager
def somebody(api: RunningApi, unit_id: str | None, role: Role) -> Iterator[httpx.Client]:
    """A client that is signed in as a user of a unit."""

    async def make() -> None:
        address = database_address(api.settings.database_url.get_secret_value())
        database = Database(address, connections=1)
        try:
            new = NewUser("somebody", "Somebody", PASSWORD, frozenset({role}), unit_id)
            await UserStore(database).create(new)
        finally:
            await database.close()

    asyncio.run(make())
    form = {"grant_type": "password", "username": "somebody", "password": PASSWORD}
    answer = api.nobody.post("/v1/tokens", data=form)
    assert answer.status_code == 200, answer.text
    with api.client(answer.json()["access_token"]) as client:
        yield client


def test_figures_come_by_line(api: RunningApi):
    fill(api)
    answer = ask(api, group="department")
    (line,) = [one for one in answer["lines"] if one["key"]]
    assert (line["key"], line["name_zh"]) == ("/city/east/", "单位east")
    assert line["counters"]["dispose"] == 1
    assert line["indicators"]["dispose_rate"] == 1
    assert line["indicators"]["false_alarm_rate"] is None
    assert (answer["from"], answer["group"]) == ("2026-11-09T00:00:00Z", "department")


@pytest.mark.parametrize(
    ("query", "reports"),
    [
        ({}, 1),
        ({"area": "west"}, 1),
        ({"area": "east"}, 0),
        ({"department": "clean"}, 1),
        ({"department": "roads"}, 0),
        ({"issue_code": "00001"}, 0),
        ({"source": "collector"}, 1),
        ({"source": "video"}, 0),
    ],
)
def test_figures_are_filtered(api: RunningApi, query: dict[str, str], reports: int):
    fill(api)
    (line,) = ask(api, **query)["lines"]
    assert line["counters"]["report"] == reports


@pytest.mark.parametrize("path", ["/v1/figures", "/v1/figures.csv", "/v1/figures.xlsx"])
@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"until": PERIOD["from"]}, "until", "ends before it begins"),
        ({"until": "2028-01-01T00:00:00Z"}, "until", "longer than 400 days"),
        ({"from": "2026-11-01T00:00:00"}, "from", "timezone"),
        ({"area": "mars"}, "area", "is no unit of the organisation"),
        ({"department": "mars"}, "department", "is no unit of the organisation"),
        ({"group": "weather"}, "group", "Input should be"),
        ({"until": ""}, "until", "valid datetime"),
    ],
)
def test_a_question_that_is_none_is_refused(
    api: RunningApi, path: str, query: dict[str, str], field: str, said: str
):
    answer = api.reader.get(path, params={**PERIOD, **query})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert field in error["field"]
    assert said in error["message"]


def test_every_figure_is_explained(api: RunningApi):
    answer = api.reader.get("/v1/figures/definitions").json()
    listed = [*answer["counters"], *answer["indicators"]]
    assert [one["key"] for one in listed] == [one.key for one in SHOWN]
    (line,) = ask(api)["lines"]
    assert {*line["counters"], *line["indicators"]} == {one["key"] for one in listed}
    rate = next(one for one in listed if one["key"] == "dispose_rate")
    assert (rate["of"], rate["over"], rate["unit"]) == ("dispose", "need_dispose", "share")


@pytest.mark.parametrize(("language", "heading"), [("zh", "上报数"), ("en", "Reports")])
def test_csv_opens_again(api: RunningApi, language: str, heading: str):
    fill(api)
    answer = api.reader.get(
        "/v1/figures.csv", params={**PERIOD, "group": "source", "language": language}
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert float(row[heading]) == 1
    assert len(row) == len(SHOWN) + 2


def cells(content: bytes, sheet: int) -> list[list[str]]:
    """The cells of a sheet of a workbook, as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))
        texts = ["".join(one.itertext()) for one in shared]
        rows = ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{MAIN}row")
        return [
            [
                texts[int(value.text or "")] if cell.get("t") == "s" else str(value.text)
                for cell in row
                if (value := cell.find(f"{MAIN}v")) is not None
            ]
            for row in rows
        ]


@pytest.mark.parametrize(("language", "heading"), [("zh", "处置数"), ("en", "Handled")])
def test_a_workbook_opens_again(api: RunningApi, language: str, heading: str):
    fill(api)
    answer = api.reader.get("/v1/figures.xlsx", params={**PERIOD, "language": language})
    assert answer.headers["content-type"] == XLSX
    headings, line = cells(answer.content, 1)
    assert headings[2:] == [getattr(one.name, language) for one in SHOWN]
    assert line[headings.index(heading) - 1] == "1"
    meanings = cells(answer.content, 2)
    assert [row[0] for row in meanings[1:]] == [one.key for one in SHOWN]


@pytest.mark.parametrize(
    ("unit_id", "reports"), [(None, 1), ("west", 1), ("clean", 1), ("roads", 0), ("gone", 0)]
)
def test_who_belongs_to_a_unit_sees_its_own(api: RunningApi, unit_id: str | None, reports: int):
    fill(api)
    with somebody(api, unit_id, Role.DEPARTMENT) as client:
        answer = client.get("/v1/figures", params=PERIOD)
    assert answer.status_code == 200, answer.text
    (line,) = answer.json()["lines"]
    assert line["counters"]["report"] == reports


def test_a_handler_gets_no_figures(api: RunningApi):
    with somebody(api, None, Role.HANDLER) as client:
        assert client.get("/v1/figures/definitions").status_code == 403


def test_figures_are_not_for_everybody(api: RunningApi):
    assert api.nobody.get("/v1/figures", params=PERIOD).status_code == 401
    address = api.settings.database_url.get_secret_value()
    with api.client(make_key(address, "intake", KeyScope.INTAKE)) as client:
        answer = client.get("/v1/figures", params=PERIOD)
    assert answer.status_code == 403
    assert "read_figures" in answer.json()["detail"]
