"""What is held is not deleted, and who may hold it."""

from datetime import datetime

import pytest

from api.accounts.role import Role
from tests.api.retention.conftest import DAY, WEEK, Vault

REASON = {"reason": "法院调证"}


def rejected_case(vault: Vault, picture: str) -> tuple[str, datetime]:
    case_id = vault.video_case(0, picture, score=0.3)
    vault.district.do(case_id, "reject", Role.ACCEPTOR, reason="误报")
    return case_id, vault.ended(case_id) + WEEK


def test_held_case_keeps_its_pictures_until_the_hold_is_lifted(vault: Vault):
    picture = vault.upload()
    case_id, due = rejected_case(vault, picture)
    url = f"/v1/cases/{case_id}/hold"
    supervisor = vault.by(Role.SUPERVISOR)
    hold = supervisor.put(url, json=REASON)
    assert hold.status_code == 200, hold.text
    assert hold.json() | REASON == hold.json()
    assert (hold.json()["set_by"], hold.json()["lifted_at"]) == ("supervisor", None)
    assert vault.run(due + 1000 * DAY) == {}
    assert vault.check(due + 1000 * DAY).kept == 1
    assert vault.by(Role.ADMINISTRATOR).delete(url).status_code == 204
    assert vault.run(due) == {"rejected": 1}
    (kept,) = vault.by(Role.AUDITOR).get("/v1/holds").json()["holds"]
    assert kept["lifted_by"] == "administrator"
    actions = vault.value(
        "SELECT array_agg(action || ' ' || actor ORDER BY number) FROM audit_records "
        "WHERE subject = %s AND action LIKE '%%hold'",
        case_id,
    )
    assert actions == ["set_hold supervisor", "lift_hold administrator"]


def test_held_event_keeps_its_pictures_alone(vault: Vault):
    held, other = vault.upload(1), vault.upload(2)
    event_id = vault.gone_event(0, held)
    vault.gone_event(1, other)
    late = vault.moment("events", "updated_at", "event_id", event_id) + 2 * DAY
    url = f"/v1/events/{event_id}/hold"
    assert vault.by(Role.SUPERVISOR).put(url, json=REASON).status_code == 200
    assert vault.run(late) == {"unconfirmed": 1}
    assert vault.is_there(held)
    assert vault.by(Role.SUPERVISOR).delete(url).status_code == 204
    assert vault.run(late) == {"unconfirmed": 1}


def test_hold_goes_on_to_the_case_it_is_merged_into(vault: Vault):
    into = vault.district.report()["case_id"]
    picture = vault.upload()
    far = (113.9513, 22.5403)
    case_id = vault.district.report(pictures=[{"sha256": picture, "kind": "far"}], place=far)[
        "case_id"
    ]
    assert vault.by(Role.SUPERVISOR).put(f"/v1/cases/{case_id}/hold", json=REASON).is_success
    vault.district.do(case_id, "merge", Role.ACCEPTOR, target_case_id=into)
    vault.district.do(into, "force_close", Role.SUPERVISOR, reason="已处理")
    assert vault.run(vault.ended(into) + 1000 * DAY) == {}


@pytest.mark.parametrize("file_is_gone", [False, True])
def test_hold_that_comes_while_a_picture_is_being_deleted(vault: Vault, file_is_gone: bool):
    picture = vault.upload()
    case_id, due = rejected_case(vault, picture)
    vault.mark(due)
    if file_is_gone:
        vault.path(picture).unlink()
    assert vault.by(Role.SUPERVISOR).put(f"/v1/cases/{case_id}/hold", json=REASON).is_success
    # What is gone by then is gone, and proven.
    assert vault.run(due) == ({"rejected": 1} if file_is_gone else {})
    assert vault.is_there(picture) is not file_is_gone


def test_same_hold_again_changes_nothing_and_another_is_refused(vault: Vault):
    url = f"/v1/cases/{vault.district.report()['case_id']}/hold"
    supervisor = vault.by(Role.SUPERVISOR)
    first = supervisor.put(url, json=REASON).json()
    assert supervisor.put(url, json=REASON).json() == first
    other = supervisor.put(url, json={"reason": "另案"})
    assert other.status_code == 409
    assert "is held by supervisor since" in other.json()["detail"]
    assert supervisor.delete(url).status_code == 204
    again = supervisor.delete(url)
    assert (again.status_code, "is not held" in again.json()["detail"]) == (404, True)
    assert supervisor.put(url, json={"reason": "另案"}).json()["hold_id"] > first["hold_id"]


@pytest.mark.parametrize("reason", ["", "  ", "a\x00b", "x" * 1001, None])
def test_hold_needs_a_reason(vault: Vault, reason: str | None):
    url = f"/v1/cases/{vault.district.report()['case_id']}/hold"
    answer = vault.by(Role.SUPERVISOR).put(url, json={"reason": reason})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "reason"


@pytest.mark.parametrize("kind", ["cases", "events"])
def test_what_is_not_there_cannot_be_held(vault: Vault, kind: str):
    url = f"/v1/{kind}/01JD8Z6Q3V5W7X9Y1A3C5E7G9M/hold"
    assert vault.by(Role.SUPERVISOR).put(url, json=REASON).status_code == 404
    assert vault.by(Role.SUPERVISOR).delete(url).status_code == 404


def test_holds_are_cut_to_the_unit_of_whoever_asks(vault: Vault):
    case_id = vault.district.report()["case_id"]
    url = f"/v1/cases/{case_id}/hold"
    south, north = (vault.by(Role.SUPERVISOR, unit_id=unit) for unit in ("south", "north"))
    assert south.put(url, json=REASON).status_code == 404
    assert north.put(url, json=REASON).status_code == 200
    assert south.get("/v1/holds").json()["holds"] == []
    assert len(north.get("/v1/holds?state=standing").json()["holds"]) == 1
    assert north.get("/v1/holds?state=lifted").json()["holds"] == []


def test_pages_of_holds(vault: Vault):
    supervisor = vault.by(Role.SUPERVISOR)
    for number in range(3):
        event_id = vault.gone_event(number)
        assert supervisor.put(f"/v1/events/{event_id}/hold", json=REASON).is_success
    page = supervisor.get("/v1/holds?limit=2").json()
    assert len(page["holds"]) == 2
    rest = supervisor.get(f"/v1/holds?limit=2&cursor={page['next_cursor']}").json()
    assert len(rest["holds"]) == 1
    assert rest["next_cursor"] is None
