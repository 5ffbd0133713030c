"""Open311 GeoReport v2, held against its specification: http://wiki.open311.org/GeoReport_v2."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx
import psycopg
import pytest

from api.accounts.role import KeyScope, Role
from api.contract.case_words import END_STATES, CaseState
from api.open311.public_status import PUBLIC_STATUS
from models.catalogue.issue_catalogue import load_catalogue
from models.words import STREET_KINDS
from tests.api.cases.conftest import PLACE, RUBBISH, SOUTH_PLACE, District, district  # noqa: F401
from tests.api.running_api import RunningApi, make_key

W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
REQUEST_FIELDS = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
}
FORM = {"service_code": RUBBISH, "lat": str(PLACE[1]), "long": str(PLACE[0])}


class Client:
    """A public client: no header, and a key for what needs one."""

    def __init__(self, api: RunningApi) -> None:
        self.http = api.nobody
        self.key = make_key(
            api.settings.database_url.get_secret_value(), "street-app", KeyScope.INTAKE
        )

    def posted(self, **fields: str) -> httpx.Response:
        form = {**FORM, "api_key": self.key, **fields}
        return self.http.post(
            "/open311/v2/requests.json", data={name: text for name, text in form.items() if text}
        )

    def report(self, **fields: str) -> str:
        answer = self.posted(**fields)
        assert answer.status_code == 201, answer.text
        (accepted,) = answer.json()
        return accepted["service_request_id"]

    def found(self, query: str = "") -> list[dict[str, Any]]:
        answer = self.http.get(f"/open311/v2/requests.json{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def one(self, number: str) -> dict[str, Any]:
        answer = self.http.get(f"/open311/v2/requests/{number}.json")
        assert answer.status_code == 200, answer.text
        (request,) = answer.json()
        return request


@pytest.fixture
def client(district: District) -> Iterator[Client]:  # noqa: F811
    return Client(district.api)


def case_of(district: District, number: str) -> dict[str, Any]:  # noqa: F811
    (case,) = district.api.reader.get(f"/v1/cases?text={number}").json()["cases"]
    return case


def said(answer: httpx.Response, status: int) -> str:
    """What a refusal says, which must be as the specification writes it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    (error,) = answer.json()
    assert error.keys() == {"code", "description"}
    assert error["code"] == status
    return error["description"]


def test_services_are_the_street_types_of_the_catalogue(client: Client):
    catalogue = load_catalogue()
    services = client.http.get("/open311/v2/services.json").json()
    street = {code for code, issue in catalogue.types.items() if issue.kind in STREET_KINDS}
    assert {one["service_code"] for one in services} == street
    assert "99001" not in street
    (rubbish,) = [one for one in services if one["service_code"] == RUBBISH]
    issue = catalogue.types[RUBBISH]
    assert rubbish["service_name"] == f"{issue.name_zh} / {issue.name_en}"
    assert rubbish["group"] == "市容环境 / City appearance and environment"
    for one in services:
        assert one.keys() == {
            *("service_code", "service_name", "description", "metadata", "type"),
            *("keywords", "group"),
        }
        assert (one["metadata"], one["type"]) == (False, "realtime")


def test_definition_of_a_service(client: Client):
    answer = client.http.get(f"/open311/v2/services/{RUBBISH}.json")
    assert answer.json() == {"service_code": RUBBISH, "attributes": []}


@pytest.mark.parametrize("code", ["00000", "99001", "x%00y"])
def test_unknown_service_is_not_found(client: Client, code: str):
    definition = client.http.get(f"/open311/v2/services/{code}.json")
    assert "was not found" in said(definition, 404)
    assert "was not found" in said(
        client.http.get(f"/open311/v2/requests.json?service_code={code}"), 404
    )


def test_report_is_a_case_and_is_shown_with_every_field(
    client: Client,
    district: District,  # noqa: F811
):
    answer = client.posted(description="垃圾堆在门口", first_name="小明", phone="13800000000")
    (accepted,) = answer.json()
    assert accepted.keys() == {"service_request_id", "service_notice", "account_id"}
    request = client.one(accepted["service_request_id"])
    assert request.keys() == REQUEST_FIELDS
    assert request["status"] == "open"
    assert (request["lat"], request["long"]) == (PLACE[1], PLACE[0])
    assert request["description"] == "垃圾堆在门口"
    assert request["media_url"] is None
    for name in ("requested_datetime", "updated_datetime"):
        assert W3C.fullmatch(request[name]), request[name]
    case = case_of(district, accepted["service_request_id"])
    assert (case["source"], case["reported_by"]) == ("open311", "street-app")
    assert case["description"] == "垃圾堆在门口"


def test_department_and_its_time_are_shown_but_no_person(
    client: Client,
    district: District,  # noqa: F811
):
    number = client.report()
    case_id = case_of(district, number)["case_id"]
    district.do(case_id, "register", Role.ACCEPTOR)
    district.do(case_id, "assign", Role.DEPARTMENT, handler="li.na")
    answer = client.http.get(f"/open311/v2/requests/{number}.json")
    assert "li.na" not in answer.text
    assert "street-app" not in answer.text
    (request,) = answer.json()
    assert request["agency_responsible"] == "环卫处 / Sanitation"
    assert W3C.fullmatch(request["expected_datetime"])
    assert request["status_notes"] == "处置中 / being handled"


def test_key_may_come_in_the_header_or_the_query(client: Client):
    header = {"Authorization": f"Bearer {client.key}"}
    path = "/open311/v2/requests.json"
    assert client.http.post(path, data=FORM, headers=header).status_code == 201
    assert client.http.post(f"{path}?api_key={client.key}", data=FORM).status_code == 201
    files = {name: (None, text) for name, text in {**FORM, "api_key": client.key}.items()}
    assert client.http.post(path, files=files).status_code == 201


@pytest.mark.parametrize("key", ["", "cp_wrong", "wrong key", "\u00e9"])
def test_bad_key_is_refused(client: Client, key: str):
    assert "api_key is missing or not valid" in said(client.posted(api_key=key), 403)


def test_key_of_another_scope_is_refused(client: Client, district: District):  # noqa: F811
    reading = district.api.reading_key
    assert "api_key" in said(client.posted(api_key=reading), 403)
    header = {"Authorization": f"Bearer {reading}"}
    answer = client.http.post("/open311/v2/requests.json", data=FORM, headers=header)
    assert "api_key" in said(answer, 403)


def test_user_is_no_key(client: Client, district: District):  # noqa: F811
    user = district.by(Role.ACCEPTOR)
    assert "api_key" in said(user.post("/open311/v2/requests.json", data=FORM), 403)


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"service_code": ""}, 400, "service_code is missing"),
        ({"service_code": "00000"}, 404, "service_code '00000' was not found"),
        ({"service_code": "99001"}, 404, "was not found"),
        ({"lat": ""}, 400, "lat and long are missing"),
        ({"lat": "", "long": ""}, 400, "lat and long are missing"),
        ({"lat": "", "long": "", "address_string": "人民路 1 号"}, 400, "an address alone"),
        ({"lat": "", "long": "", "address_id": "17"}, 400, "an address alone"),
        ({"lat": "north"}, 400, "lat 'north' is no number"),
        ({"lat": "91"}, 400, "lat: Input should be less than or equal to 90"),
        ({"long": "-181"}, 400, "long: Input should be greater than or equal to -180"),
        ({"lat": "nan"}, 400, "lat: "),
        ({"long": "inf"}, 400, "long: "),
        ({"description": "a" * 1001}, 400, "description: String should have at most 1000"),
        ({"description": "a\x00b"}, 400, "description: "),
    ],
)
def test_report_that_cannot_be_taken_says_why(
    client: Client, fields: dict[str, str], status: int, problem: str
):
    assert problem in said(client.posted(**fields), status)
    assert client.found() == []


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b"", "", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 403),
        (b"broken", "multipart/form-data", 400),
        (b"a=" + b"1" * 20_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_body_that_is_no_form_is_refused(
    client: Client, content: bytes, content_type: str, status: int
):
    headers = {"Content-Type": content_type} if content_type else {}
    answer = client.http.post("/open311/v2/requests.json", content=content, headers=headers)
    assert answer.status_code == status, answer.text


def test_address_is_kept_with_the_words(client: Client):
    number = client.report(description="垃圾", address_string="人民路 1 号")
    assert client.one(number)["description"] == "垃圾\n人民路 1 号"


def test_picture_that_is_not_taken_over_is_said(client: Client):
    answer = client.posted(media_url="http://169.254.169.254/x.jpg")
    assert "not fetched" in answer.json()[0]["service_notice"]


def test_only_what_came_by_open311_is_public(
    client: Client,
    district: District,  # noqa: F811
):
    number = client.report()
    other = district.report(place=SOUTH_PLACE)["number"]
    assert [one["service_request_id"] for one in client.found()] == [number]
    path = f"/open311/v2/requests/{other}.json"
    assert "was not found" in said(client.http.get(path), 404)
    assert client.found(f"?service_request_id={other},{number}") == client.found()
    # It was reported with this key.
    own = {"Authorization": f"Bearer {district.api.key}"}
    assert client.http.get(path, headers=own).json()[0]["service_request_id"] == other
    assert client.http.get(f"{path}?api_key={district.api.key}").status_code == 200
    assert client.http.get(f"{path}?api_key={client.key}").status_code == 404


@pytest.mark.parametrize("number", ["x", "20200101-000001", "a%00b", "'; DROP", "a" * 500])
def test_unknown_request_is_not_found(client: Client, number: str):
    assert "was not found" in said(client.http.get(f"/open311/v2/requests/{number}.json"), 404)
    assert client.found(f"?service_request_id={number}") == []


def test_filters(client: Client, district: District):  # noqa: F811
    rubbish = client.report()
    fishing = client.report(service_code="09009", lat=str(SOUTH_PLACE[1]))
    case_id = case_of(district, rubbish)["case_id"]
    district.do(case_id, "reject", Role.ACCEPTOR, reason="li.na saw nothing")

    def numbers(query: str) -> set[str]:
        return {one["service_request_id"] for one in client.found(query)}

    assert numbers("") == {rubbish, fishing}
    assert numbers("?status=open") == {fishing}
    assert numbers("?status=closed") == {rubbish}
    assert numbers("?status=open,closed") == {rubbish, fishing}
    assert numbers(f"?service_code={RUBBISH}") == {rubbish}
    assert numbers(f"?service_code={RUBBISH},09009&jurisdiction_id=x") == {rubbish, fishing}
    assert numbers(f"?service_request_id={rubbish}&status=open") == {rubbish}
    assert "li.na" not in client.http.get("/open311/v2/requests.json").text


def test_span_of_time(client: Client, district: District):  # noqa: F811
    number = client.report()
    address = district.api.settings.database_url.get_secret_value()
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE cases SET reported_at = reported_at - interval '100 days'")
    reported = datetime.fromisoformat(client.one(number)["requested_datetime"])
    day = timedelta(days=1)

    def found(**dates: datetime) -> bool:
        query = {name: moment.isoformat() for name, moment in dates.items()}
        answer = client.http.get("/open311/v2/requests.json", params=query)
        assert answer.status_code == 200, answer.text
        return bool(answer.json())

    assert not client.found()
    assert found(start_date=reported - day)
    assert found(end_date=reported + day)
    assert found(start_date=reported - day, end_date=reported + 89 * day)
    assert not found(start_date=reported + day)
    assert not found(end_date=reported - day)
    # A plus that was not escaped.
    assert client.found(f"?start_date={(reported - day).isoformat()}")
    # Without a zone it is the city's.
    assert client.found(f"?start_date={(reported - day).replace(tzinfo=None).isoformat()}")
    assert client.found(f"?start_date={(reported - day).date()}")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("status=done", "neither open nor closed"),
        ("start_date=yesterday", "no W3C date"),
        ("start_date=2020-01-01&end_date=2020-12-31", "lie 365 days apart; at most 90"),
        ("start_date=9999-12-31", "out of all bounds"),
        ("end_date=0001-01-01", "out of all bounds"),
        ("service_request_id=" + ",".join(["x"] * 101), "lists 101 values"),
        ("service_code=" + "x" * 5001, "service_code: String should have at most"),
    ],
)
def test_query_that_cannot_be_read_says_why(client: Client, query: str, problem: str):
    assert problem in said(client.http.get(f"/open311/v2/requests.json?{query}"), 400)


@pytest.mark.parametrize("state", CaseState)
def test_every_state_has_its_status(
    client: Client,
    district: District,  # noqa: F811
    state: CaseState,
):
    assert PUBLIC_STATUS.keys() == set(CaseState)
    number = client.report()
    ended = "now()" if state in END_STATES else "NULL"
    address = district.api.settings.database_url.get_secret_value()
    with psycopg.connect(address) as connection:
        connection.execute(f"UPDATE cases SET state = %s, ended_at = {ended}", [state.value])
    request = client.one(number)
    expected = "closed" if state in END_STATES else "open"
    assert request["status"] == expected
    assert request["status_notes"] == PUBLIC_STATUS[state].notes
    assert [one["service_request_id"] for one in client.found(f"?status={expected}")] == [number]


def test_repeated_report_names_the_first(client: Client):
    first, second = client.report(), client.report()
    request = client.one(second)
    assert request["status"] == "closed"
    assert request["status_notes"] == f"已并案 / one with a matter reported before ({first})"


def test_answers_in_xml(client: Client):
    number = client.report(description="a < b & \x1b c")
    services = client.http.get("/open311/v2/services.xml")
    assert services.headers["content-type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(services.content)
    assert root.tag == "services"
    assert root.find("service/metadata").text == "false"
    definition = ElementTree.fromstring(
        client.http.get(f"/open311/v2/services/{RUBBISH}.xml").content
    )
    assert definition.tag == "service_definition"
    assert definition.findtext("service_code") == RUBBISH
    for path in (f"requests/{number}.xml", "requests.xml"):
        root = ElementTree.fromstring(client.http.get(f"/open311/v2/{path}").content)
        assert root.tag == "service_requests"
        (request,) = root
        assert request.tag == "request"
        assert {child.tag for child in request} == REQUEST_FIELDS
        assert request.findtext("description") == "a < b &  c"
    posted = client.http.post("/open311/v2/requests.xml", data={**FORM, "api_key": client.key})
    root = ElementTree.fromstring(posted.content)
    assert root.find("request/service_request_id").text
    refused = client.http.post("/open311/v2/requests.xml", data=FORM)
    assert refused.status_code == 403
    root = ElementTree.fromstring(refused.content)
    assert root.tag == "errors"
    assert root.findtext("error/code") == "403"


def test_another_format_is_not_found(client: Client):
    assert "end with .json or .xml" in said(client.http.get("/open311/v2/services.html"), 404)


def test_key_of_open311_opens_nothing_else(client: Client):
    assert client.http.get(f"/v1/cases?api_key={client.key}").status_code == 401
