"""Signing in, staying in and being sent out, in a real browser, under the console's own policy."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.accounts.access_table import load_access_table
from api.accounts.authenticator import SESSION_COOKIE
from api.accounts.role import Role
from tests.api.console.district import District
from tests.api.console.looker import PATIENCE_MS, Looker
from tests.api.console.office import report
from tests.api.running_api import PASSWORD, make_user

LIVE = ".connection[data-connection=live]"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context
    context.close()


@pytest.fixture
def stranger(context: BrowserContext, district: District) -> Looker:
    """A browser in which nobody has signed in."""
    return Looker(context, district)


def make(district: District, *roles: Role, login: str = "li.na") -> None:
    with ThreadPoolExecutor(1) as beside_the_browsers_loop:
        beside_the_browsers_loop.submit(make_user, district.address, *roles, login=login).result()


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.locator("input[name=login]").fill("li.na")
    page.locator("input[name=password]").fill(password)
    page.locator("button[type=submit]").click()


def test_somebody_signs_in_sees_every_page_and_signs_out(district: District, stranger: Looker):
    make(district, Role.DISPATCHER, Role.OPERATOR)
    district.add_camera("gate", "Gate")
    district.put_preview("gate", "green")
    district.post_event(1, "gate")
    case_id = report(district)
    page = stranger.page
    for endpoint in load_access_table().pages:
        path = endpoint.removeprefix("GET ").replace("{case_id}", case_id)
        page.goto(district.url + path)
        if "/login" in page.url:
            assert stranger.errors == []
            sign_in(page)
        expect(page).to_have_url(district.url + path)
        expect(page.locator(".visitor-name")).to_have_text("李娜")
        expect(page.locator(".visitor-roles")).to_have_text("派遣员、运维员")
        expect(page.locator("body")).to_have_js_property("isConnected", True)
    page.goto(district.url)
    expect(page.locator(LIVE)).to_be_visible()
    expect(page.locator(".event-card")).to_have_count(1)
    expect(page.locator(".tile img")).to_be_visible()
    assert (stranger.foreign, stranger.errors) == ([], [])

    page.locator(".visitor-out").click()

    expect(page).to_have_url(f"{district.url}/login")
    page.goto(f"{district.url}/coverage")
    expect(page).to_have_url(f"{district.url}/login?next=%2Fcoverage")
    assert (stranger.foreign, stranger.errors) == ([], [])


def test_a_wrong_password_is_said_so_on_the_page(district: District, stranger: Looker):
    make(district, Role.VIEWER)
    page = stranger.page
    page.goto(district.url)
    page.locator(".language[lang=en]").click()
    sign_in(page, "a wrong password, surely")
    expect(page.locator("[role=alert]")).to_contain_text("User or password is wrong")
    expect(page.locator("input[name=login]")).to_have_value("li.na")
    sign_in(page)
    expect(page.locator(".visitor-roles")).to_have_text("Viewer")


def test_a_page_that_is_not_for_somebody_says_for_whom_it_is(district: District, stranger: Looker):
    make(district, Role.AUDITOR)
    page = stranger.page
    page.goto(district.url)
    sign_in(page)
    expect(page.locator("[role=alert]")).to_contain_text("li.na")
    expect(page.locator(".sign-in-note")).to_contain_text("派遣员")
    expect(page.locator(".event-card")).to_have_count(0)
    page.locator("button[type=submit]").click()
    expect(page).to_have_url(f"{district.url}/login")


def test_an_open_page_goes_when_the_session_ends(
    district: District, stranger: Looker, context: BrowserContext
):
    context.add_cookies([district.cookie(Role.VIEWER)])
    page = stranger.open()
    with psycopg.connect(district.address) as connection:
        connection.execute("DELETE FROM sessions")
    expect(page).to_have_url(f"{district.url}/login?next=%2F")


def test_a_page_whose_socket_is_gone_goes_too(
    district: District, stranger: Looker, context: BrowserContext
):
    context.add_cookies([district.cookie(Role.VIEWER)])
    page = stranger.open()
    # As after a night in which the lid was shut.
    with psycopg.connect(district.address) as connection:
        connection.execute("DELETE FROM sessions")
        page.evaluate("window.socket.disconnect()")
    expect(page).to_have_url(f"{district.url}/login?next=%2F")


def test_the_socket_opens_for_nobody(district: District, stranger: Looker):
    page = stranger.page
    page.goto(f"{district.url}/login")
    opened = """async (cookie) => await new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/_nicegui_ws/socket.io/?EIO=4&transport=websocket`);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
    })"""
    assert page.evaluate(opened) is False
    page.context.add_cookies([district.cookie(Role.VIEWER)])
    assert page.evaluate(opened) is True
    polled = "/_nicegui_ws/socket.io/?EIO=4&transport=polling"
    with httpx.Client(base_url=district.url, trust_env=False) as client:
        assert client.get(polled).status_code == 401
        cookie = district.cookie(Role.VIEWER)
        own = {"Cookie": f"{SESSION_COOKIE}={cookie['value']}"}
        assert client.get(polled, headers=own).status_code == 200
        upgrade = {
            **own,
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
            "Origin": "https://evil.example",
        }
        socket = polled.replace("polling", "websocket")
        assert client.get(socket, headers=upgrade).status_code == 403


def test_a_guest_is_told_to_be_one(
    district: District, stranger: Looker, monkeypatch: pytest.MonkeyPatch
):
    make(district, Role.VIEWER, login="demo")
    monkeypatch.setenv("CITYPATROL_API_GUEST", "demo")
    district.restart()
    page = stranger.open()
    expect(page.locator(".visitor[data-visitor=guest] .visitor-name")).to_have_text("演示用户")
    expect(page.locator(".visitor-roles")).to_have_text("浏览用户")
    page.locator(".visitor a").click()
    expect(page).to_have_url(re.compile("/login$"))
    page.locator(".sign-in-note a").click()
    expect(page.locator(LIVE)).to_be_visible()
    assert (stranger.foreign, stranger.errors) == ([], [])
