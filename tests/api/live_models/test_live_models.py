"""Which model versions are live: promoted, rolled back, taken out of service."""

import threading

import pytest

from api.routes.examples import LIVE_MODEL, MODEL_HISTORY, MODEL_SHA256, PROMOTION
from tests.api.running_api import RunningApi

PROMOTIONS = "/v1/models/street/promotions"
ROLLBACKS = "/v1/models/street/rollbacks"


def promotion(version: str, sha256: str = MODEL_SHA256) -> dict:
    return {"version": version, "files": [{"path": "model.onnx", "sha256": sha256}]}


def promote(api: RunningApi, version: str, name: str = "street") -> None:
    answer = api.http.post(f"/v1/models/{name}/promotions", json=promotion(version))
    assert answer.status_code == 201, answer.text
    assert answer.json()["version"] == version


def roll_back(api: RunningApi) -> str:
    answer = api.http.post(ROLLBACKS, json={})
    assert answer.status_code == 201, answer.text
    return answer.json()["version"]


def live(api: RunningApi) -> dict[str, str]:
    models = api.reader.get("/v1/models/live").json()["models"]
    return {model["name"]: model["version"] for model in models}


def history(api: RunningApi, query: str = "") -> list[tuple[str, str | None]]:
    changes = api.reader.get(f"/v1/models/history{query}").json()["changes"]
    assert sum(change["is_current"] for change in changes if change["name"] == "street") <= 1
    return [(change["kind"], change["version"]) for change in changes]


def test_promoted_version_is_live_and_says_since_when_and_by_whom(api: RunningApi):
    assert live(api) == {}
    answer = api.http.post(PROMOTIONS, json=PROMOTION)
    assert answer.status_code == 201
    (model,) = api.reader.get("/v1/models/live").json()["models"]
    assert model == answer.json()
    assert model.keys() == LIVE_MODEL.keys()
    assert model["promoted_by"] == "worker"
    assert model["promoted_at"] == model["in_service_since"]
    assert model["files"] == PROMOTION["files"]
    (change,) = api.reader.get("/v1/models/history").json()["changes"]
    assert change.keys() == MODEL_HISTORY["changes"][0].keys()


def test_rolling_back_twice_goes_two_versions_back(api: RunningApi):
    for version in ("1", "2", "3"):
        promote(api, version)
    assert [roll_back(api), roll_back(api)] == ["2", "1"]
    assert live(api) == {"street": "1"}
    refused = api.http.post(ROLLBACKS, json={})
    assert refused.status_code == 409
    assert "before street@1" in refused.json()["detail"]


def test_promotion_after_a_rollback_returns_to_what_was_live_then(api: RunningApi):
    for version in ("1", "2"):
        promote(api, version)
    assert roll_back(api) == "1"
    promote(api, "3")
    assert roll_back(api) == "1"
    promote(api, "2")
    promote(api, "3")
    assert [roll_back(api), roll_back(api)] == ["2", "1"]


def test_promoting_what_is_live_changes_nothing(api: RunningApi):
    promote(api, "1")
    promote(api, "2")
    again = api.http.post(PROMOTIONS, json=promotion("2"))
    assert again.status_code == 200
    assert len(history(api)) == 2
    assert roll_back(api) == "1"


def test_version_never_changes_its_files(api: RunningApi):
    promote(api, "1")
    promote(api, "2")
    answer = api.http.post(PROMOTIONS, json=promotion("1", "0" * 64))
    assert answer.status_code == 409
    assert "street@1 was promoted before with other files" in answer.json()["detail"]
    assert live(api) == {"street": "2"}


def test_withdrawn_model_comes_back_by_rollback(api: RunningApi):
    promote(api, "1")
    promote(api, "2")
    assert api.http.delete("/v1/models/street/live").status_code == 204
    assert live(api) == {}
    assert api.http.delete("/v1/models/street/live").status_code == 404
    assert [roll_back(api), roll_back(api)] == ["2", "1"]
    assert history(api)[:3] == [("rollback", "1"), ("rollback", "2"), ("withdrawal", None)]


def test_promotion_after_a_withdrawal_returns_to_the_version_withdrawn(api: RunningApi):
    promote(api, "1")
    api.http.delete("/v1/models/street/live")
    promote(api, "2")
    assert roll_back(api) == "1"


def test_models_stand_in_the_order_in_which_they_came_into_service(api: RunningApi):
    promote(api, "1", "street")
    promote(api, "1", "river")
    promote(api, "2", "street")
    assert list(live(api)) == ["street", "river"]
    api.http.delete("/v1/models/street/live")
    promote(api, "2", "street")
    assert list(live(api)) == ["river", "street"]


def test_promotions_at_the_same_time_leave_one_live(api: RunningApi):
    senders = [
        threading.Thread(target=api.http.post, args=(PROMOTIONS,), kwargs={"json": promotion(v)})
        for v in "abcdef"
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    versions = [version for _, version in history(api)]
    assert sorted(versions) == list("abcdef")
    assert live(api) == {"street": versions[0]}
    assert [roll_back(api) for _ in range(5)] == versions[1:]


def test_history_of_one_model_and_of_the_newest_changes(api: RunningApi):
    promote(api, "1")
    promote(api, "7", "river")
    promote(api, "2")
    assert history(api, "?name=river") == [("promotion", "7")]
    assert history(api, "?limit=1") == [("promotion", "2")]


@pytest.mark.parametrize("path", [ROLLBACKS, "/v1/models/street/live"])
def test_model_that_was_never_live(api: RunningApi, path: str):
    answer = api.http.post(path, json={}) if path == ROLLBACKS else api.http.delete(path)
    assert answer.status_code == 404
    assert "'street'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"version": "1"}, 422, "files"),
        ({"version": "1", "files": []}, 422, "files"),
        (promotion("../1"), 422, "version"),
        (promotion("1", "abc"), 422, "files.0.sha256"),
        ({**promotion("1"), "note": "a\x00b"}, 422, "note"),
        ({**promotion("1"), "extra": 1}, 422, "extra"),
        ({"version": "1", "files": promotion("1")["files"] * 2}, 422, ""),
        (7, 422, ""),
    ],
)
def test_bad_promotion_is_named_and_changes_nothing(api: RunningApi, body, status, field):
    answer = api.http.post(PROMOTIONS, json=body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == field
    assert history(api) == []


def test_bad_name_is_refused(api: RunningApi):
    answer = api.http.post("/v1/models/Street!/promotions", json=promotion("1"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "name"
