"""The desk in a browser: a case comes into the queue, is judged and dispatched by keyboard."""

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.accounts.role import Role
from tests.api.console.district import District, jpeg
from tests.api.console.office import login_of, report


def open_desk(context: BrowserContext, address: str = "/desk") -> tuple[Page, list[str]]:
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(address)
    expect(page.locator("#live")).to_have_text("实时")
    return page, wrong


def stands(page: Page, state: str) -> None:
    expect(page.locator(".case-head .chip").first).to_have_text(state)


def test_a_case_is_walked_to_its_closing_by_keyboard(
    district: District, office: BrowserContext, tmp_path: Path
):
    page, wrong = open_desk(office)
    case_id = report(district)
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row .chip")).to_have_text("待受理")
    page.keyboard.press("j")
    stands(page, "待受理")
    assert page.url.endswith(f"/desk/{case_id}")

    page.keyboard.press("Enter")
    expect(page.locator("dialog .dialog-title")).to_contain_text("立案")
    page.keyboard.press("Escape")
    page.locator("[data-action=register]").press("Enter")
    page.locator("dialog .main").press("Enter")
    stands(page, "待处置")
    page.locator("[data-action=assign]").press("Enter")
    page.locator("dialog [name=handler]").fill(login_of(district))
    page.keyboard.press("Enter")
    stands(page, "处置中")

    photo = tmp_path / "after.jpg"
    photo.write_bytes(jpeg("green"))
    page.locator("[data-action=submit_result]").press("Enter")
    page.locator("dialog [name=picture]").set_input_files(photo)
    page.locator("dialog .main").press("Enter")
    stands(page, "处置完成")
    expect(page.locator(".case-small")).to_have_count(1)
    for action, state in (
        ("confirm", "待核查"),
        ("request_post_check", "核查中"),
        ("check_passed", "待结案"),
        ("close", "已结案"),
    ):
        page.locator(f"[data-action={action}]").press("Enter")
        page.locator("dialog .main").press("Enter")
        stands(page, state)
    expect(page.locator(".row")).to_have_count(0)
    assert wrong == []
    assert district.http.get(f"/v1/cases/{case_id}").json()["state"] == "closed"


def test_a_wrong_event_is_rejected_with_a_reason_by_number(
    district: District, office: BrowserContext
):
    case_id = report(district)
    page, wrong = open_desk(office, f"/desk/{case_id}")
    stands(page, "待受理")
    page.keyboard.press("3")
    chosen = page.locator("dialog [name=verdict_reason]:checked")
    expect(chosen).to_have_value("permitted")
    page.locator("dialog [name=reason]").fill("有占道许可")
    page.locator("dialog .main").press("Enter")
    stands(page, "不予立案")
    assert wrong == []
    (step,) = district.http.get(f"/v1/cases/{case_id}/flow").json()["flow"][1:]
    assert (step["action"], step["reason"]) == ("reject", "有占道许可")


def test_a_refusal_is_said_in_the_form(district: District, office: BrowserContext):
    case_id = report(district)
    page, _ = open_desk(office, f"/desk/{case_id}")
    page.locator("[data-action=register]").click()
    expect(page.locator("dialog .main")).to_be_visible()
    register = f"/v1/cases/{case_id}/actions/register"
    answer = office.request.post(f"{district.url}{register}", data={})
    assert answer.ok, answer.text()
    page.locator("dialog .main").click()
    expect(page.locator("dialog .refusal")).to_be_visible()


def test_the_filter_stands_in_the_address(district: District, office: BrowserContext):
    report(district)
    page, _ = open_desk(office, "/desk?state=handling")
    expect(page.locator(".queue .empty")).to_contain_text("没有符合条件的案件")
    page.locator(".queue-count .button").click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator("#search").fill("不存在")
    expect(page.locator(".row")).to_have_count(0)
    assert "text=" in page.url


def test_nobody_who_may_see_no_case_opens_it(district: District, browser: Browser):
    context = browser.new_context(base_url=district.url)
    context.add_cookies([district.cookie(Role.AUDITOR)])
    page = context.new_page()
    answer = page.goto("/desk")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("无权查看此页面")
    context.close()
