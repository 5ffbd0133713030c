"""The detail of an event shows how it went on and what other events it has to do with."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.api.console.district import District
from tests.api.console.looker import Looker

LOCATED = {"location_source": "pose", "accuracy_m": 4.0}


def ago(minutes: float) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def two_cameras(district: District) -> District:
    district.add_camera("gate", "Gate")
    district.add_camera("quay", "Quay")
    return district


def test_a_return_leads_to_the_event_before_it(two_cameras: District, looker: Looker):
    times = {"first_seen": ago(90), "last_seen": ago(60), "cleared_at": ago(59)}
    first = two_cameras.post_event(1, "gate", **times)
    second = two_cameras.post_event(2, "gate", recurrence_of=first, recurrence_number=1)
    page = looker.open()
    page.locator(f"[data-event='{second}']").click()

    notice = page.locator("[data-related=recurrence]")
    expect(notice).to_contain_text("消除后第 1 次再现")
    expect(page.locator(".detail-facts")).to_contain_text("消除后第 1 次再现")
    notice.get_by_role("button").click()

    expect(page.locator(".detail-facts")).to_contain_text(first)
    expect(page.locator(".related")).to_have_count(0)
    assert (looker.foreign, looker.errors) == ([], [])


def test_what_another_camera_saw_there_stands_beside_it(
    two_cameras: District,
    looker: Looker,
):
    first = two_cameras.post_event(1, "gate", **LOCATED)
    page = looker.open()
    page.locator(f"[data-event='{first}']").click()
    expect(page.locator(".detail-facts")).to_contain_text(first)
    expect(page.locator(".related")).to_have_count(0)

    # The open detail learns of it by itself.
    second = two_cameras.post_event(2, "quay", **LOCATED)

    notice = page.locator("[data-related=proposed]")
    expect(notice).to_contain_text("可能与摄像机“Quay”所见为同一事件：相距 0 米")
    expect(notice.locator("img")).to_have_count(2)
    (proposal,) = two_cameras.http.get("/v1/merge-proposals").json()["proposals"]
    verdict = {"verdict": "accepted"}
    number = proposal["proposal_id"]
    assert two_cameras.decide(number, verdict).is_success

    page.locator("[data-related=accepted]").get_by_role("button").click()

    expect(page.locator(".detail-facts")).to_contain_text(second)
    expect(page.locator(".detail-facts")).to_contain_text(f"已并入{first}")
    assert (looker.foreign, looker.errors) == ([], [])


def test_a_rejected_proposal_is_not_shown(two_cameras: District, looker: Looker):
    first = two_cameras.post_event(1, "gate", **LOCATED)
    two_cameras.post_event(2, "quay", **LOCATED)
    page = looker.open()
    page.locator(f"[data-event='{first}']").click()
    expect(page.locator(".related")).to_have_count(1)
    (proposal,) = two_cameras.http.get("/v1/merge-proposals").json()["proposals"]

    verdict = {"verdict": "rejected"}
    number = proposal["proposal_id"]
    assert two_cameras.decide(number, verdict).is_success

    expect(page.locator(".related")).to_have_count(0)


def test_the_pictures_tell_how_it_began_and_ended(two_cameras: District, looker: Looker):
    opening, better, cleared = (two_cameras.add_picture(c) for c in ("red", "green", "blue"))
    told = [
        (opening, ("frame", "annotated", "crop"), ago(30)),
        (better, ("frame", "annotated", "crop"), ago(20)),
        (cleared, ("cleared",), ago(1)),
    ]
    event_id = two_cameras.post_event(
        1,
        "gate",
        first_seen=ago(30),
        last_seen=ago(2),
        cleared_at=ago(1),
        evidence=[
            {"kind": kind, "sha256": sha256, "captured_at": at}
            for sha256, kinds, at in told
            for kind in kinds
        ],
    )
    page = looker.open()
    page.locator(f"[data-event='{event_id}']").click()

    expect(page.locator(".detail-views > .detail-picture img")).to_have_attribute(
        "src", f"/v1/evidence/{better}"
    )
    story = page.locator(".detail-story .detail-picture")
    expect(story).to_have_count(2)
    expect(story.first).to_contain_text("发现时")
    expect(story.first.locator("img")).to_have_attribute("src", f"/v1/evidence/{opening}")
    expect(page.locator("[data-kind=cleared]")).to_contain_text("消除后")
    expect(page.locator("[data-kind=cleared] img")).to_have_attribute(
        "src", f"/v1/evidence/{cleared}"
    )
    assert (looker.foreign, looker.errors) == ([], [])
