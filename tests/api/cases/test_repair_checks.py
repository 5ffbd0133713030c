"""Cameras look again at what was handled."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from api.accounts.role import Role
from api.cases.case_transitions import CaseTransitions
from api.cases.case_watch import CaseWatch
from api.database.database import Database, database_address
from models.catalogue.issue_type import RepairCheckRule
from tests.api.cases.conftest import RUBBISH, District
from tests.api.running_api import JPEG_SHA256, START, event, event_id
from tests.events import small_jpeg
from tests.waiting import wait_until

AFTER = small_jpeg() + b"after"
BEFORE = {"kind": "annotated", "sha256": JPEG_SHA256, "captured_at": START.isoformat()}


class Checked:
    """A handled case that a camera had seen, and the camera's looks at it."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.picture = district.api.add_evidence(AFTER)
        self.clock = datetime.now(UTC)

    def case(self) -> dict[str, Any]:
        return self.district.api.reader.get("/v1/cases").json()["cases"][0]

    def history(self) -> dict[str, Any]:
        return self.district.api.reader.get(f"/v1/cases/{self.case_id}/flow").json()

    @property
    def case_id(self) -> str:
        return self.case()["case_id"]

    def handle(self) -> None:
        after = [{"sha256": self.picture, "kind": "after"}]
        self.district.do(self.case_id, "submit_result", Role.HANDLER, pictures=after)

    def awaited(self) -> list[dict[str, Any]]:
        return self.district.api.http.get("/v1/repair-checks").json()

    def look(self, seen: str, number: int = 0, **said: Any) -> httpx.Response:
        check = self.awaited()[number]
        if seen != "unhealthy":
            said = {"sha256": self.picture, **said}
        return self.post(check["check_id"], seen=seen, **{"looked_at": self.due(check), **said})

    def due(self, check: dict[str, Any]) -> str:
        at = datetime.fromisoformat(check["look_after"]) + timedelta(microseconds=1)
        return at.isoformat()

    def post(self, check_id: str, **said: Any) -> httpx.Response:
        return self.district.api.http.post(f"/v1/repair-checks/{check_id}/looks", json=said)

    def why_not(self) -> str | None:
        client = self.district.by(Role.ACCEPTOR)
        actions = client.get(f"/v1/cases/{self.case_id}/actions").json()["actions"]
        (one,) = [one for one in actions if one["action"] == "accept_camera_check"]
        assert one["allowed"] == (one["why_not"] is None)
        return one["why_not"]


def rubbish(number: int = 0, **changes: Any) -> dict[str, Any]:
    return event(number, **{"issue_code": RUBBISH, "evidence": [BEFORE], **changes})


@pytest.fixture
def no_pause(district: District) -> Iterator[None]:
    """Looks may follow upon each other."""
    checks = district.api.app.state.services.desk.transitions.repairs
    before = checks._ground
    checks._ground = replace(
        before, settings=before.settings.model_copy(update={"check_pause_seconds": 0.0})
    )
    yield
    checks._ground = before


@pytest.fixture
def checked(district: District, no_pause: None) -> Checked:
    district.api.add_evidence()
    district.api.add_camera()
    district.post(rubbish())
    found = Checked(district)

    def sent() -> bool:
        cases = district.api.reader.get("/v1/cases").json()["cases"]
        return bool(cases) and cases[0]["state"] == "pending_handle"

    wait_until(sent, what="a dispatched case")
    district.do(found.case_id, "assign", Role.DEPARTMENT, handler="handler")
    return found


def test_cameras_propose_and_a_person_closes(checked: Checked):
    assert checked.awaited() == []
    checked.handle()
    (check,) = checked.awaited()
    assert (check["event_id"], check["camera_id"]) == (event_id(0), "north-gate")
    checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
    for looks in range(3):
        assert checked.why_not() == (
            f"absent on {looks} of 3 healthy looks so far since it was handled"
        )
        assert checked.look("absent").json()["status"] == ("absent" if looks == 2 else "open")
    assert checked.awaited() == []
    case = checked.case()
    assert case["state"] == "pending_check"
    assert case["camera_check"].startswith("absent on 3 of 3 healthy looks, last at ")
    assert "3 次有效巡视" in case["camera_check_zh"]
    assert case["seen_gone_at"] is not None
    history = checked.history()
    assert history["flow"][-1]["action"] == "seen_gone"
    (shown,) = history["repair_checks"]
    assert (shown["before"], shown["after"]) == (JPEG_SHA256, checked.picture)
    assert (shown["status"], shown["absent_looks"], shown["wanted_looks"]) == ("absent", 3, 3)
    assert checked.why_not() is None
    checked.district.do(checked.case_id, "accept_camera_check", Role.ACCEPTOR)
    assert checked.district.do(checked.case_id, "close", Role.SHIFT_LEAD)["state"] == "closed"


def test_what_is_still_there_is_said_and_counted_anew(checked: Checked):
    checked.handle()
    checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
    checked.look("absent")
    checked.look("absent")
    checked.look("present")
    assert "camera north-gate still saw it at" in (checked.why_not() or "")
    refused = checked.district.tried(checked.case_id, "accept_camera_check", Role.ACCEPTOR)
    assert refused.status_code == 409
    assert "still saw it" in refused.json()["detail"]
    checked.look("present")
    told = [step["action"] for step in checked.history()["flow"]]
    assert told.count("seen_again") == 1
    for _ in range(3):
        checked.look("absent")
    assert checked.why_not() is None


def test_a_look_of_a_camera_that_cannot_be_trusted_tells_nothing(checked: Checked):
    checked.handle()
    checked.look("absent")
    checked.look("unhealthy", faults="dark")
    checked.look("absent")
    (shown,) = checked.history()["repair_checks"]
    assert (shown["absent_looks"], shown["status"]) == (2, "open")
    checked.look("absent")
    assert checked.case()["seen_gone_at"] is not None


def test_looks_before_the_handling_and_repeated_ones_do_not_count(checked: Checked):
    checked.handle()
    (check,) = checked.awaited()
    early = datetime.fromisoformat(check["look_after"])
    said = {"seen": "absent", "sha256": checked.picture}
    assert checked.post(check["check_id"], looked_at=early.isoformat(), **said).is_success
    later = (early + timedelta(seconds=1)).isoformat()
    for _ in range(3):
        assert checked.post(check["check_id"], looked_at=later, **said).is_success
    (shown,) = checked.history()["repair_checks"]
    assert shown["absent_looks"] == 1


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"sha256": None}, "sha256", "needs a picture"),
        ({"sha256": "0" * 64}, "sha256", "not uploaded"),
        ({"looked_at": "2999-01-01T00:00:00Z"}, "looked_at", "lies in the future"),
        ({"seen": "perhaps"}, "seen", "present"),
    ],
)
def test_look_that_cannot_be_is_refused(checked: Checked, said: dict, field: str, words: str):
    checked.handle()
    (check,) = checked.awaited()
    whole = {"looked_at": checked.due(check), "seen": "absent", "sha256": checked.picture, **said}
    refused = checked.post(check["check_id"], **whole)
    assert refused.status_code == 422, refused.text
    (error,) = refused.json()["errors"]
    assert error["field"] == field
    assert words in error["message"]
    unknown = checked.post("01JD8Z6Q3V5W7X9Y1A3C5E7G9J", **{**whole, "seen": "unhealthy"})
    assert unknown.status_code in {404, 422}


def test_nobody_but_a_worker_says_what_a_camera_saw(checked: Checked):
    checked.handle()
    (check,) = checked.awaited()
    path = f"/v1/repair-checks/{check['check_id']}/looks"
    assert checked.district.api.reader.post(path, json={}).status_code == 403
    assert checked.district.by(Role.ACCEPTOR).post(path, json={}).status_code == 403


def test_rework_ends_the_check_and_the_next_finishing_asks_anew(checked: Checked):
    checked.handle()
    (first,) = checked.awaited()
    for _ in range(3):
        checked.look("absent")
    checked.district.do(checked.case_id, "rework_internal", Role.DEPARTMENT, reason="不清楚")
    case = checked.case()
    assert (case["seen_gone_at"], case["camera_check"]) == (None, None)
    assert checked.awaited() == []
    checked.handle()
    (second,) = checked.awaited()
    assert second["check_id"] != first["check_id"]
    checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
    assert "absent on 0 of 3" in (checked.why_not() or "")


def test_event_that_joins_a_handled_case_is_looked_for_too(checked: Checked):
    checked.district.api.add_camera(camera_id="south-gate")
    checked.handle()
    for _ in range(3):
        checked.look("absent")
    assert checked.case()["seen_gone_at"] is not None
    checked.district.post(rubbish(1, camera_id="south-gate"))
    wait_until(lambda: bool(checked.awaited()), what="a check of the other camera")
    assert checked.awaited()[0]["camera_id"] == "south-gate"
    assert checked.case()["seen_gone_at"] is None


def watch_at(checked: Checked, later: timedelta) -> None:
    """Let the clocks be watched at a moment to come."""
    district = checked.district
    ground = district.api.app.state.services.desk.ground
    address = district.api.settings.database_url.get_secret_value()

    class Later:
        is_simulated = False

        def now(self) -> datetime:
            return datetime.now(UTC) + later

    async def look() -> None:
        database = Database(database_address(address), connections=1)
        try:
            moved = replace(ground, database=database, time=Later())
            await CaseWatch(moved, CaseTransitions(moved)).look()
        finally:
            await database.close()

    wait_until(lambda: asyncio.run(look()) is None and not checked.awaited(), what="its end")


@pytest.mark.parametrize(
    ("looks", "words"),
    [
        ([], "of camera north-gate no look came in time"),
        (["unhealthy"], "camera north-gate could not be trusted (dark)"),
        (["absent"], "absent on 1 of 3 healthy looks when the time was over"),
    ],
)
def test_what_no_camera_tells_in_time_is_for_a_person(
    checked: Checked, looks: list[str], words: str
):
    checked.handle()
    checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
    for seen in looks:
        checked.look(seen, faults="dark")
    watch_at(checked, timedelta(hours=25))
    assert words in (checked.why_not() or "")
    assert words in checked.case()["camera_check"]
    checked.district.do(checked.case_id, "request_post_check", Role.ACCEPTOR)
    assert checked.district.do(checked.case_id, "check_passed", Role.COLLECTOR)


def test_camera_that_is_removed_ends_its_check(checked: Checked):
    checked.handle()
    checked.district.api.http.delete("/v1/cameras/north-gate")
    watch_at(checked, timedelta())
    assert "camera north-gate was removed" in checked.case()["camera_check"]


@pytest.mark.parametrize("is_confirmed_first", [True, False])
def test_type_may_close_by_its_cameras(checked: Checked, is_confirmed_first: bool):
    repairs = checked.district.api.app.state.services.desk.transitions.repairs
    issue = repairs._ground.catalogue.types[RUBBISH]
    object.__setattr__(issue, "repair_check", RepairCheckRule(looks=2, closes=True))
    try:
        checked.handle()
        if is_confirmed_first:
            checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
        checked.look("absent")
        checked.look("absent")
        if not is_confirmed_first:
            assert checked.case()["state"] == "handle_finished"
            checked.district.do(checked.case_id, "confirm", Role.DEPARTMENT)
    finally:
        object.__setattr__(issue, "repair_check", None)
    assert checked.case()["state"] == "closed"
    last = checked.history()["flow"][-2:]
    assert [step["action"] for step in last] == ["accept_camera_check", "close"]
    assert {step["actor"] for step in last} == {"citypatrol"}
    assert "absent on 2 of 2 healthy looks" in last[0]["reason"]


def test_looks_are_kept_with_who_posted_them(checked: Checked):
    checked.handle()
    checked.look("unhealthy", faults="dark")
    checked.look("absent")
    with psycopg.connect(checked.district.api.settings.database_url.get_secret_value()) as database:
        rows = database.execute(
            "SELECT seen, faults, posted_by FROM repair_looks ORDER BY looked_at"
        ).fetchall()
    assert rows == [("unhealthy", "dark", "worker"), ("absent", "", "worker")]
