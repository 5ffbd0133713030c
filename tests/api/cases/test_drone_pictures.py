"""A drone says of each picture where it took it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.accounts.role import Role
from tests.api.cases.conftest import PLACE, RUBBISH, District
from tests.api.running_api import JPEG_SHA256, START
from tests.events import small_jpeg

TAKEN = {
    "lon": 113.9409,
    "lat": 22.5401,
    "taken_at": START.isoformat(),
    "altitude_m": 85.5,
    "heading": 359.5,
}


def body(taken: dict[str, Any] | None, source: str = "drone") -> dict[str, Any]:
    picture = {"sha256": JPEG_SHA256, "kind": "far"}
    if taken is not None:
        picture["taken_from"] = taken
    lon, lat = PLACE
    pictures = [picture]
    return {"issue_code": RUBBISH, "lon": lon, "lat": lat, "source": source, "pictures": pictures}


def test_positions_are_kept_and_returned(district: District):
    other = district.api.add_evidence(small_jpeg() + b"other")
    district.api.add_evidence()
    report = body(TAKEN)
    least = {"lon": 113.94, "lat": 22.54, "taken_at": "2026-11-21T08:30:10+08:00"}
    report["pictures"].append({"sha256": other, "kind": "near", "taken_from": least})
    answer = district.api.http.post("/v1/cases", json=report)
    assert answer.status_code == 201, answer.text
    path = f"/v1/cases/{answer.json()['case_id']}/flow"
    shown = {one["sha256"]: one for one in district.api.reader.get(path).json()["pictures"]}
    found = shown[JPEG_SHA256]["taken_from"]
    assert datetime.fromisoformat(found.pop("taken_at")) == START
    assert found == {name: value for name, value in TAKEN.items() if name != "taken_at"}
    found = shown[other]["taken_from"]
    assert (found["altitude_m"], found["heading"], found["lon"]) == (None, None, 113.94)
    assert datetime.fromisoformat(found["taken_at"]) == datetime(
        2026, 11, 21, 0, 30, 10, tzinfo=UTC
    )


def test_picture_without_a_position_has_none(district: District):
    district.api.add_evidence()
    answer = district.api.http.post("/v1/cases", json=body(None))
    path = f"/v1/cases/{answer.json()['case_id']}/flow"
    (shown,) = district.api.reader.get(path).json()["pictures"]
    assert shown["taken_from"] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lon": 180.1}, "less than or equal to 180"),
        ({"lat": -90.1}, "greater than or equal to -90"),
        ({"lat": None}, "valid number"),
        ({"taken_at": None}, "taken_at"),
        ({"taken_at": "2026-11-21T08:30:10"}, "timezone"),
        ({"altitude_m": 9001}, "less than or equal to 9000"),
        ({"altitude_m": -451}, "greater than or equal to -450"),
        ({"heading": 360}, "less than 360"),
        ({"heading": -0.1}, "greater than or equal to 0"),
        ({"speed": 3}, "speed"),
    ],
)
def test_position_that_cannot_be_is_refused(
    district: District, changes: dict[str, Any], words: str
):
    district.api.add_evidence()
    answer = district.api.http.post("/v1/cases", json=body({**TAKEN, **changes}))
    assert answer.status_code == 422
    assert words in answer.text


def test_time_to_come_is_refused(district: District):
    district.api.add_evidence()
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    answer = district.api.http.post("/v1/cases", json=body({**TAKEN, "taken_at": later}))
    assert answer.status_code == 422
    assert "lies in the future" in answer.text


def test_only_a_drone_flies(district: District):
    district.api.add_evidence()
    answer = district.api.http.post("/v1/cases", json=body(TAKEN, "hotline"))
    assert answer.status_code == 422
    assert "source is hotline" in answer.text
    case = district.api.http.post("/v1/cases", json=body(None, "hotline")).json()
    path = f"/v1/cases/{case['case_id']}/actions/register"
    said = {"pictures": body(TAKEN)["pictures"]}
    assert district.by(Role.ACCEPTOR).post(path, json=said).status_code == 422
