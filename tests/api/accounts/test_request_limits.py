"""Who sends too much is refused: by a clock that the test turns, and over real HTTP."""

import re
from collections.abc import Iterator

import pytest
from starlette.requests import HTTPConnection
from starlette.responses import Response
from structlog.testing import capture_logs

from api.accounts import request_limits
from api.accounts.actor import Actor, ActorKind
from api.accounts.authenticator import SESSION_COOKIE, Credentials
from api.accounts.request_limits import Caller, CallerKind, RequestLimits, TooManyRequestsError
from api.accounts.role import KeyScope, Role
from api.console.parts.page_head import LANGUAGE_COOKIE
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Language, Texts
from api.console.sign_in.sign_in_pages import SignInPages
from api.console.sign_in.sign_in_routes import SignInRoutes
from api.http.metrics import Metrics
from api.settings import ApiSettings
from tests.api.http.test_token_buckets import Clock
from tests.api.running_api import JPEG, RunningApi, begin_session, event, make_key

KEY = Credentials("Bearer cp_1", None)
NOTHING = Credentials(None, None)
WORKER = Actor("worker-1", ActorKind.KEY, scopes=frozenset({KeyScope.WORKER}))
LI_NA = Actor("li.na", ActorKind.USER)
GUEST = Actor("demo", ActorKind.USER, is_guest=True)
HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
FEW = {
    "caller_requests_per_second": 0.01,
    "caller_request_burst": 4,
    "stranger_requests_per_second": 0.01,
    "stranger_request_burst": 2,
}


def made(clock: Clock | None = None, **settings: object) -> RequestLimits:
    return RequestLimits(ApiSettings(**{**FEW, **settings}), Metrics(), clock or Clock())


def ask(limits: RequestLimits, given: Credentials, actor: Actor | None, at: str = HERE) -> None:
    limits.recognise(limits.count(given, at), given, actor)


def passed(
    limits: RequestLimits, given: Credentials, actor: Actor | None, at: str = HERE, tries: int = 10
) -> int:
    count = 0
    for _ in range(tries):
        try:
            ask(limits, given, actor, at)
        except TooManyRequestsError:
            continue
        count += 1
    return count


def test_strangers_are_counted_by_address():
    limits = made()
    assert passed(limits, NOTHING, None) == 2
    assert passed(limits, Credentials("Bearer cp_wrong", None), None) == 0
    assert passed(limits, NOTHING, None, ELSEWHERE) == 2


def test_who_guesses_keys_is_refused_before_they_are_looked_up():
    limits = made()
    guesses = [Credentials(f"Bearer cp_{number}", None) for number in range(3)]
    for guess in guesses[:2]:
        ask(limits, guess, None)
    with pytest.raises(TooManyRequestsError, match=r"address '192\.0\.2\.1' sends more than 0\.01"):
        limits.count(guesses[2], HERE)


def test_a_known_caller_is_counted_wherever_and_with_whatever_they_come():
    limits = made()
    assert passed(limits, KEY, WORKER, HERE, tries=2) == 2
    assert passed(limits, KEY, WORKER, ELSEWHERE, tries=1) == 1
    assert passed(limits, Credentials("Bearer cp_1 ", None), WORKER) == 1
    # Nothing of it was the address's.
    assert passed(limits, NOTHING, None) == 2


def test_who_was_known_here_is_not_refused_for_what_others_send_from_there():
    limits = made()
    ask(limits, KEY, WORKER)
    assert passed(limits, NOTHING, None) == 2
    assert passed(limits, KEY, WORKER) == 3
    # Somebody new must wait: they may be guessing.
    with pytest.raises(
        TooManyRequestsError, match="have CITYPATROL_API_STRANGER_REQUESTS_PER_SECO"
    ):
        ask(limits, Credentials("Bearer cp_2", None), LI_NA)


def test_a_key_that_was_revoked_counts_as_nobodys():
    limits = made()
    ask(limits, KEY, WORKER)
    ask(limits, KEY, None)
    assert limits.count(KEY, HERE) == Caller(CallerKind.ADDRESS, HERE)


def test_a_user_and_a_key_of_the_same_name_are_two():
    limits = made()
    namesake = Actor(WORKER.name, ActorKind.USER)
    assert passed(limits, KEY, WORKER) == 4
    assert passed(limits, Credentials(None, "session"), namesake) == 4


def test_a_guest_is_anybody_at_an_address_with_what_a_user_may_send():
    limits = made(guest="demo")
    assert passed(limits, NOTHING, GUEST) == 4
    assert passed(limits, Credentials(None, "ended"), GUEST) == 0
    assert passed(limits, NOTHING, GUEST, ELSEWHERE) == 4


def test_forms_count_as_their_senders_requests():
    limits = made()
    ask(limits, KEY, WORKER)
    for _ in range(3):
        limits.count_form(WORKER)
    with pytest.raises(
        TooManyRequestsError, match=r"key 'worker-1' sends more than 0\.01"
    ) as refused:
        limits.count_form(WORKER)
    assert refused.value.seconds == 100
    assert passed(limits, KEY, WORKER) == 0


def test_the_time_brings_more():
    clock = Clock()
    limits = made(clock)
    assert passed(limits, NOTHING, None) == 2
    clock.now += 100
    assert passed(limits, NOTHING, None) == 1


@pytest.mark.parametrize(
    ("setting", "given", "actor"),
    [
        ("caller_requests_per_second", KEY, WORKER),
        ("stranger_requests_per_second", NOTHING, None),
    ],
)
def test_zero_switches_it_off(setting: str, given: Credentials, actor: Actor | None):
    assert passed(made(**{setting: 0}), given, actor, tries=1000) == 1000


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (HERE, HERE),
        ("::ffff:192.0.2.1", HERE),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("-", "-"),
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(address: str, network: str):
    assert Caller.at(address).name == network


def test_no_more_than_some_are_remembered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(request_limits, "MOST_REMEMBERED", 3)
    limits = made()
    for number in range(10):
        given = Credentials(f"Bearer {number}", None)
        ask(limits, given, Actor(f"key-{number}", ActorKind.KEY), at=f"192.0.2.{number}")
    assert [len(limits._owners), len(limits._known), len(limits._strangers)] == [3, 3, 3]
    assert limits.count(Credentials("Bearer 9", None), HERE).name == "key-9"
    assert limits.count(Credentials("Bearer 0", None), HERE).name == HERE


def test_it_is_said_once_a_minute_and_names_no_secret():
    clock = Clock()
    limits = made(clock)
    with capture_logs() as logs:
        passed(limits, KEY, WORKER)
        clock.now += 61
        passed(limits, KEY, WORKER)
    assert [one["event"] for one in logs] == ["too_many_requests"] * 2
    assert {one["caller"] for one in logs} == {"worker-1"}
    assert "cp_" not in str(logs)


@pytest.fixture
def limited(settings: ApiSettings) -> Iterator[RunningApi]:
    """An API that takes few requests, with a page to say so."""
    api = RunningApi(settings.model_copy(update=FEW))
    console = ConsoleSettings()
    api.app.include_router(SignInRoutes(console).router)

    def page(connection: HTTPConnection, error: TooManyRequestsError) -> Response:
        language = Language.of(connection.cookies.get(LANGUAGE_COOKIE))
        return SignInPages(console, Texts(language)).crowded(error)

    api.app.state.too_many_page = page
    with api:
        yield api


def test_who_sends_too_much_is_told_so_over_http(limited: RunningApi):
    for _ in range(4):
        assert limited.reader.get("/v1/events").status_code == 200
    refused = limited.reader.get("/v1/events")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 90 < int(refused.headers["retry-after"]) <= 100
    problem = refused.json()
    assert problem["title"] == "Too Many Requests"
    assert re.fullmatch(
        r"key 'reader' sends more than 0\.01 requests a second, or more than 4 at once; send this "
        r"again in \d+ s, or have CITYPATROL_API_CALLER_REQUESTS_PER_SECOND raised",
        problem["detail"],
    )
    assert problem["errors"] == [
        {
            "field": "key",
            "message": "more than 0.01 requests a second, or 4 at once",
            "value": "reader",
        }
    ]
    # HEAD counts as well, and others are not held up.
    assert limited.reader.head("/v1/events").status_code == 429
    assert limited.nobody.get("/health").status_code == 200
    counted = limited.http.get("/metrics").text
    assert 'citypatrol_http_requests_limited_total{caller="key"} 2.0' in counted


def test_no_password_is_looked_at_of_an_address_that_sends_too_much(limited: RunningApi):
    login = {"grant_type": "password", "username": "li.na", "password": "wrong" * 4}
    said = [limited.nobody.post("/v1/tokens", data=login).status_code for _ in range(4)]
    assert said == [400, 400, 429, 429]
    assert limited.nobody.get("/health").status_code == 429
    # It may be a guess like the others, as long as it was not shown to be somebody's.
    assert limited.reader.get("/v1/events").status_code == 429


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "zh",
            r"网络地址 127\.0\.0\.1 的请求过多：每秒最多 0\.01 次，"
            r"一次最多 2 次；请 \d+ 秒后再试。",
        ),
        (
            "en",
            r"Too many requests of address 127\.0\.0\.1: at most 0\.01 a second, and 2 at once\. "
            r"Try again in \d+ s\.",
        ),
    ],
)
def test_a_form_of_the_console_is_refused_in_its_language(
    limited: RunningApi, language: str, said: str
):
    headers = {"Cookie": f"{LANGUAGE_COOKIE}={language}", "Accept": "text/html"}
    form = {"login": "li.na", "password": "wrong"}
    answers = [limited.nobody.post("/login", data=form, headers=headers) for _ in range(3)]
    assert [one.status_code for one in answers] == [403, 403, 429]
    assert re.search(said, answers[-1].text)
    assert answers[-1].headers["content-type"].startswith("text/html")
    assert int(answers[-1].headers["retry-after"]) > 0


def test_a_session_counts_as_its_user(limited: RunningApi):
    session = begin_session(limited.settings.database_url.get_secret_value(), Role.VIEWER)
    headers = {"Cookie": f"{SESSION_COOKIE}={session}"}
    said = [limited.nobody.get("/v1/events", headers=headers).status_code for _ in range(5)]
    assert said == [200, 200, 200, 200, 429]


def test_a_worker_is_not_held_up_by_default(fresh_api: RunningApi):
    api = fresh_api
    api.add_camera()
    key = make_key(api.settings.database_url.get_secret_value(), "worker-1", KeyScope.WORKER)
    headers = {"Content-Type": "image/jpeg", "X-Captured-At": "2026-01-01T00:00:00Z"}
    with api.client(key) as worker:
        for number in range(40):
            body = {"type": "FeatureCollection", "features": [event(number)]}
            assert worker.post("/v1/events", json=body).status_code == 200
            sent = worker.put("/v1/cameras/north-gate/preview", content=JPEG, headers=headers)
            assert sent.is_success, sent.text
    counted = api.http.get("/metrics").text
    assert "citypatrol_http_requests_limited_total{" not in counted


def test_every_answer_of_the_description_may_be_a_429(fresh_api: RunningApi):
    paths = fresh_api.app.openapi()["paths"]
    for path, methods in paths.items():
        for method, route in methods.items():
            assert "Retry-After" in route["responses"]["429"]["headers"], f"{method} {path}"
