"""Each class is kept to the end of its period and no longer."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from api.accounts.role import Role
from api.database.database import Database
from api.events.evidence_store import EvidenceFolder
from api.retention.retention_pass import RetentionPass
from api.retention.retention_settings import RetentionSettings
from tests.api.retention.conftest import DAY, MOMENT, SETTINGS, WEEK, Vault

CLOSING = 90 * DAY
# So little that nobody registers it by rule.
UNCLEAR = {"score": 0.3}
FALSE = {"verdict": "false", "reason": "nothing_there"}


def judge(vault: Vault, event_id: str, **verdict: Any) -> datetime:
    answer = vault.by(Role.ACCEPTOR).post(f"/v1/events/{event_id}/verdicts", json=verdict)
    assert answer.status_code == 201, answer.text
    return datetime.fromisoformat(answer.json()["given_at"])


def unconfirmed_event(vault: Vault, picture: str) -> tuple[datetime, str]:
    event_id = vault.gone_event(0, picture)
    return vault.moment("events", "updated_at", "event_id", event_id) + DAY, "unconfirmed"


def waiting_case(vault: Vault, picture: str) -> tuple[datetime, str]:
    case_id = vault.video_case(0, picture, **UNCLEAR)
    assert vault.value("SELECT state FROM cases") == "reported"
    since = vault.moment("cases", "updated_at", "case_id", case_id)
    return max(since, vault.moment("events", "updated_at", "camera_id", "north-gate")) + DAY, (
        "unconfirmed"
    )


def event_judged_false(vault: Vault, picture: str) -> tuple[datetime, str]:
    return judge(vault, vault.gone_event(0, picture), **FALSE) + WEEK, "rejected"


def event_judged_true(vault: Vault, picture: str) -> tuple[datetime, str]:
    return judge(vault, vault.gone_event(0, picture), verdict="true") + CLOSING, "confirmed"


def case_waiting_and_judged_false(vault: Vault, picture: str) -> tuple[datetime, str]:
    vault.video_case(0, picture, **UNCLEAR)
    event_id = vault.value("SELECT event_id FROM events")
    return judge(vault, event_id, **FALSE) + WEEK, "rejected"


def case_not_accepted(vault: Vault, picture: str) -> tuple[datetime, str]:
    case_id = vault.video_case(0, picture, **UNCLEAR)
    vault.district.do(case_id, "reject", Role.ACCEPTOR, reason="误报")
    return vault.ended(case_id) + WEEK, "rejected"


def case_voided(vault: Vault, picture: str) -> tuple[datetime, str]:
    case_id = vault.video_case(0, picture)
    vault.district.do(case_id, "void", Role.SHIFT_LEAD, reason="重复")
    return vault.ended(case_id) + WEEK, "rejected"


def case_closed(vault: Vault, picture: str) -> tuple[datetime, str]:
    case_id = vault.video_case(0, picture)
    vault.district.do(case_id, "force_close", Role.SUPERVISOR, reason="已处理")
    return vault.ended(case_id) + CLOSING, "confirmed"


def reported_case_closed(vault: Vault, picture: str) -> tuple[datetime, str]:
    pictures = [{"sha256": picture, "kind": "near"}]
    case_id = vault.district.report(pictures=pictures)["case_id"]
    vault.district.do(case_id, "force_close", Role.SUPERVISOR, reason="已处理")
    return vault.ended(case_id) + CLOSING, "confirmed"


def nothing(vault: Vault, picture: str) -> tuple[datetime, str]:
    return vault.moment("evidence", "received_at", "sha256", picture) + DAY, "unused"


@pytest.mark.parametrize(
    "begin",
    [
        unconfirmed_event,
        waiting_case,
        event_judged_false,
        event_judged_true,
        case_waiting_and_judged_false,
        case_not_accepted,
        case_voided,
        case_closed,
        reported_case_closed,
        nothing,
    ],
)
def test_picture_is_there_to_the_end_of_its_period(
    vault: Vault, begin: Callable[[Vault, str], tuple[datetime, str]]
):
    picture = vault.upload()
    due, retention_class = begin(vault, picture)
    assert vault.run(due - MOMENT) == {}
    assert vault.is_there(picture)
    assert vault.run(due) == {retention_class: 1}
    assert not vault.is_there(picture)
    assert vault.run(due) == {}
    gone = vault.look(picture)
    assert gone.status_code == 410
    assert gone.headers["content-type"] == "application/problem+json"
    said = f"picture {picture} was deleted at {due:%Y-%m-%dT%H:%M:%SZ}: pictures of class "
    assert gone.json()["detail"].startswith(said + retention_class)
    assert vault.check(due).deletions == 1


def test_events_and_cases_stay_and_name_what_they_had(vault: Vault):
    picture = vault.upload()
    case_id = vault.video_case(0, picture, **UNCLEAR)
    vault.run(datetime_of(vault, case_id) + DAY + MOMENT)
    (stored,) = vault.api.stored()
    assert stored["properties"]["evidence"][0]["sha256"] == picture
    flow = vault.api.reader.get(f"/v1/cases/{case_id}/flow").json()
    assert [one["sha256"] for one in flow["pictures"]] == [picture]


def datetime_of(vault: Vault, case_id: str) -> datetime:
    return vault.moment("cases", "updated_at", "case_id", case_id)


def supervised(vault: Vault, case_id: str) -> None:
    vault.district.do(case_id, "supervise", Role.SUPERVISOR, reason="请核实")


def registered(vault: Vault, case_id: str) -> None:
    vault.district.do(case_id, "register", Role.ACCEPTOR)


def untouched(vault: Vault, case_id: str) -> None:
    assert vault.value("SELECT version FROM cases WHERE case_id = %s", case_id) == 1


@pytest.mark.parametrize("go_on", [untouched, supervised, registered])
def test_open_case_loses_nothing(vault: Vault, go_on: Callable[[Vault, str], None]):
    picture = vault.upload()
    pictures = [{"sha256": picture, "kind": "near"}]
    case_id = vault.district.report(pictures=pictures)["case_id"]
    go_on(vault, case_id)
    assert vault.run(datetime_of(vault, case_id) + 3000 * DAY) == {}
    assert vault.is_there(picture)


def test_waiting_case_that_a_person_took_up_is_kept(vault: Vault):
    picture = vault.upload()
    case_id = vault.video_case(0, picture, **UNCLEAR)
    vault.district.do(case_id, "request_pre_verify", Role.ACCEPTOR)
    vault.district.do(case_id, "verified_present", Role.COLLECTOR)
    assert vault.run(datetime_of(vault, case_id) + 1000 * DAY) == {}


def test_reopened_case_is_kept_and_counts_from_its_new_end(vault: Vault):
    picture = vault.upload()
    pictures = [{"sha256": picture, "kind": "near"}]
    case_id = vault.district.report(pictures=pictures)["case_id"]
    vault.district.do(case_id, "register", Role.ACCEPTOR)
    vault.execute("UPDATE cases SET state = 'closed', ended_at = now() - interval '80 days'")
    first_end = vault.ended(case_id)
    vault.district.do(case_id, "reopen", Role.SHIFT_LEAD, reason="又出现")
    assert vault.run(first_end + CLOSING) == {}
    vault.district.do(case_id, "force_close", Role.SUPERVISOR, reason="已处理")
    assert vault.run(vault.ended(case_id) + CLOSING - MOMENT) == {}
    assert vault.run(vault.ended(case_id) + CLOSING) == {"confirmed": 1}


def test_merged_case_goes_with_the_one_it_was_merged_into(vault: Vault):
    into = vault.district.report()["case_id"]
    picture, own = vault.upload(1), vault.upload(2)
    far = [113.9513, 22.5403]
    event = vault.event(0, picture, **UNCLEAR)
    case_id = vault.district.report(pictures=[{"sha256": own, "kind": "far"}], place=far)["case_id"]
    vault.execute("UPDATE case_events SET case_id = %s WHERE event_id = %s", case_id, event)
    vault.district.do(case_id, "merge", Role.ACCEPTOR, target_case_id=into)
    late = datetime_of(vault, case_id) + 1000 * DAY
    assert vault.run(late) == {}
    vault.district.do(into, "force_close", Role.SUPERVISOR, reason="已处理")
    assert vault.run(vault.ended(into) + CLOSING - MOMENT) == {}
    assert sum(vault.run(vault.ended(into) + CLOSING + MOMENT).values()) >= 1
    assert not vault.is_there(own)


def test_shared_picture_goes_with_the_last_that_names_it(vault: Vault):
    shared, alone = vault.upload(1), vault.upload(2)
    vault.gone_event(0, shared, alone)
    judged = vault.gone_event(1, shared)
    given_at = judge(vault, judged, **FALSE)
    assert vault.run(given_at + DAY) == {"unconfirmed": 1}
    assert vault.is_there(shared)
    assert not vault.is_there(alone)
    assert vault.run(given_at + WEEK) == {"rejected": 1}
    details = vault.value(
        "SELECT details FROM audit_records WHERE subject = %s AND action = 'delete_picture'", shared
    )
    assert details["class"] == "rejected"
    assert details["period_hours"] == 168
    assert len(details["events"]) == 2
    assert details["node"]


def test_standing_event_may_name_what_was_deleted(vault: Vault):
    picture = vault.upload()
    event_id = vault.gone_event(0, picture)
    changed = vault.moment("events", "updated_at", "event_id", event_id)
    assert vault.run(changed + DAY) == {"unconfirmed": 1}
    vault.gone_event(0, picture, revision=2)
    assert vault.look(picture).status_code == 410


def test_picture_that_was_deleted_can_be_uploaded_again(vault: Vault):
    picture = vault.upload()
    received = vault.moment("evidence", "received_at", "sha256", picture)
    vault.run(received + DAY)
    assert not vault.is_there(picture)
    vault.upload()
    assert vault.is_there(picture)
    # Of a test whose deletions are in the future; a real one is in the past.
    vault.execute("UPDATE evidence SET received_at = now() + interval '2 days'")
    assert vault.check(received).kept == 1


def test_uploading_again_begins_the_period_of_an_unused_picture_anew(vault: Vault):
    picture = vault.upload()
    vault.execute("UPDATE evidence SET received_at = now() - interval '23 hours'")
    vault.upload()
    received = vault.moment("evidence", "received_at", "sha256", picture)
    assert vault.run(received + DAY - MOMENT) == {}


def test_other_periods_can_be_set(vault: Vault):
    picture = vault.upload()
    event_id = vault.gone_event(0, picture)
    changed = vault.moment("events", "updated_at", "event_id", event_id)
    longer = RetentionSettings(unconfirmed_hours=72)
    assert vault.run(changed + 3 * DAY - MOMENT, longer) == {}
    assert vault.run(changed + 3 * DAY, longer) == {"unconfirmed": 1}


@pytest.mark.parametrize("file_is_gone", [False, True])
def test_deletion_that_broke_off_is_finished(vault: Vault, file_is_gone: bool):
    picture = vault.upload()
    due = vault.moment("evidence", "received_at", "sha256", picture) + DAY
    vault.mark(due)
    if file_is_gone:
        vault.path(picture).unlink()
    being_deleted = vault.look(picture)
    assert being_deleted.status_code == 410
    assert "is being deleted" in being_deleted.json()["detail"]
    assert vault.run(due) == {"unused": 1}
    assert vault.look(picture).status_code == 410
    assert vault.check(due).deletions == 1


@pytest.mark.parametrize("file_is_gone", [False, True])
def test_upload_ends_a_deletion_that_has_begun(vault: Vault, file_is_gone: bool):
    picture = vault.upload()
    due = vault.moment("evidence", "received_at", "sha256", picture) + DAY
    vault.mark(due)
    if file_is_gone:
        vault.path(picture).unlink()
    vault.upload()
    assert vault.is_there(picture)
    received = vault.moment("evidence", "received_at", "sha256", picture)
    assert vault.run(received + DAY - MOMENT) == {}


def test_nodes_share_the_work_and_delete_each_picture_once(vault: Vault):
    pictures = [vault.upload(number) for number in range(30)]
    due = vault.moment("evidence", "received_at", "sha256", pictures[-1]) + DAY
    failures: list[Exception] = []
    together = threading.Barrier(3)

    async def work(base: Database) -> None:
        together.wait()
        await RetentionPass(base, EvidenceFolder(vault.folder), SETTINGS).run(due)

    def node() -> None:
        try:
            vault.with_database(work)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    nodes = [threading.Thread(target=node) for _ in range(3)]
    for one in nodes:
        one.start()
    for one in nodes:
        one.join()
    assert failures == []
    # What a node had locked as another looked is for its next pass.
    vault.run(due)
    assert not any(vault.is_there(picture) for picture in pictures)
    assert vault.check(due).deletions == len(pictures)


def test_more_than_one_batch_is_deleted_in_one_pass(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.retention.picture_deletion.PICTURES_PER_LOOK", 4)
    monkeypatch.setattr("api.retention.retention_pass.PICTURES_PER_LOOK", 4)
    monkeypatch.setattr("api.retention.picture_deletion.PICTURES_PER_DELETION", 3)
    pictures = [vault.upload(number) for number in range(10)]
    due = vault.moment("evidence", "received_at", "sha256", pictures[-1]) + DAY
    assert vault.run(due) == {"unused": 10}


def test_preview_that_no_newer_one_follows_is_deleted(vault: Vault):
    taken = vault.moment("evidence", "received_at", "sha256", vault.upload())
    vault.execute("INSERT INTO camera_previews VALUES ('north-gate', 'x', 'y', %s)", taken)
    vault.gone_event(0)
    assert "preview" not in vault.run(taken + DAY - MOMENT)
    assert vault.run(taken + DAY)["preview"] == 1
    assert vault.value("SELECT count(*) FROM camera_previews") == 0
    assert vault.value("SELECT subject FROM audit_records WHERE action = 'delete_preview'") == (
        "north-gate"
    )
