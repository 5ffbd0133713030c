from datetime import UTC, datetime

from playwright.sync_api import Locator, expect

from tests.api.console.district import District
from tests.api.console.looker import Looker
from tests.waiting import wait_until

PICTURE = "img => img.complete && img.naturalWidth > 0 ? img.src : ''"


def shown_picture(image: Locator) -> str:
    """The address of a picture, once it has come and is shown."""
    address: str = wait_until(lambda: image.evaluate(PICTURE), what="a picture")
    return address


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_an_event_appears_changes_and_clears_without_reload(district: District, looker: Looker):
    district.add_camera("gate", "东门 East gate")
    district.add_grids()
    page = looker.open()
    expect(page.locator(".event-card")).to_have_count(0)
    expect(page.locator("[data-figure=open] .figure-value")).to_have_text("0")
    page.evaluate("window.notReloaded = true")

    event_id = district.post_event(1, "gate")

    card = page.locator(f"[data-event='{event_id}']")
    expect(card.locator(".event-name")).to_have_text("机动车乱停放")
    expect(card.locator(".event-camera")).to_have_text("东门 East gate")
    expect(card.locator(".event-cell")).to_contain_text("500106900001001")
    expect(card.locator(".elapsed")).to_have_text("已持续 3 分钟")
    expect(card.locator(".status-chip")).to_have_text("存在")
    assert shown_picture(card.locator("img")).startswith(f"{district.url}/v1/evidence/")
    assert not card.locator(".event-no-picture").is_visible()
    expect(page.locator(".event-pin.is-open")).to_have_count(1)
    expect(page.locator("[data-figure=open] .figure-value")).to_have_text("1")

    district.post_event(1, "gate", revision=2, cleared_at=now())

    expect(card.locator(".status-chip")).to_have_text("已消除")
    expect(page.locator(".event-pin.is-cleared")).to_have_count(1)
    expect(page.locator("[data-figure=open] .figure-value")).to_have_text("0")
    assert page.evaluate("window.notReloaded")
    assert (looker.foreign, looker.errors) == ([], [])


def test_the_newest_event_comes_first(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    first = district.post_event(1, "gate", first_seen="2025-01-01T00:00:00Z")
    page = looker.open()
    expect(page.locator(".event-card")).to_have_count(1)

    second = district.post_event(2, "gate")

    expect(page.locator(".event-card").first).to_have_attribute("data-event", second)
    expect(page.locator(".event-card").last).to_have_attribute("data-event", first)


def test_faults_of_cameras_stand_apart_from_street_issues(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    district.add_camera("quay", "Quay")
    street = district.post_event(1, "gate")
    page = looker.open()
    expect(page.locator(".event-card")).to_have_count(1)

    fault = district.post_event(
        2,
        "quay",
        issue_code="99001",
        detections=[{"class_name": "dark", "score": 1, "box": [0, 0, 1, 1]}],
    )

    tile = page.locator(".tile[data-camera=quay] .tile-fault")
    expect(tile).to_have_text("过暗已持续 3 分钟")
    expect(page.locator("[data-shown=cameras] .kind-count")).to_have_text("1")
    expect(page.locator(".event-card")).to_have_attribute("data-event", street)
    expect(page.locator("[data-figure=open] .figure-value")).to_have_text("1")

    page.locator("[data-shown=cameras]").click()

    card = page.locator(f"[data-event='{fault}']")
    expect(card.locator(".kind-chip")).to_have_text("摄像机故障")
    expect(page.locator(".event-card")).to_have_count(1)
    expect(page.locator(".event-pin")).to_have_count(1)
    page.locator("[data-shown=all]").click()
    expect(page.locator(".event-card")).to_have_count(2)
    expect(page.locator(f"[data-event='{street}'] .kind-chip")).to_be_hidden()

    page.locator("[data-shown=street]").click()
    tile.click()

    expect(page.locator(".detail-name")).to_have_text("画面过暗")
    expect(page.locator(".detail-facts")).to_contain_text("过暗")
    expect(page.locator(".detail-facts")).not_to_contain_text("识别置信度")
    page.locator(".detail").get_by_text("关闭").click()
    district.post_event(2, "quay", issue_code="99001", revision=2, cleared_at=now())
    expect(tile).to_have_count(0)
    assert (looker.foreign, looker.errors) == ([], [])


def test_a_camera_that_may_be_blind_shows_at_once_and_is_not_live(
    district: District, looker: Looker
):
    district.add_camera("gate", "Gate")
    district.add_camera("quay", "Quay")
    district.put_condition("quay", dark="suspected")
    page = looker.open()
    tile = page.locator(".tile[data-camera=quay]")
    fault = tile.locator(".tile-fault")

    expect(fault).to_have_text("疑似过暗已持续 3 分钟")
    expect(fault).to_have_attribute("title", "measured of dark")
    expect(tile).to_have_attribute("data-fault", "suspected")
    for camera_id in ("gate", "quay"):
        district.put_preview(camera_id, "black")
    expect(page.locator("[data-figure=cameras] .figure-value")).to_have_text("1 / 2")
    district.put_preview("quay", "blue")
    expect(tile.locator(".tile-state")).to_have_text("疑似故障")
    expect(tile).to_have_attribute("data-state", "suspected")

    district.put_condition("quay", dark="standing")

    expect(fault).to_have_text("过暗已持续 3 分钟")
    district.put_preview("quay", "green")
    expect(tile.locator(".tile-state")).to_have_text("故障")
    event_id = district.post_event(
        1,
        "quay",
        issue_code="99001",
        detections=[{"class_name": "dark", "score": 1, "box": [0, 0, 1, 1]}],
    )
    expect(tile.locator(f".tile-fault[data-event='{event_id}']")).to_have_count(1)
    expect(fault).to_have_count(1)

    district.put_condition("quay")
    district.post_event(1, "quay", issue_code="99001", revision=2, cleared_at=now())
    expect(fault).to_have_count(0)
    district.put_preview("quay", "red")
    expect(tile).to_have_attribute("data-state", "live")
    assert (looker.foreign, looker.errors) == ([], [])


def test_a_wrong_clock_is_named_on_a_tile_that_stays_live(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    district.put_condition("gate", clock_wrong="standing")
    page = looker.open()
    tile = page.locator(".tile[data-camera=gate]")
    expect(tile.locator(".tile-fault")).to_contain_text("时钟不准")
    district.put_preview("gate", "green")
    expect(tile).to_have_attribute("data-state", "live")


def test_the_event_of_a_moved_camera_shows_both_pictures_and_the_shift(
    district: District, looker: Looker
):
    district.add_camera("gate", "Gate")
    shift = "view 'first' shifted by +12.0% right and +0.0% down (from 3.0%)"
    reference, present = district.add_picture("gray"), district.add_picture("red")
    event_id = district.post_event(
        1,
        "gate",
        issue_code="99009",
        detections=[{"class_name": "view_moved", "score": 1, "box": [0, 0, 1, 1]}],
        measured=shift,
        evidence=[
            {"kind": kind, "sha256": sha256, "captured_at": now()}
            for kind, sha256 in (("frame", present), ("reference", reference))
        ],
    )
    page = looker.open()

    page.locator(f".tile-fault[data-event='{event_id}']").click()

    pair = page.locator(".detail-pair img")
    expect(pair).to_have_count(2)
    for shown, sha256 in zip(pair.all(), (reference, present), strict=True):
        assert shown_picture(shown) == f"{district.url}/v1/evidence/{sha256}"
    expect(page.locator(".detail-pair figcaption").first).to_contain_text("基准画面")
    expect(page.locator(".detail-pair figcaption").last).to_contain_text("当前画面")
    expect(page.locator(".detail-measured")).to_have_text(f"测量：{shift}")
    assert (looker.foreign, looker.errors) == ([], [])


def test_a_refuted_event_stays_and_says_who_refuted_it(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    asked = {
        "by": "vision_endpoint",
        "status": "pending",
        "question": "Does a car stand where parking is forbidden?",
    }
    event_id = district.post_event(1, "gate", confirmation=asked)
    page = looker.open()
    card = page.locator(f"[data-event='{event_id}']")
    expect(card.locator(".verdict-chip")).to_be_hidden()

    verdict = {
        "status": "refuted",
        "model": "eye-7b",
        "reason": "It is a market stall.",
        "answered_at": now(),
    }
    district.post_event(1, "gate", revision=2, confirmation=asked | verdict)

    expect(card.locator(".verdict-chip")).to_have_text("已否定")
    card.click()
    facts = page.locator(".detail-facts")
    for said in ("已否定 · 视觉语言模型", "eye-7b", asked["question"], verdict["reason"]):
        expect(facts).to_contain_text(said)
    assert (looker.foreign, looker.errors) == ([], [])


def test_the_language_switch_holds_over_a_reload(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    district.post_event(1, "gate")
    page = looker.open()
    expect(page.locator(".events-panel .panel-title")).to_contain_text("实时事件")

    page.locator("[data-language=en]").click()

    expect(page.locator(".events-panel .panel-title")).to_contain_text("Live events")
    expect(page.locator(".event-name")).to_have_text("Illegal motor-vehicle parking")
    expect(page.locator(".event-card .elapsed")).to_have_text("for 3 min")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator(".events-panel .panel-title")).to_contain_text("Live events")
    assert (looker.foreign, looker.errors) == ([], [])


def test_a_click_opens_the_event_and_moves_the_map(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    event_id = district.post_event(1, "gate")
    page = looker.open()

    page.locator(f"[data-event='{event_id}']").click()

    detail = page.locator(".detail")
    expect(detail.locator(".detail-name")).to_have_text("机动车乱停放")
    expect(detail.locator(".detail-facts")).to_contain_text("106.455100, 29.545100")
    expect(detail.locator(".detail-facts")).to_contain_text("±5.0 米")
    expect(detail.locator(".detail-facts")).to_contain_text("小汽车 × 1")
    expect(detail.locator("img")).to_have_count(2)
    expect(page.locator(".event-popup")).to_contain_text("Gate")
    detail.get_by_text("关闭").click()
    expect(detail).to_be_hidden()
    assert looker.errors == []


def test_a_tile_shows_each_new_picture_and_says_how_old_it_is(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    district.put_preview("gate", "blue", age_seconds=60)
    page = looker.open()
    tile = page.locator(".tile[data-camera=gate]")
    expect(tile).to_have_attribute("data-state", "stale")
    expect(tile.locator(".tile-state")).to_have_text("1 分钟前")
    before = shown_picture(tile.locator("img"))
    assert before.startswith("blob:")

    district.put_preview("gate", "green")

    expect(tile).to_have_attribute("data-state", "live")
    expect(tile.locator("img")).not_to_have_attribute("src", before)
    assert shown_picture(tile.locator("img")).startswith("blob:")
    # The first picture's memory was given back.
    assert page.evaluate("url => fetch(url).then(() => 'kept', () => 'given back')", before) == (
        "given back"
    )


def test_the_map_draws_cells_streets_cameras_and_zones(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    district.add_grids()
    page = looker.open()

    expect(page.locator("path.cell")).to_have_count(1)
    expect(page.locator(".cell-label")).to_contain_text("500106900001001")
    expect(page.locator("path.zone")).to_have_count(1)
    expect(page.locator(".camera-icon")).to_have_count(1)
    expect(page.locator(".base-name-river")).to_have_text("明溪")
    expect(page.locator(".leaflet-tile")).to_have_count(0)
    assert (looker.foreign, looker.errors) == ([], [])


def test_names_are_text_and_never_markup(district: District, looker: Looker):
    name = '<img src=x onerror="window.broken=1"></script><script>window.broken=1</script>{{7*7}}'
    district.add_camera("gate", name)
    event_id = district.post_event(1, "gate")
    page = looker.open()

    page.locator(f"[data-event='{event_id}']").click()

    expect(page.locator(".event-popup")).to_contain_text(name)
    for place in (".event-camera", ".tile-name", ".camera-name", ".detail-facts"):
        expect(page.locator(place).first).to_contain_text(name)
    assert page.evaluate("window.broken") is None
    assert looker.foreign == []


def test_the_page_lives_on_after_the_api_restarts(district: District, looker: Looker):
    district.add_camera("gate", "Gate")
    page = looker.open()

    district.restart()
    event_id = district.post_event(1, "gate")
    district.put_preview("gate", "green")

    expect(page.locator(f"[data-event='{event_id}']")).to_be_visible()
    expect(page.locator(".tile img")).to_be_visible()


def test_unknown_api_paths_and_methods_stay_the_api_s(district: District):
    missing = district.http.get("/v1/no-such-thing")
    wrong = district.http.delete("/v1/events")

    assert (missing.status_code, wrong.status_code) == (404, 405)
    for answer in (missing, wrong):
        assert answer.headers["Content-Type"] == "application/problem+json"
