"""The life of a case through the API: who carries it on, and who is told why not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from api.accounts.role import KeyScope, Role
from tests.api.cases.conftest import RUBBISH, SOUTH_PLACE, District
from tests.api.running_api import JPEG_SHA256, make_key

AFTER = [{"sha256": JPEG_SHA256, "kind": "after"}]


@pytest.fixture
def registered(district: District) -> str:
    """A case that was registered, and dispatched by rule to the cleaners."""
    case = district.report()
    district.do(case["case_id"], "register", Role.ACCEPTOR)
    return case["case_id"]


@pytest.fixture
def handled(district: District, registered: str) -> str:
    """A case that its department says is done."""
    district.api.add_evidence()
    district.do(registered, "assign", Role.DEPARTMENT, handler="handler")
    district.do(registered, "submit_result", Role.HANDLER, pictures=AFTER)
    district.do(registered, "confirm", Role.DEPARTMENT)
    return registered


def test_report_is_placed_numbered_and_timed(district: District):
    case = district.report(description="垃圾堆在门口", external_number="12345-7")
    assert case["state"] == "reported"
    assert case["unit_grid"] == "440305001001001"
    assert case["number"].endswith("-000001") or case["number"][8] == "-"
    assert (case["stage"], case["light"]) == ("accept", "green")
    assert case["external_number"] == "12345-7"
    assert case["issue_code"] == RUBBISH


def test_case_is_walked_to_its_closing(district: District, handled: str):
    district.do(handled, "request_post_check", Role.ACCEPTOR, collector="collector")
    district.do(handled, "check_passed", Role.COLLECTOR)
    closed = district.do(handled, "close", Role.SHIFT_LEAD)
    assert closed["state"] == "closed"
    assert closed["ended_at"] is not None
    assert closed["stage"] is None
    history = district.api.reader.get(f"/v1/cases/{handled}/flow").json()
    assert [step["action"] for step in history["flow"]] == [
        "report",
        "register",
        "dispatch",
        "assign",
        "submit_result",
        "confirm",
        "request_post_check",
        "check_passed",
        "close",
    ]
    assert [step["actor"] for step in history["flow"]][:4] == [
        "worker",
        "acceptor",
        "citypatrol",
        "department",
    ]
    assert [picture["kind"] for picture in history["pictures"]] == ["after"]


def test_registered_case_finds_its_department_by_rule(district: District, registered: str):
    case = district.api.reader.get(f"/v1/cases/{registered}").json()
    assert case["state"] == "pending_handle"
    assert case["department_id"] == "sanitation"
    assert case["auto_dispatched"] is True
    assert case["auto_registered"] is False
    assert case["stage"] == "handle"


def test_case_outside_every_cell_waits_for_a_dispatcher(district: District):
    case = district.report(place=(114.2, 22.7))
    waits = district.do(case["case_id"], "register", Role.ACCEPTOR)
    assert waits["state"] == "pending_dispatch"
    assert waits["unresolved"] == "outside_grids"
    sent = district.do(case["case_id"], "dispatch", Role.DISPATCHER, department_id="sanitation")
    assert (sent["state"], sent["unresolved"]) == ("pending_handle", None)
    assert sent["auto_dispatched"] is False


def test_of_two_dispatchers_one_wins_and_the_other_is_told_who(district: District):
    case = district.report(place=(114.2, 22.7))
    district.do(case["case_id"], "register", Role.ACCEPTOR)
    clients = {login: district.by(Role.DISPATCHER, login) for login in ("li.na", "wang.fang")}
    path = f"/v1/cases/{case['case_id']}/actions/dispatch"

    def dispatch(login: str) -> tuple[int, str, str]:
        answer = clients[login].post(path, json={"department_id": "sanitation"})
        return answer.status_code, login, answer.text

    with ThreadPoolExecutor(2) as pool:
        (first, winner, _), (second, _, told) = sorted(pool.map(dispatch, clients))
    assert (first, second) == (200, 409)
    assert "is pending_handle, where dispatch cannot be done" in told
    assert f"{winner} did dispatch at" in told


def test_stale_version_is_refused_with_who_changed_it(district: District, registered: str):
    client = district.by(Role.DISPATCHER)
    etag = client.get(f"/v1/cases/{registered}").headers["ETag"]
    district.do(registered, "urge", Role.ACCEPTOR)
    late = client.post(f"/v1/cases/{registered}/actions/urge", json={}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert "acceptor did urge" in late.json()["detail"]
    fresh = client.get(f"/v1/cases/{registered}").headers["ETag"]
    again = client.post(
        f"/v1/cases/{registered}/actions/urge", json={}, headers={"If-Match": fresh}
    )
    assert again.status_code == 200
    assert again.headers["ETag"] != fresh


def test_wrong_etag_is_named(district: District, registered: str):
    client = district.by(Role.DISPATCHER)
    answer = client.post(
        f"/v1/cases/{registered}/actions/urge", json={}, headers={"If-Match": "new"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["value"] == "new"


@pytest.mark.parametrize(
    ("action", "role", "said", "refused"),
    [
        ("close", Role.ACCEPTOR, {}, (409, "is pending_handle, where close cannot be done")),
        ("assign", Role.DISPATCHER, {"handler": "x"}, (403, "for the role department")),
        ("assign", Role.DEPARTMENT, {}, (422, "handler must be given")),
        (
            "assign",
            Role.DEPARTMENT,
            {"handler": "x", "until": "2030-01-01T00:00:00Z"},
            (422, "until"),
        ),
        ("return_to_dispatcher", Role.DEPARTMENT, {}, (422, "reason must be given")),
        ("approve_delay", Role.DISPATCHER, {}, (409, "nobody asked for a delay")),
        ("answer_supervision", Role.DEPARTMENT, {"reason": "x"}, (409, "nobody supervises it")),
        ("dance", Role.ACCEPTOR, {}, (404, "no action 'dance'")),
        ("void", Role.ACCEPTOR, {"reason": "x"}, (403, "shift_lead")),
        (
            "request_suspension",
            Role.DEPARTMENT,
            {"reason": "x", "until": "2001-01-01T00:00:00Z"},
            (409, "is over"),
        ),
        (
            "request_suspension",
            Role.DEPARTMENT,
            {"reason": "x", "until": "2099-01-01T00:00:00Z"},
            (409, "more than a year off"),
        ),
    ],
)
def test_what_cannot_be_done_says_why(
    district: District,
    registered: str,
    action: str,
    role: Role,
    said: dict,
    refused: tuple[int, str],
):
    answer = district.tried(registered, action, role, **said)
    assert answer.status_code == refused[0], answer.text
    assert refused[1] in answer.json()["detail"]


def test_result_without_a_picture_afterwards_is_refused(district: District, registered: str):
    district.api.add_evidence()
    district.do(registered, "assign", Role.DEPARTMENT, handler="handler")
    near = [{"sha256": JPEG_SHA256, "kind": "near"}]
    answer = district.tried(registered, "submit_result", Role.HANDLER, pictures=near)
    assert answer.status_code == 409
    assert "kind `after`" in answer.json()["detail"]


def test_picture_that_was_never_uploaded_is_named(district: District, registered: str):
    district.do(registered, "assign", Role.DEPARTMENT, handler="handler")
    unknown = [{"sha256": "0" * 64, "kind": "after"}]
    answer = district.tried(registered, "submit_result", Role.HANDLER, pictures=unknown)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "pictures"


def test_only_the_one_it_was_given_to_handles_it(district: District, registered: str):
    district.api.add_evidence()
    district.do(registered, "assign", Role.DEPARTMENT, handler="somebody.else")
    answer = district.tried(registered, "submit_result", Role.HANDLER, pictures=AFTER)
    # Who only handles does not even see what is given to others.
    assert answer.status_code == 404


def test_more_time_is_granted_twice_at_most(district: District, registered: str):
    first = district.api.reader.get(f"/v1/cases/{registered}").json()["due_at"]
    for _ in range(2):
        district.do(registered, "request_delay", Role.DEPARTMENT, reason="下雨")
        granted = district.do(registered, "approve_delay", Role.DISPATCHER)
    assert granted["delay_count"] == 2
    assert granted["due_at"] > first
    answer = district.tried(registered, "request_delay", Role.DEPARTMENT, reason="又下雨")
    assert answer.status_code == 409
    assert "granted 2 times" in answer.json()["detail"]


def test_refused_delay_does_not_count(district: District, registered: str):
    district.do(registered, "request_delay", Role.DEPARTMENT, reason="下雨")
    waits = district.tried(registered, "request_delay", Role.DEPARTMENT, reason="下雨")
    assert "asked for a delay already" in waits.json()["detail"]
    refused = district.do(registered, "refuse_delay", Role.DISPATCHER, reason="雨停了")
    assert (refused["delay_count"], refused["request"]) == (0, None)


def test_suspension_ends_where_it_began(district: District, registered: str):
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    district.do(registered, "assign", Role.DEPARTMENT, handler="handler")
    district.do(registered, "request_suspension", Role.DEPARTMENT, reason="等材料", until=until)
    put_off = district.do(registered, "approve_suspension", Role.DISPATCHER)
    assert (put_off["state"], put_off["light"]) == ("suspended", None)
    back = district.do(registered, "resume", Role.DISPATCHER)
    assert (back["state"], back["stage"]) == ("handling", "handle")
    again = district.tried(
        registered, "request_suspension", Role.DEPARTMENT, reason="再等", until=until
    )
    assert "allowed once" in again.json()["detail"]


def test_same_department_goes_on_where_its_clock_stood(district: District, registered: str):
    before = district.api.reader.get(f"/v1/cases/{registered}").json()
    district.do(registered, "return_to_dispatcher", Role.DEPARTMENT, reason="不归我们")
    back = district.do(registered, "dispatch", Role.DISPATCHER, department_id="sanitation")
    assert back["due_at"] >= before["due_at"]
    other = district.do(registered, "urge", Role.DISPATCHER)
    assert other["urged_count"] == 1


def test_whoever_supervises_does_not_handle(district: District, registered: str):
    both = district.api.user_named(
        "two.hats", Role.SUPERVISOR, Role.DEPARTMENT, unit_id="sanitation"
    )
    path = f"/v1/cases/{registered}/actions"
    assert both.post(f"{path}/supervise", json={"reason": "超时"}).status_code == 200
    answer = both.post(f"{path}/assign", json={"handler": "x"})
    assert answer.status_code == 403
    assert "supervised a case does not handle it" in answer.json()["detail"]


def test_failed_check_sends_it_back_and_counts(district: District, handled: str):
    district.do(handled, "request_post_check", Role.ACCEPTOR)
    back = district.do(handled, "check_failed", Role.COLLECTOR, reason="还在")
    assert (back["state"], back["rework_count"]) == ("pending_handle", 1)
    assert back["department_id"] == "sanitation"


def test_closed_case_opened_again_is_a_new_round(district: District, handled: str):
    district.do(handled, "request_post_check", Role.ACCEPTOR)
    district.do(handled, "check_passed", Role.COLLECTOR)
    district.do(handled, "close", Role.ACCEPTOR)
    again = district.do(handled, "reopen", Role.SHIFT_LEAD, reason="又出现")
    assert (again["state"], again["round"], again["ended_at"]) == ("pending_dispatch", 2, None)


def test_repeated_report_is_merged_into_the_open_case(district: District):
    first = district.report()
    second = district.report()
    assert second["state"] == "merged"
    assert second["merged_into"] == first["case_id"]
    far = district.report(place=SOUTH_PLACE)
    assert far["state"] == "reported"


def test_same_report_key_is_the_same_case(district: District):
    first = district.report(report_key="hotline-1")
    assert district.report(report_key="hotline-1")["case_id"] == first["case_id"]


def test_return_within_days_names_the_case_before(district: District, handled: str):
    district.do(handled, "request_post_check", Role.ACCEPTOR)
    district.do(handled, "check_passed", Role.COLLECTOR)
    district.do(handled, "close", Role.ACCEPTOR)
    assert district.report()["recurrence_of"] == handled


def test_self_handled_needs_both_pictures(district: District):
    picture = district.api.add_evidence()
    both = [{"sha256": picture, "kind": kind} for kind in ("before", "after")]
    collector = district.by(Role.COLLECTOR)
    body = {
        "issue_code": RUBBISH,
        "lon": 113.9413,
        "lat": 22.5403,
        "self_handled": True,
        "pictures": both[:1],
    }
    refused = collector.post("/v1/cases", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "pictures"
    case = collector.post("/v1/cases", json={**body, "pictures": both}).json()
    closed = district.do(case["case_id"], "accept_self_handled", Role.ACCEPTOR)
    assert closed["state"] == "closed"


def test_actions_say_what_is_allowed_and_why_not_the_rest(district: District, registered: str):
    department = district.by(Role.DEPARTMENT, unit_id="sanitation")
    answer = department.get(f"/v1/cases/{registered}/actions").json()
    actions = {one["action"]: one for one in answer["actions"]}
    assert actions["assign"]["allowed"] is True
    assert actions["assign"]["needs"] == ["handler"]
    assert actions["supervise"]["why_not"] == "it is for the role supervisor"
    assert actions["approve_delay"]["allowed"] is False
    assert "close" not in actions


def test_one_sees_what_lies_below_ones_own_unit(district: District, registered: str):
    def sees(role: Role, unit_id: str | None) -> int:
        client = district.by(role, unit_id=unit_id)
        listed = client.get("/v1/cases").json()["cases"]
        one = client.get(f"/v1/cases/{registered}").status_code
        assert one == (200 if listed else 404)
        return len(listed)

    assert sees(Role.DISPATCHER, None) == 1
    assert sees(Role.DISPATCHER, "district") == 1
    assert sees(Role.ACCEPTOR, "north") == 1
    assert sees(Role.ACCEPTOR, "south") == 0
    assert sees(Role.DEPARTMENT, "sanitation") == 1
    assert sees(Role.DEPARTMENT, "traffic") == 0
    assert sees(Role.DISPATCHER, "closed.down") == 0


def test_another_department_cannot_touch_it(district: District, registered: str):
    client = district.by(Role.DEPARTMENT, "traffic.desk", unit_id="traffic")
    answer = client.post(f"/v1/cases/{registered}/actions/assign", json={"handler": "x"})
    assert answer.status_code == 404


def test_list_filters_and_pages(district: District):
    cases = [district.report(place=(114.0 + n / 100, 22.6)) for n in range(5)]
    district.do(cases[0]["case_id"], "reject", Role.ACCEPTOR, reason="没有")
    reader = district.api.reader

    def listed(query: str) -> list[str]:
        return [case["case_id"] for case in reader.get(f"/v1/cases{query}").json()["cases"]]

    assert listed("?state=not_accepted") == [cases[0]["case_id"]]
    assert len(listed("?open=true")) == 4
    assert len(listed("?open=false")) == 1
    assert len(listed("?light=green")) == 4
    assert listed("?light=red&light=yellow") == []
    assert listed(f"?text={cases[2]['number']}") == [cases[2]["case_id"]]
    found, cursor = [], ""
    while True:
        page = reader.get(f"/v1/cases?limit=2{cursor}").json()
        found += [case["case_id"] for case in page["cases"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == [case["case_id"] for case in reversed(cases)]
    assert reader.get("/v1/cases?cursor=xx").status_code == 422


def test_what_is_recorded_can_neither_be_changed_nor_deleted(district: District, registered: str):
    address = district.api.settings.database_url.get_secret_value()
    for statement in ("UPDATE case_flow SET actor = 'x'", "DELETE FROM case_flow"):
        with (
            psycopg.connect(address) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="only grows"),
        ):
            connection.execute(statement)


def test_channel_sees_what_it_reported_and_nothing_else(district: District):
    district.report()
    address = district.api.settings.database_url.get_secret_value()
    channel = district.api.client(make_key(address, "wechat", KeyScope.INTAKE))
    assert channel.get("/v1/cases").json()["cases"] == []
    lon, lat = SOUTH_PLACE
    body = {"issue_code": RUBBISH, "lon": lon, "lat": lat, "source": "wechat"}
    own = channel.post("/v1/cases", json=body).json()
    listed = channel.get("/v1/cases").json()["cases"]
    assert [case["case_id"] for case in listed] == [own["case_id"]]


def test_nobody_reports_in_a_cameras_name(district: District):
    body = {"issue_code": RUBBISH, "lon": 1.0, "lat": 2.0, "source": "video"}
    refused = district.api.http.post("/v1/cases", json=body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "source"
