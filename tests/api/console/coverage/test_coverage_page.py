"""The coverage page: the same table as `citypatrol catalogue coverage`, for the live models."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.role import Role
from models.catalogue.issue_catalogue import load_catalogue
from tests.api.console.district import District
from tests.api.console.looker import PATIENCE_MS, Looker


@pytest.fixture
def looker(browser: Browser, district: District) -> Iterator[Looker]:
    expect.set_options(timeout=PATIENCE_MS)
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies([district.cookie(Role.VIEWER)])
    yield Looker(context, district)
    context.close()


def shown_codes(page: Page) -> list[str]:
    return page.locator(".coverage-type:visible .coverage-code").all_text_contents()


def test_every_type_is_shown_filtered_by_status_and_searched(district: District, looker: Looker):
    page = looker.open()
    page.locator("a.head-link[href='/coverage']").click()
    expect(page.locator(".coverage-type")).to_have_count(len(load_catalogue().types))
    expect(page.locator(".coverage-counted").first).to_contain_text("street@2026.11")
    totals = page.locator(".coverage-total .coverage-count").all_text_contents()
    assert sum(map(int, totals)) == 2 * len(load_catalogue().types)

    page.locator("[data-filter=needs_knowledge]").click()

    expect(page.locator(".coverage-shown")).to_have_text(totals[-1])
    assert len(shown_codes(page)) == int(totals[-1])
    expect(page.locator("[data-filter=needs_knowledge]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-filter='']").click()
    page.locator(".coverage-search").fill("乱停放 09009")
    expect(page.locator(".coverage-shown")).to_have_text("1")
    assert shown_codes(page) == ["09009"]
    page.locator(".coverage-search").fill("no such thing")
    expect(page.locator(".coverage-none")).to_be_visible()

    page.locator("[data-language=en]").click()

    expect(page.locator(".coverage-type .coverage-chip").first).to_be_visible()
    expect(page.locator("th.coverage-status")).to_have_text("Status")
    expect(page.locator("[data-class] .coverage-class").first).to_be_visible()
    assert (looker.foreign, looker.errors) == ([], [])
