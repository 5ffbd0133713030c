"""What people and keys do is kept; what workers send is not."""

import pytest

from api.accounts.role import Role
from api.routes import examples
from tests.api.running_api import JPEG, PASSWORD, RunningApi, event, make_user

JPEG_TYPE = {"Content-Type": "image/jpeg"}
WORKER = "01JD8Z6Q3V5W7X9Y1A3C5E7G9J"


def kept(api: RunningApi) -> list[tuple[str, str]]:
    """Action and subject of each record, the oldest first."""
    records = api.user(Role.AUDITOR).get("/v1/audit?limit=1000").json()["records"]
    return [(one["action"], one["subject"]) for one in reversed(records)]


def test_what_changes_cameras_cells_and_models_is_kept(api: RunningApi):
    http, gate = api.http, "/v1/cameras/north-gate"
    south = {**examples.CAMERA, "camera_id": "south-gate"}
    assert http.post("/v1/cameras", json=examples.CAMERA).status_code == 201
    assert http.post("/v1/cameras", json=examples.CAMERA).status_code == 409
    assert http.put(gate, json=examples.CAMERA).status_code == 200
    assert http.post("/v1/cameras", json=[south, {"camera_id": "bad"}]).status_code == 200
    reference = f"{gate}/references/first"
    assert http.put(reference, content=JPEG, headers=JPEG_TYPE).status_code == 204
    assert http.delete(reference).status_code == 204
    assert http.delete(reference).status_code == 404
    assert http.put("/v1/grids", json=examples.GRIDS).status_code == 200
    assert http.delete(gate).status_code == 204
    first, second = ({**examples.PROMOTION, "version": version} for version in ("1", "2"))
    for promotion in (first, second):
        assert http.post("/v1/models/street/promotions", json=promotion).status_code == 201
    assert http.post("/v1/models/street/rollbacks", json=examples.ROLLBACK).status_code == 201
    assert http.delete("/v1/models/street/live").status_code == 204
    assert kept(api) == [
        ("make_camera", "north-gate"),
        ("replace_camera", "north-gate"),
        ("make_camera", "south-gate"),
        ("give_reference", "north-gate"),
        ("forget_reference", "north-gate"),
        ("replace_grids", "grids"),
        ("delete_camera", "north-gate"),
        ("promote_model", "street"),
        ("promote_model", "street"),
        ("roll_back_model", "street"),
        ("withdraw_model", "street"),
    ]


def test_what_workers_send_is_not_kept(api: RunningApi):
    api.add_camera()
    before = kept(api)
    api.add_evidence()
    api.post(event(0))
    captured = {**JPEG_TYPE, "X-Captured-At": examples.CAPTURED_AT}
    gate = "/v1/cameras/north-gate"
    assert api.http.put(f"{gate}/preview", content=JPEG, headers=captured).status_code == 204
    assert api.http.put(f"{gate}/condition", json=examples.CAMERA_CONDITION).status_code == 204
    report = api.http.put(f"/v1/models/running/{WORKER}", json=examples.WORKER_MODELS)
    assert report.status_code == 204
    assert api.reader.get("/v1/events").status_code == 200
    assert kept(api) == before


def test_users_are_made_and_changed_over_http(api: RunningApi):
    chief = api.user(Role.ADMINISTRATOR)
    body = {**examples.USER_TO_MAKE, "unit_id": "u1"}
    made = chief.post("/v1/users", json=body)
    assert made.status_code == 201
    assert made.json().keys() == examples.USER.keys()
    assert chief.post("/v1/users", json=body).json()["errors"][0]["field"] == "login"
    short = {**body, "login": "other", "password": "short"}
    assert chief.post("/v1/users", json=short).json()["errors"][0]["field"] == "password"

    def change(**changes: object) -> dict:
        answer = chief.patch("/v1/users/li.na", json=changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # What is not given stays: other roles widen no place.
    assert change(roles=["auditor"])["unit_id"] == "u1"
    assert change(unit_id=None)["unit_id"] is None
    assert change(unit_id="u2")["roles"] == ["auditor"]
    assert change(enabled=False)["enabled"] is False
    assert change(enabled=True, password=PASSWORD)["enabled"] is True
    form = {"grant_type": "password", "username": "li.na", "password": PASSWORD}
    assert api.nobody.post("/v1/tokens", data=form).status_code == 200
    logins = [one["login"] for one in chief.get("/v1/users").json()["users"]]
    assert "li.na" in logins
    assert kept(api) == [
        ("make_user", "li.na"),
        *[("change_user", "li.na")] * 5,
        ("log_in", "li.na"),
    ]
    assert PASSWORD not in api.user(Role.AUDITOR).get("/v1/audit").text


@pytest.mark.parametrize(
    ("login", "changes", "status"),
    [
        ("li.na", {}, 422),
        ("li.na", {"roles": []}, 422),
        ("li.na", {"roles": ["boss"]}, 422),
        ("li.na", {"roles": ["viewer"], "password": "short"}, 422),
        ("li.na", {"name": "x"}, 422),
        ("nobody", {"enabled": True}, 404),
        ("No Login", {"enabled": True}, 422),
    ],
)
def test_a_change_that_cannot_be_made_changes_nothing(api, login, changes, status):
    make_user(api.settings.database_url.get_secret_value(), Role.DISPATCHER, login="li.na")
    chief = api.user(Role.ADMINISTRATOR)
    answer = chief.patch(f"/v1/users/{login}", json=changes)
    assert answer.status_code == status
    users = {one["login"]: one for one in chief.get("/v1/users").json()["users"]}
    assert users["li.na"]["roles"] == ["dispatcher"]
    assert kept(api) == []


@pytest.mark.parametrize("change", [{"enabled": False}, {"roles": ["operator"]}])
def test_the_last_administrator_is_not_locked_out(api: RunningApi, change: dict):
    make_user(api.settings.database_url.get_secret_value(), Role.ADMINISTRATOR, login="li.na")
    chief = api.user_named("li.na", Role.ADMINISTRATOR)
    refused = chief.patch("/v1/users/li.na", json=change)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert "'li.na' is the last administrator" in refused.json()["detail"]
    assert "citypatrol users create NAME --role administrator" in refused.json()["detail"]
    (account,) = chief.get("/v1/users").json()["users"]
    assert (account["enabled"], account["roles"]) == (True, ["administrator"])
    assert kept(api) == []


def test_the_log_is_read_in_pages(api: RunningApi):
    for number in range(5):
        api.add_camera(camera_id=f"gate-{number}")
    auditor = api.user(Role.AUDITOR)
    first = auditor.get("/v1/audit?limit=3").json()
    rest = auditor.get(f"/v1/audit?limit=3&cursor={first['next_cursor']}").json()
    assert [one["number"] for one in first["records"] + rest["records"]] == [5, 4, 3, 2, 1]
    assert rest["next_cursor"] is None
    assert first["records"][0].keys() == examples.AUDIT_PAGE["records"][0].keys()
