"""Somebody who does everything with cases, and a case to do it with."""

import psycopg

from api.accounts.role import Role
from tests.api.cases.conftest import PLACE, RUBBISH
from tests.api.console.district import District

OFFICE = (
    *(Role.ACCEPTOR, Role.SHIFT_LEAD, Role.DISPATCHER, Role.DEPARTMENT),
    *(Role.HANDLER, Role.COLLECTOR),
)


def report(district: District) -> str:
    lon, lat = PLACE
    body = {"issue_code": RUBBISH, "lon": lon, "lat": lat, "source": "hotline"}
    answer = district.http.post("/v1/cases", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["case_id"]


def login_of(district: District) -> str:
    with psycopg.connect(district.address) as connection:
        row = connection.execute("SELECT login FROM users ORDER BY user_id DESC").fetchone()
    assert row is not None
    return row[0]
