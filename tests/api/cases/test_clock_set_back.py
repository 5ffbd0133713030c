"""The server's clock is set back by an hour: cases go on in order, no time is below none."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.accounts.role import Role
from api.clocks.service_time import ServiceTime
from api.settings import ApiSettings
from tests.api.cases.conftest import District, opened_district
from tests.api.running_api import RunningApi

SetBack = Callable[[], None]
HOUR = timedelta(hours=1)


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> SetBack:
    """Sets the clock of cases back by an hour."""
    return lambda: monkeypatch.setattr(ServiceTime, "now", lambda _: datetime.now(UTC) - HOUR)


@pytest.fixture
def own_district(settings: ApiSettings, tmp_path: Path) -> Iterator[District]:
    """One whose clock nobody else reads."""
    with RunningApi(settings) as api:
        yield opened_district(api, tmp_path)


def history(district: District, case_id: str) -> dict[str, Any]:
    answer = district.api.reader.get(f"/v1/cases/{case_id}/flow")
    assert answer.status_code == 200, answer.text
    return answer.json()


def check_order(district: District, case_id: str) -> dict[str, Any]:
    """A case's steps come one after another, and its clocks contradict nothing."""
    told = history(district, case_id)
    moments = [step["at"] for step in told["flow"]]
    assert moments == sorted(moments)
    for clock in told["clocks"]:
        assert clock["used_seconds"] is None or clock["used_seconds"] >= 0
        assert clock["started_at"] <= clock["due_at"]
        assert clock["finished_at"] is None or clock["started_at"] <= clock["finished_at"]
    return told


def test_case_is_walked_to_its_closing(own_district: District, set_back: SetBack):
    district = own_district
    case_id = district.report()["case_id"]
    district.do(case_id, "register", Role.ACCEPTOR)
    district.do(case_id, "assign", Role.DEPARTMENT, handler="handler")
    set_back()
    after = [{"sha256": district.api.add_evidence(), "kind": "after"}]
    district.do(case_id, "submit_result", Role.HANDLER, pictures=after)
    district.do(case_id, "confirm", Role.DEPARTMENT)
    district.do(case_id, "request_post_check", Role.ACCEPTOR, collector="collector")
    district.do(case_id, "check_passed", Role.COLLECTOR)
    closed = district.do(case_id, "close", Role.ACCEPTOR)
    assert closed["state"] == "closed"
    assert closed["reported_at"] <= closed["handled_at"] <= closed["ended_at"]
    told = check_order(district, case_id)
    assert [clock for clock in told["clocks"] if clock["finished_at"] is None] == []


def test_pause_that_ends_before_it_began_is_none(own_district: District, set_back: SetBack):
    district = own_district
    case_id = district.report()["case_id"]
    registered = district.do(case_id, "register", Role.ACCEPTOR)
    until = datetime.now(UTC) + timedelta(days=1)
    said = {"reason": "等材料", "until": until.isoformat()}
    district.do(case_id, "request_suspension", Role.DEPARTMENT, **said)
    district.do(case_id, "approve_suspension", Role.DISPATCHER)
    set_back()
    resumed = district.do(case_id, "resume", Role.DISPATCHER)
    assert resumed["due_at"] >= registered["due_at"]
    check_order(district, case_id)


def test_repeated_report_is_merged_into_the_one_before(own_district: District, set_back: SetBack):
    district = own_district
    first = district.report()
    set_back()
    second = district.report()
    assert (second["state"], second["merged_into"]) == ("merged", first["case_id"])
    assert second["reported_at"] >= first["reported_at"]
    for case in (first, second):
        check_order(district, case["case_id"])


def test_stale_version_is_still_told_apart(own_district: District, set_back: SetBack):
    district = own_district
    case = district.report()
    district.do(case["case_id"], "register", Role.ACCEPTOR)
    set_back()
    client = district.by(Role.DISPATCHER)
    path = f"/v1/cases/{case['case_id']}/actions/dispatch"
    answer = client.post(path, json={"department_id": "traffic"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 412, answer.text
