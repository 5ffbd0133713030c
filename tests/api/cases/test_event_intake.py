"""Cameras' events become cases by themselves."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from api.accounts.actor import SYSTEM
from api.accounts.role import Role
from api.cases.case_reader import CaseReader
from api.database.database import Database, database_address
from tests.api.cases.conftest import RUBBISH, District
from tests.api.running_api import JPEG, JPEG_SHA256, START, event
from tests.waiting import wait_until

CROP = {"kind": "crop", "sha256": JPEG_SHA256, "captured_at": START.isoformat()}


def rubbish(number: int = 0, **changes: Any) -> dict[str, Any]:
    return event(number, **{"issue_code": RUBBISH, **changes})


def cases(district: District) -> list[dict[str, Any]]:
    return district.api.reader.get("/v1/cases").json()["cases"]


def the_case(district: District, **wanted: Any) -> dict[str, Any]:
    """The one case, once it is as wanted."""

    def there() -> bool:
        found = cases(district)
        return len(found) == 1 and all(found[0][name] == value for name, value in wanted.items())

    wait_until(there, what=f"a case with {wanted}")
    return cases(district)[0]


def test_clear_event_is_registered_and_dispatched_without_a_person(district: District):
    district.api.add_camera()
    district.api.add_evidence()
    district.post(rubbish(evidence=[CROP]))
    case = the_case(district, state="pending_handle")
    assert case["source"] == "video"
    assert case["reported_by"] == "north-gate"
    assert case["department_id"] == "sanitation"
    assert (case["auto_registered"], case["auto_dispatched"]) == (True, True)
    history = district.api.reader.get(f"/v1/cases/{case['case_id']}/flow").json()
    assert [step["action"] for step in history["flow"]] == ["report", "register", "dispatch"]
    assert {step["actor"] for step in history["flow"]} == {"citypatrol"}
    assert history["pictures"][0]["kind"] == "near"
    assert history["event_ids"] == [rubbish()["id"]]


@pytest.mark.parametrize("too_little", [{"score": 0.3}, {"observed_count": 1}])
def test_unclear_event_waits_until_it_is_clear(district: District, too_little: dict[str, Any]):
    district.api.add_camera()
    district.post(rubbish(**too_little))
    case = the_case(district, state="reported")
    assert case["waits_because"] is not None
    assert case["waits_because_zh"] is not None
    district.post(rubbish(revision=2))
    assert the_case(district, state="pending_handle")["case_id"] == case["case_id"]


def test_type_that_needs_a_persons_word_waits(district: District):
    district.api.add_camera()
    district.post(event(issue_code="09003", observed_count=50, score=0.95))
    the_case(district, state="reported", auto_registered=False)


def test_fault_of_a_camera_is_no_case(district: District):
    district.api.add_camera()
    district.post(event(1, issue_code="99001"), rubbish(2))
    the_case(district, issue_code=RUBBISH)


def test_event_that_has_cleared_opens_no_case(district: District):
    district.api.add_camera()
    gone = START + timedelta(seconds=100)
    district.post(rubbish(1, cleared_at=gone.isoformat()), rubbish(2, score=0.5))
    the_case(district, event_count=1)


def test_second_camera_sees_the_same_case(district: District):
    district.api.add_camera()
    district.api.add_camera(camera_id="south-gate")
    district.post(rubbish(1))
    case = the_case(district, state="pending_handle")
    district.post(rubbish(2, camera_id="south-gate"))
    assert the_case(district, event_count=2)["case_id"] == case["case_id"]


def test_event_that_says_nothing_new_writes_nothing(district: District):
    first, second = district.api.add_evidence(), district.api.add_evidence(JPEG + b"two")
    district.api.add_camera()
    frame = {**CROP, "kind": "frame", "sha256": second}
    district.post(rubbish(evidence=[CROP, frame]))
    case = the_case(district, state="pending_handle")
    written = rows_written(district, case["case_id"])
    district.post(rubbish(revision=2, score=0.9, evidence=[CROP, frame]))
    wait_for_intake(district)
    assert rows_written(district, case["case_id"]) == written
    near = {**CROP, "sha256": second}
    district.post(rubbish(revision=3, evidence=[CROP, frame, near]))
    wait_for_intake(district)
    history = district.api.reader.get(f"/v1/cases/{case['case_id']}/flow").json()
    assert {one["sha256"] for one in history["pictures"]} == {first, second}


def rows_written(district: District, case_id: str) -> list[str]:
    """By which transactions a case and its events were written last."""
    address = district.api.settings.database_url.get_secret_value()
    statement = (
        "SELECT xmin::text FROM cases WHERE case_id = %(case)s "
        "UNION ALL SELECT xmin::text FROM case_events WHERE case_id = %(case)s"
    )
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute(statement, {"case": case_id})]


def wait_for_intake(district: District) -> None:
    """Wait until all events there are were taken."""
    address = district.api.settings.database_url.get_secret_value()
    statement = "SELECT max(change) = (SELECT change FROM intake_positions) FROM events"

    def taken() -> bool:
        with psycopg.connect(address) as connection:
            return bool(connection.execute(statement).fetchone()[0])

    wait_until(taken, what="the intake")


def test_rejecting_a_case_judges_its_events(district: District):
    district.api.add_camera()
    district.api.add_evidence()
    district.post(rubbish(score=0.4, evidence=[CROP]))
    case_id = the_case(district, state="reported")["case_id"]
    district.do(case_id, "reject", Role.ACCEPTOR, reason="是石墩", verdict_reason="other_thing")
    engineer = district.by(Role.ML_ENGINEER)
    (verdict,) = engineer.get("/v1/verdicts").json()["verdicts"]
    assert verdict["verdict"] == "false"
    assert verdict["reason"] == "other_thing"
    assert verdict["event_id"] == rubbish()["id"]
    assert verdict["case_id"] == case_id
    assert (verdict["model_name"], verdict["score"]) == ("m", 0.4)
    assert verdict["picture"] == JPEG_SHA256


def test_verdict_with_corrected_boxes(district: District):
    district.api.add_camera()
    district.post(rubbish())
    path = f"/v1/events/{rubbish()['id']}/verdicts"
    dispatcher = district.by(Role.DISPATCHER)
    box = {"visual_class": "garbage_pile", "box": [0.1, 0.2, 0.3, 0.4]}
    given = dispatcher.post(path, json={"verdict": "true", "boxes": [box]})
    assert given.status_code == 201, given.text
    assert given.json()["boxes"] == [box]
    empty = {**box, "box": [0.3, 0.2, 0.1, 0.4]}
    refused = dispatcher.post(path, json={"verdict": "true", "boxes": [empty]})
    assert refused.status_code == 422
    assert "has no area" in refused.json()["detail"]
    unexplained = dispatcher.post(path, json={"verdict": "false"})
    assert unexplained.status_code == 422


def test_open_cases_are_counted_by_state(district: District):
    district.api.add_camera()
    district.post(rubbish(1, score=0.4))
    the_case(district, state="reported")
    ground = district.api.app.state.services.desk.ground
    address = district.api.settings.database_url.get_secret_value()

    async def count() -> dict[str, int]:
        database = Database(database_address(address), connections=1)
        try:
            return await CaseReader(replace(ground, database=database)).counts(SYSTEM)
        finally:
            await database.close()

    assert asyncio.run(count()) == {"reported": 1}
