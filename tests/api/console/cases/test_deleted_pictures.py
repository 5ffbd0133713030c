"""Where a picture was deleted by retention, the console says so in words."""

import psycopg
import pytest
from playwright.sync_api import BrowserContext, expect
from psycopg.types.json import Jsonb

from tests.api.cases.conftest import PLACE, RUBBISH
from tests.api.console.district import District
from tests.api.console.looker import Looker

AT = "2026-11-29T00:00:00Z"
SAID = {"class": "rejected", "since": AT, "due_at": AT, "period_hours": 168.0}
DELETION = SAID | {"events": [], "cases": []}
CHINESE = "图片已超过保存期限，已删除"
ENGLISH = "Picture deleted, its retention period is over"


def delete_all(district: District) -> None:
    with psycopg.connect(district.address) as connection:
        connection.execute("UPDATE evidence SET deletion = %s", [Jsonb(DELETION)])


@pytest.mark.parametrize(("language", "said"), [("zh", CHINESE), ("en", ENGLISH)])
def test_case_page_says_which_picture_was_deleted(
    district: District, office: BrowserContext, language: str, said: str
):
    lon, lat = PLACE
    pictures = [{"sha256": district.add_picture("red"), "kind": "near"}]
    body = {"issue_code": RUBBISH, "lon": lon, "lat": lat, "source": "hotline"}
    answer = district.http.post("/v1/cases", json={**body, "pictures": pictures})
    assert answer.status_code == 201, answer.text
    delete_all(district)
    cookie = {"name": "citypatrol_language", "value": language, "url": district.url}
    office.add_cookies([cookie])  # type: ignore[list-item]
    page = office.new_page()
    page.goto(f"/cases/{answer.json()['case_id']}")
    figure = page.locator(".case-pictures figure[data-kind=near]")
    expect(figure.locator(".case-picture-deleted")).to_have_text(said)
    expect(figure.locator("img")).to_have_count(0)


def test_board_says_so_in_the_place_of_the_picture(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    event_id = district.post_event(1, "gate")
    delete_all(district)
    page = looker.open()
    card = page.locator(f"[data-event='{event_id}']")
    expect(card.locator("img")).to_have_attribute("alt", CHINESE)
    card.click()
    expect(page.locator(".detail-picture img.picture-deleted").first).to_have_attribute(
        "alt", CHINESE
    )
