"""Departments' systems hear of their cases: signed, in order, and of each step once."""

import hashlib
import hmac
import threading
from pathlib import Path

import pytest

from api.accounts.role import Role
from api.settings import ApiSettings
from tests.api.cases.conftest import SOUTH_PLACE
from tests.api.webhooks.conftest import WebhookDistrict, add_tables, running
from tests.api.webhooks.receiver import TAKEN, Answer, Receiver
from tests.waiting import wait_until


def arrived(receiver: Receiver, *kinds: str) -> None:
    wait_until(lambda: receiver.kinds == [*kinds], what=f"{kinds}, not {receiver.kinds}")


def test_message_is_a_signed_cloud_event(district: WebhookDistrict, receiver: Receiver):
    hook = district.hook(receiver.url)
    case = district.report(description="垃圾堆在门口")
    arrived(receiver, "reported")
    (got,) = receiver.received
    assert got.path == "/hook"
    assert got.headers["content-type"] == "application/cloudevents+json"
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    signed = got.headers["x-citypatrol-timestamp"].encode() + b"." + got.body
    digest = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["x-citypatrol-signature"] == f"v1={digest}"
    event = got.event
    assert event["specversion"] == "1.0"
    assert event["type"] == "org.citypatrol.case.reported.v1"
    assert event["source"] == "/districts/demo"
    assert event["subject"] == case["number"]
    assert event["id"].startswith("case-flow-")
    assert event["time"] == case["reported_at"]
    assert event["data"]["case"]["case_id"] == case["case_id"]
    assert event["data"]["step"]["action"] == "report"
    (delivery,) = district.wait_for(hook, "delivered")
    assert delivery["event"] == event
    assert (delivery["attempts"], delivery["last_error"]) == (1, None)


def test_steps_arrive_in_order(district: WebhookDistrict, receiver: Receiver):
    district.hook(receiver.url)
    case_id = district.report()["case_id"]
    district.do(case_id, "register", Role.ACCEPTOR)
    district.do(case_id, "assign", Role.DEPARTMENT, handler="handler")
    for _ in range(3):
        district.do(case_id, "urge", Role.ACCEPTOR)
    arrived(receiver, "reported", "registered", "dispatched", "assigned", *["urged"] * 3)
    ids = [event["id"] for event in receiver.events]
    assert len(set(ids)) == len(ids)


def test_failed_message_is_sent_again_before_the_next(
    district: WebhookDistrict, receiver: Receiver
):
    failing = iter([Answer(500), Answer(503)])
    receiver.answering = lambda _: next(failing, TAKEN)
    hook = district.hook(receiver.url)
    case_id = district.report()["case_id"]
    district.do(case_id, "register", Role.ACCEPTOR)
    arrived(receiver, *["reported"] * 3, "registered", "dispatched")
    assert len({event["id"] for event in receiver.events[:3]}) == 1
    first = district.wait_for(hook, "delivered", 3)[-1]
    assert first["attempts"] == 3


def test_message_is_given_up_after_the_last_delay_and_replayed(
    district: WebhookDistrict, receiver: Receiver
):
    receiver.answering = lambda _: Answer(500)
    hook = district.hook(receiver.url)
    district.report()
    (dead,) = district.wait_for(hook, "dead")
    assert dead["attempts"] == 3
    assert dead["last_error"] == "the receiver answered 500 Internal Server Error"
    assert dead["next_attempt_at"] is None
    path = f"/v1/webhooks/{hook['webhook_id']}/deliveries/{dead['delivery_id']}/replay"
    receiver.answering = lambda _: TAKEN
    again = district.administrator.post(path)
    assert again.status_code == 200, again.text
    assert (again.json()["state"], again.json()["attempts"]) == ("waiting", 0)
    district.wait_for(hook, "delivered")
    twice = district.administrator.post(path)
    assert twice.status_code == 409
    assert "is delivered; only a dead one is replayed" in twice.json()["detail"]


def test_what_comes_after_a_given_up_message_is_sent(district: WebhookDistrict, receiver: Receiver):
    receiver.answering = lambda got: Answer(400) if "reported" in got.event["type"] else TAKEN
    hook = district.hook(receiver.url)
    case_id = district.report()["case_id"]
    district.do(case_id, "urge", Role.ACCEPTOR)
    arrived(receiver, *["reported"] * 3, "urged")
    assert len(district.wait_for(hook, "dead")) == 1


def test_slow_receiver_holds_up_no_other(district: WebhookDistrict, receiver: Receiver):
    may_answer = threading.Event()

    def slowly(_: object) -> Answer:
        may_answer.wait(4)
        return TAKEN

    with Receiver(slowly) as slow:
        hook = district.hook(slow.url)
        district.hook(receiver.url)
        case_id = district.report()["case_id"]
        wait_until(lambda: slow.received, what="the slow one's first message")
        for _ in range(3):
            district.do(case_id, "urge", Role.ACCEPTOR)
        arrived(receiver, "reported", *["urged"] * 3)
        assert slow.kinds == ["reported"]
        may_answer.set()
        district.wait_for(hook, "delivered", 4)


def test_department_hears_of_its_own_cases_while_it_has_them(
    district: WebhookDistrict, receiver: Receiver
):
    with Receiver() as of_traffic, Receiver() as of_all:
        district.hook(receiver.url, unit_id="sanitation")
        district.hook(of_traffic.url, unit_id="traffic")
        district.hook(of_all.url, unit_id="district")
        case_id = district.report()["case_id"]
        district.do(case_id, "register", Role.ACCEPTOR)
        district.do(case_id, "return_to_dispatcher", Role.DEPARTMENT, reason="不归我们")
        district.do(case_id, "dispatch", Role.DISPATCHER, department_id="traffic")
        district.report(place=SOUTH_PLACE)
        arrived(receiver, "dispatched", "returned_to_dispatcher")
        arrived(of_traffic, "dispatched")
        arrived(of_all, "dispatched", "returned_to_dispatcher", "dispatched")
        assert of_traffic.events[0]["data"]["step"]["details"]["department_id"] == "traffic"


def test_only_the_wanted_kinds_come(district: WebhookDistrict, receiver: Receiver):
    district.hook(receiver.url, kinds=["urged", "rejected"])
    case_id = district.report()["case_id"]
    district.do(case_id, "urge", Role.ACCEPTOR)
    district.do(case_id, "reject", Role.ACCEPTOR, reason="没有")
    arrived(receiver, "urged", "rejected")


def test_new_webhook_hears_nothing_of_the_past(district: WebhookDistrict, receiver: Receiver):
    case_id = district.report()["case_id"]
    with Receiver() as older:
        district.hook(older.url)
        district.do(case_id, "urge", Role.ACCEPTOR)
        district.hook(receiver.url)
        district.do(case_id, "register", Role.ACCEPTOR)
        arrived(receiver, "registered", "dispatched")
        arrived(older, "urged", "registered", "dispatched")


def test_nothing_is_lost_or_told_twice_over_a_restart(
    settings: ApiSettings, tmp_path: Path, receiver: Receiver
):
    answers = {"now": Answer(503)}
    receiver.answering = lambda _: answers["now"]
    slow_down = {"CITYPATROL_WEBHOOK_RETRY_DELAYS": "0.01,0.2,0.2,0.2,0.2,3600"}
    add_tables(settings.database_url.get_secret_value(), tmp_path / "tables")
    with running(settings, **slow_down) as before:
        hook = before.hook(receiver.url)
        case_id = before.report()["case_id"]
        before.do(case_id, "register", Role.ACCEPTOR)
        wait_until(lambda: receiver.received, what="an attempt")
    answers["now"] = TAKEN
    refused = len(receiver.received)
    with running(settings, **slow_down) as after:
        after.do(case_id, "urge", Role.ACCEPTOR)
        after.wait_for(hook, "delivered", 4)
        assert receiver.kinds[refused:] == ["reported", "registered", "dispatched", "urged"]
        assert after.deliveries(hook, "?state=waiting") == []


def test_broken_off_message_is_sent_again_at_once(
    settings: ApiSettings, tmp_path: Path, receiver: Receiver
):
    may_answer = threading.Event()
    receiver.answering = lambda _: TAKEN if may_answer.wait(10) else Answer(500)
    add_tables(settings.database_url.get_secret_value(), tmp_path / "tables")
    with running(settings, CITYPATROL_WEBHOOK_TIMEOUT_SECONDS="60") as before:
        hook = before.hook(receiver.url)
        before.report()
        wait_until(lambda: receiver.received, what="the message")
    may_answer.set()
    with running(settings) as after:
        after.wait_for(hook, "delivered")
    first, second = receiver.events
    assert first == second


def test_switched_off_webhook_hears_nothing(district: WebhookDistrict, receiver: Receiver):
    hook = district.hook(receiver.url)
    path = f"/v1/webhooks/{hook['webhook_id']}"
    off = district.administrator.patch(path, json={"enabled": False})
    assert (off.status_code, off.json()["enabled"]) == (200, False)
    with Receiver() as other:
        district.hook(other.url)
        case_id = district.report()["case_id"]
        arrived(other, "reported")
        assert district.administrator.patch(path, json={"enabled": True}).json()["enabled"]
        district.do(case_id, "urge", Role.ACCEPTOR)
        arrived(receiver, "urged")


def test_deleted_webhook_is_gone_with_its_messages(district: WebhookDistrict, receiver: Receiver):
    hook = district.hook(receiver.url)
    district.report()
    arrived(receiver, "reported")
    path = f"/v1/webhooks/{hook['webhook_id']}"
    assert district.administrator.delete(path).status_code == 204
    assert district.administrator.get(f"{path}/deliveries").status_code == 404
    assert district.administrator.delete(path).status_code == 404
    assert district.administrator.patch(path, json={"enabled": True}).status_code == 404
    assert district.administrator.get("/v1/webhooks").json() == {"webhooks": []}


def test_messages_are_paged_newest_first(district: WebhookDistrict, receiver: Receiver):
    hook = district.hook(receiver.url)
    case_id = district.report()["case_id"]
    for _ in range(4):
        district.do(case_id, "urge", Role.ACCEPTOR)
    district.wait_for(hook, "delivered", 5)
    path = f"/v1/webhooks/{hook['webhook_id']}/deliveries"
    found, cursor = [], ""
    while True:
        page = district.administrator.get(f"{path}?limit=2{cursor}").json()
        found += [one["delivery_id"] for one in page["deliveries"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == sorted(found, reverse=True)
    assert len(found) == 5


@pytest.mark.parametrize("delivery_id", [1, 2**62])
def test_message_that_is_not_there_is_not_replayed(
    district: WebhookDistrict, receiver: Receiver, delivery_id: int
):
    hook = district.hook(receiver.url)
    path = f"/v1/webhooks/{hook['webhook_id']}/deliveries/{delivery_id}/replay"
    assert district.administrator.post(path).status_code == 404
