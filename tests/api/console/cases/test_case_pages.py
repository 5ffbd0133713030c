"""The pages of cases: a case is reported, found, and walked to its closing in a browser."""

import os
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.accounts.role import Role
from api.cases.why_not import why_not
from api.console.cases.case_facts import CaseFacts
from api.console.cases.case_refusals import step_reason
from api.console.parts.page_head import LANGUAGE_COOKIE
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Language, Texts
from api.contract.case_words import CaseState, FlowKind
from api.contract.cases import FlowRecord
from tests.api.cases.conftest import PLACE, RUBBISH
from tests.api.console.district import District, jpeg
from tests.api.console.office import OFFICE, login_of, report
from tests.waiting import wait_until


def do(page: Page, action: str, state: str) -> None:
    page.locator(f"[data-action={action}]").click()
    page.locator(".case-send").click()
    expect(page.locator(".case-main .case-chip")).to_have_text(state)


def test_case_is_walked_to_its_closing(district: District, office: BrowserContext, tmp_path: Path):
    case_id = report(district)
    page = office.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/cases")
    expect(page.locator(".case-row")).to_have_count(1)
    expect(page.locator(".case-row .case-chip")).to_have_text("待受理")
    page.locator(".case-link").click()

    do(page, "register", "待处置")
    page.locator("[data-action=assign]").click()
    page.locator(".case-send").click()
    expect(page.locator(".q-notification")).to_contain_text("指派人员：必须填写 处置人登录名")
    page.locator("input[data-field=handler]").fill(login_of(district))
    page.locator(".case-send").click()
    expect(page.locator(".case-main .case-chip")).to_have_text("处置中")

    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg("green"))
    page.locator("[data-action=submit_result]").click()
    page.locator("input[type=file]").set_input_files(photo)
    expect(
        page.locator(".q-uploader__file--uploaded, .q-uploader__file .q-icon")
    ).not_to_have_count(0)
    page.locator(".case-send").click()
    expect(page.locator(".case-main .case-chip")).to_have_text("处置完成")
    expect(page.locator(".case-pictures figure[data-kind=after]")).to_have_count(1)
    do(page, "confirm", "待核查")
    do(page, "request_post_check", "核查中")
    do(page, "check_passed", "待结案")
    do(page, "close", "已结案")
    expect(page.locator(".case-flow li")).to_have_count(9)
    assert wrong == []
    stored = district.http.get(f"/v1/cases/{case_id}").json()
    assert stored["state"] == "closed"


def fill_report(page: Page) -> None:
    page.get_by_label("事项").click()
    page.get_by_label("事项").fill(RUBBISH)
    page.locator(".q-item", has_text=RUBBISH).first.click()
    page.get_by_label("经度（WGS-84）").fill(str(PLACE[0]))
    page.get_by_label("纬度（WGS-84）").fill(str(PLACE[1]))


def test_report_by_hand_leads_to_its_case(district: District, office: BrowserContext):
    page = office.new_page()
    page.goto("/cases/report")
    fill_report(page)
    page.locator(".case-send").click()
    expect(page.locator(".case-title")).to_contain_text("-0000")
    assert len(district.http.get("/v1/cases").json()["cases"]) == 1


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh", ("事项：必须填写。", "经度（WGS-84）：必须填写。", "纬度（WGS-84）：必须填写。")),
        ("en", ("Matter: fill it in.", "Longitude (WGS-84): fill it in.")),
    ],
)
def test_what_the_report_lacks_is_said_in_the_pages_language(
    district: District, office: BrowserContext, language: str, sentences: tuple[str, ...]
):
    office.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": district.url}])
    page = office.new_page()
    page.goto("/cases/report")
    page.locator(".case-send").click()
    said = page.locator(".q-notification").first
    for sentence in sentences:
        expect(said).to_contain_text(sentence)
    expect(said).not_to_contain_text("should")


def test_report_sent_by_two_clicks_is_one_case(district: District, office: BrowserContext):
    page = office.new_page()
    page.goto("/cases/report")
    fill_report(page)
    page.locator(".case-send").dblclick()
    expect(page.locator(".case-title")).to_contain_text("-0000")
    assert len(district.http.get("/v1/cases").json()["cases"]) == 1


@pytest.mark.parametrize(
    ("size", "said"),
    [(80, "图片未被接受：须为 JPEG 图片，且不超过 16 MB"), (12, "不是 JPEG 图片")],
)
def test_picture_that_is_none_is_said_with_the_way_out(
    district: District, office: BrowserContext, tmp_path: Path, size: int, said: str
):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"")
    os.truncate(photo, size * 1024 * 1024)
    page = office.new_page()
    page.goto("/cases/report")
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.locator(".q-notification")).to_contain_text(said)


def test_picture_of_80_megabytes_that_no_browser_held_back_is_refused(
    district: District, office: BrowserContext, tmp_path: Path
):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(jpeg("green"))
    page = office.new_page()
    page.goto("/cases/report")
    with page.expect_request("**/upload/*") as small:
        page.locator("input[type=file]").set_input_files(photo)
    cookie = district.cookie(*OFFICE)
    answer = httpx.post(
        small.value.url,
        files={"photo.jpg": bytes(80 * 1024 * 1024)},
        cookies={cookie["name"]: cookie["value"]},
        trust_env=False,
        timeout=30,
    )
    assert answer.status_code == 413, answer.text
    assert "bytes allowed at /_nicegui/client/" in answer.json()["detail"]


def test_unknown_case_says_so_and_wrong_role_sees_no_form(
    district: District, browser: Browser, office: BrowserContext
):
    page = office.new_page()
    page.goto("/cases/01JD8Z6Q3V5W7X9Y1A3C5E7G9J")
    expect(page.locator(".panel-empty")).to_contain_text("没有此案件")
    context = browser.new_context(base_url=district.url)
    context.add_cookies([district.cookie(Role.VIEWER)])
    viewer = context.new_page()
    answer = viewer.goto("/cases/report")
    assert answer is not None
    assert answer.status == 403
    viewer.goto(f"/cases/{report(district)}")
    expect(viewer.locator(".case-actions .panel-empty")).to_be_visible()
    expect(viewer.locator(".case-action")).to_have_count(0)
    context.close()


def test_handler_begins_with_the_cases(district: District, browser: Browser):
    context = browser.new_context(base_url=district.url)
    context.add_cookies([district.cookie(Role.HANDLER)])
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".panel-empty")).to_have_text("没有符合条件的案件。")
    assert page.url.endswith("/cases")
    context.close()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.CHINESE, "摄像机 gate 于 11-29 18:21 仍看到问题"),
        (Language.ENGLISH, "camera gate still saw it at 11-29 18:21"),
    ],
)
def test_what_a_camera_said_is_in_the_pages_language_and_time(language: Language, said: str):
    word = why_not("still_seen", camera="gate", at="2026-11-29T10:21:03+00:00")
    record = FlowRecord(
        action="seen_again",
        kind=FlowKind.NOTE,
        from_state=CaseState.PENDING_CHECK,
        to_state=CaseState.PENDING_CHECK,
        actor="citypatrol",
        unit_id=None,
        reason=word.english,
        details={"said": word.document()},
        at=datetime(2026, 11, 29, 10, 21, tzinfo=UTC),
        round=1,
    )
    facts = CaseFacts(Texts(language), ConsoleSettings(time_zone="Asia/Shanghai"), None)
    assert step_reason(record, facts) == said


def test_before_and_after_stand_side_by_side(district: District, office: BrowserContext):
    district.add_camera("gate", "Gate")
    event_id = district.post_event(1, "gate", issue_code=RUBBISH, observed_count=9)
    before = district.add_picture("red")
    after = district.add_picture("blue")

    def cases() -> list[dict]:
        listed = district.http.get("/v1/cases", params={"event_id": event_id}).json()
        return [one for one in listed["cases"] if one["state"] != "reported"]

    wait_until(lambda: bool(cases()), what="a registered case")
    (case,) = cases()
    with psycopg.connect(district.address) as connection:
        # It lies in no cell of this organisation, so that nobody has handled it.
        connection.execute("UPDATE cases SET state = 'pending_check', handled_at = now()")
        connection.execute(
            "INSERT INTO repair_checks (check_id, case_id, event_id, camera_id, asked_at, ends_at, "
            "wanted_looks, pause_seconds, look_after) SELECT '01JD8Z6Q3V5W7X9Y1A3C5E7G9M', "
            "case_id, %s, 'gate', handled_at, now() + interval '1 day', 1, 0, handled_at "
            "FROM cases",
            [event_id],
        )
    page = office.new_page()
    page.goto(f"/cases/{case['case_id']}")
    expect(page.locator(".case-comparison figcaption").first).to_contain_text("处置前")
    expect(page.locator(".case-comparison img")).to_have_count(1)
    look = {
        "looked_at": datetime.now(UTC).isoformat(),
        "seen": "absent",
        "sha256": after,
    }
    path = "/v1/repair-checks/01JD8Z6Q3V5W7X9Y1A3C5E7G9M/looks"
    answer = district.http.post(path, json=look)
    assert answer.is_success, answer.text
    pictures = page.locator(".case-comparison img")
    expect(pictures).to_have_count(2)
    assert [pictures.nth(at).get_attribute("src") for at in range(2)] == [
        f"/v1/evidence/{before}",
        f"/v1/evidence/{after}",
    ]
    expect(page.locator(".case-facts")).to_contain_text("最近 1 次有效巡视中 1 次未见问题")
    expect(page.locator("[data-action=accept_camera_check]")).to_be_visible()
