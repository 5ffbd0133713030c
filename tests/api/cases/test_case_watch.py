"""Clocks that run in fast motion: lights turn, and what was put off is taken up again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.accounts.role import Role
from api.settings import ApiSettings
from tests.api.cases.conftest import District, opened_district
from tests.api.running_api import RunningApi
from tests.waiting import wait_until

# A weekday morning.
MORNING = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SPEED = 3600.0


@pytest.fixture
def fast_district(
    settings: ApiSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[District]:
    """A district in which an hour takes a second."""
    monkeypatch.setenv("CITYPATROL_CLOCK_SPEED", str(SPEED))
    monkeypatch.setenv("CITYPATROL_CLOCK_SIMULATED_START", MORNING.isoformat())
    with RunningApi(settings) as api:
        yield opened_district(api, tmp_path)


def actions(district: District, case_id: str) -> list[str]:
    flow = district.api.reader.get(f"/v1/cases/{case_id}/flow").json()["flow"]
    return [
        f"{step['action']} {step['details'].get('light', '')}".strip()
        for step in flow
        if step["actor"] == "citypatrol"
    ]


def test_each_light_is_told_once(fast_district: District):
    case_id = fast_district.report()["case_id"]
    wait_until(lambda: "light_turned red" in actions(fast_district, case_id), what="the red light")
    case = fast_district.api.reader.get(f"/v1/cases/{case_id}").json()
    assert (case["light"], case["stage"]) == ("red", "accept")
    assert fast_district.api.reader.get("/v1/cases?light=red").json()["cases"]
    told = actions(fast_district, case_id)
    assert len(told) == len(set(told))


def test_what_was_put_off_is_taken_up_again(fast_district: District):
    case_id = fast_district.report()["case_id"]
    fast_district.do(case_id, "register", Role.ACCEPTOR)
    reported_at = fast_district.api.reader.get(f"/v1/cases/{case_id}").json()["updated_at"]
    until = datetime.fromisoformat(reported_at) + timedelta(hours=8)
    said = {"reason": "等材料", "until": until.isoformat()}
    fast_district.do(case_id, "request_suspension", Role.DEPARTMENT, **said)
    fast_district.do(case_id, "approve_suspension", Role.DISPATCHER)
    wait_until(lambda: "resume" in actions(fast_district, case_id), what="the taking up")
    case = fast_district.api.reader.get(f"/v1/cases/{case_id}").json()
    assert (case["state"], case["stage"]) == ("pending_handle", "handle")
