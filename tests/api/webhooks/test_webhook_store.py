"""Which webhooks can be made, and by whom they are seen."""

from typing import Any

import psycopg
import pytest

from api.accounts.role import Role
from tests.api.webhooks.conftest import WebhookDistrict
from tests.api.webhooks.receiver import Receiver

# Of a receiver that nobody connects to.
URL = "http://127.0.0.1:9/hook"


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"url": "http://169.254.169.254/latest"}, "url", "is 169.254.169.254, which lies in no"),
        ({"url": "http://10.0.0.1"}, "url", "is 10.0.0.1, which lies in no allowed network"),
        ({"url": "http://[::1]:8080/"}, "url", "is ::1, which lies in no allowed network"),
        ({"url": "http://[::ffff:10.0.0.1]/"}, "url", "lies in no allowed network"),
        ({"url": "http://0x0a.1/"}, "url", "is 10.0.0.1, which lies in no allowed network"),
        ({"url": "http://no-such-host.invalid/"}, "url", "cannot be found"),
        ({"url": "ftp://127.0.0.1/"}, "url", "is no http:// or https:// address"),
        ({"url": "file:///etc/passwd"}, "url", "is no http:// or https:// address"),
        ({"url": "//127.0.0.1/"}, "url", "is no http:// or https:// address"),
        ({"url": "http://"}, "url", "is no http:// or https:// address"),
        ({"url": "http://127.0.0.1:port/"}, "url", "is no address"),
        ({"url": "http://user:hidden@127.0.0.1/"}, "url", "holds a user name or password"),
        ({"url": "http://127.0.0.1/" + "x" * 500}, "url", "at most 500"),
        ({"unit_id": "nowhere"}, "unit_id", "is nowhere, which the organisation does not have"),
        ({"kinds": ["dispatched", "dispatch"]}, "kinds", "has dispatch, which is none"),
        ({"kinds": ["Dispatched"]}, "kinds.0", "pattern"),
        ({"secret": "mine"}, "secret", "Extra inputs"),
    ],
)
def test_what_cannot_be_made_says_why(
    district: WebhookDistrict, changes: dict[str, Any], field: str, problem: str
):
    answer = district.administrator.post("/v1/webhooks", json={"url": URL, **changes})
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert problem in error["message"]
    assert "hidden" not in answer.text
    assert district.administrator.get("/v1/webhooks").json() == {"webhooks": []}


def test_secret_is_shown_once_and_kept_encrypted(district: WebhookDistrict):
    made = district.hook(URL, kinds=["closed"], unit_id="sanitation")
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert district.administrator.get("/v1/webhooks").json() == {"webhooks": [made]}
    assert (made["created_by"], made["enabled"]) == ("admin", True)
    with psycopg.connect(district.api.settings.database_url.get_secret_value()) as connection:
        (row,) = connection.execute("SELECT webhooks::text FROM webhooks").fetchall()
        audit = connection.execute("SELECT audit_records::text FROM audit_records").fetchall()
    assert secret not in str(row)
    assert "make_webhook" in str(audit)
    assert secret not in str(audit)


def test_one_looks_after_webhooks_below_ones_own_unit(district: WebhookDistrict):
    of_all = district.hook(URL)
    of_traffic = district.hook(URL, unit_id="traffic")
    operator = district.by(Role.OPERATOR, "of.sanitation", unit_id="sanitation")
    own = operator.post("/v1/webhooks", json={"url": URL, "unit_id": "sanitation"})
    assert own.status_code == 201, own.text
    seen = operator.get("/v1/webhooks").json()["webhooks"]
    assert [one["webhook_id"] for one in seen] == [own.json()["webhook_id"]]
    for other in ({}, {"unit_id": "traffic"}, {"unit_id": "district"}):
        refused = operator.post("/v1/webhooks", json={"url": URL, **other})
        assert refused.status_code == 422
        assert "is not at or below sanitation, where of.sanitation" in refused.json()["detail"]
    for hook in (of_all, of_traffic):
        path = f"/v1/webhooks/{hook['webhook_id']}"
        assert operator.delete(path).status_code == 404
        assert operator.patch(path, json={"enabled": False}).status_code == 404
        assert operator.get(f"{path}/deliveries").status_code == 404
        assert operator.post(f"{path}/deliveries/1/replay").status_code == 404
    assert len(district.administrator.get("/v1/webhooks").json()["webhooks"]) == 3


@pytest.mark.parametrize("role", [Role.ACCEPTOR, Role.DEPARTMENT, Role.VIEWER, Role.AUDITOR])
def test_others_have_no_business_with_them(district: WebhookDistrict, role: Role):
    assert district.by(role).get("/v1/webhooks").status_code == 403
    assert district.by(role).post("/v1/webhooks", json={"url": URL}).status_code == 403


def test_key_to_operate_may(district: WebhookDistrict, receiver: Receiver):
    assert district.api.http.post("/v1/webhooks", json={"url": receiver.url}).status_code == 201
    assert district.api.reader.get("/v1/webhooks").status_code == 403


def test_examples_are_what_the_api_takes_and_gives(district: WebhookDistrict):
    from api.routes import webhook_examples as examples  # noqa: PLC0415

    made = district.hook(URL, kinds=examples.WEBHOOK_TO_MAKE["kinds"], unit_id="sanitation")
    assert made.keys() == examples.NEW_WEBHOOK.keys()
    listed = district.administrator.get("/v1/webhooks").json()["webhooks"]
    assert listed[0].keys() == examples.WEBHOOK.keys()
    district.hook(URL)
    district.report()
    hook = district.administrator.get("/v1/webhooks").json()["webhooks"][1]
    (delivery,) = district.wait_for(hook, "dead")
    assert delivery.keys() == examples.DELIVERY.keys()
    assert delivery["event"].keys() == examples.CASE_EVENT.keys()
    assert delivery["event"]["data"]["case"].keys() == examples.CASE_EVENT["data"]["case"].keys()
