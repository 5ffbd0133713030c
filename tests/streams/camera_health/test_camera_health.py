"""A camera's health from look to look."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from streams.camera_health.camera_fault import CameraFault
from streams.camera_health.camera_health import CameraHealth
from streams.camera_health.health_report import ChangeKind, HealthReport
from streams.camera_health.health_settings import HealthSettings
from streams.camera_health.light_look import BrokenReferenceError
from streams.camera_health.picture_measures import PictureMeasures
from streams.camera_health.reference_view import ReferenceViews, view_of
from streams.frame import Picture
from streams.stream_facts import StreamFacts
from tests.streams.camera_health import made_scene as made

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WIDE = made.scene(0, 572, 322)
HERE = made.moved(WIDE)
THERE = made.moved(made.scene(8, 572, 322))


def camera(
    interval: float = 30.0, views: ReferenceViews | None = None, **settings: object
) -> CameraHealth:
    return CameraHealth("gate", interval, HealthSettings(**settings), views)


def known(**pictures: Picture) -> ReferenceViews:
    return ReferenceViews(
        tuple(
            view_of(name, PictureMeasures.of(picture).grey, NOON)
            for name, picture in pictures.items()
        )
    )


def live(picture: Picture, looks: int, first: int = 0) -> Iterator[Picture]:
    """Looks at a scene in which nothing moves, by a live sensor."""
    for number in range(first, first + looks):
        yield made.noisy(picture, 1.0, seed=number)


def watch(
    health: CameraHealth, pictures: Iterable[Picture], start: datetime = NOON, step: float = 30.0
) -> list[HealthReport]:
    return [
        health.judge(picture, start + timedelta(seconds=step * number))
        for number, picture in enumerate(pictures)
    ]


def standing(report: HealthReport) -> list[CameraFault]:
    return [fault.fault for fault in report.standing]


def began(reports: list[HealthReport]) -> dict[CameraFault, float]:
    """Seconds after the first report at which each fault was declared."""
    return {
        change.fault.fault: (change.at - reports[0].at).total_seconds()
        for report in reports
        for change in report.changes
        if change.kind is ChangeKind.BEGAN
    }


@pytest.mark.parametrize("step", [5.0, 30.0, 600.0])
def test_quiet_scene_is_trusted_and_its_view_is_learnt(step: float):
    reports = watch(camera(step), live(HERE, 8), step=step)
    assert all(report.trusted for report in reports)
    assert began(reports) == {}
    assert reports[-1].preset == "first"


@pytest.mark.parametrize(
    ("step", "after"), [(5.0, 30.0), (30.0, 60.0), (300.0, 600.0)], ids=["5 s", "30 s", "5 min"]
)
def test_dark_is_declared_in_time_and_looks_and_lifted(step: float, after: float):
    health = camera(step)
    dark = round(max(after / step + 2, 4))
    night = live(made.lit(HERE, 0.01), dark)
    reports = watch(health, night, step=step)
    assert not any(report.trusted for report in reports)
    assert began(reports) == {CameraFault.DARK: after}
    fault = reports[-1].standing[0]
    assert fault.since == NOON
    assert fault.measured.startswith("median brightness 1 of 255, below 20")

    day = watch(health, live(HERE, 8), NOON + timedelta(days=1), step)
    assert not day[0].trusted
    assert day[-1].trusted
    (ended,) = [change for report in day for change in report.changes]
    assert (ended.kind, ended.fault.since) == (ChangeKind.ENDED, NOON)
    assert ended.seconds > 86400


def test_covered_a_moment_ago_holds_rules_at_once_but_is_no_fault_yet():
    health = camera(1.0)
    watch(health, live(HERE, 5), step=1.0)
    report = health.judge(made.covered(HERE, 1.0), NOON + timedelta(seconds=5))
    assert not report.trusted
    assert report.standing == ()
    assert [fault.fault for fault in report.suspected] == [CameraFault.COVERED]


def test_half_covered_is_seen_by_what_the_reference_shows():
    health = camera(views=known(gate=HERE))
    reports = watch(health, [made.noisy(made.covered(HERE, 0.55), 1, n) for n in range(6)])
    assert began(reports) == {CameraFault.COVERED: 120.0}
    assert "of what view 'gate' shows is hidden" in reports[-1].standing[0].measured


def test_bus_before_the_camera_is_no_cover():
    health = camera(5.0, known(gate=HERE))
    pictures = [*live(HERE, 3), *live(made.with_bus(HERE), 10, 10), *live(HERE, 7, 20)]
    reports = watch(health, pictures, step=5.0)
    assert began(reports) == {}
    assert reports[-1].trusted


@pytest.mark.parametrize(
    "weather",
    [made.foggy(HERE), made.rainy(HERE), made.by_night(HERE), made.infrared(HERE)],
    ids=["fog", "rain", "night", "infrared"],
)
def test_weather_and_night_are_no_faults(weather: Picture):
    reports = watch(camera(views=known(gate=HERE)), live(weather, 6))
    assert began(reports) == {}
    assert all(report.trusted and report.preset == "gate" for report in reports)


@pytest.mark.parametrize(("step", "looks", "after"), [(10.0, 14, 120.0), (30.0, 6, 120.0)])
def test_same_picture_again_and_again_is_frozen(step: float, looks: int, after: float):
    reports = watch(camera(step), [HERE] * looks, step=step)
    assert began(reports) == {CameraFault.FROZEN: after}
    assert reports[-1].standing[0].since == NOON
    assert not reports[-1].trusted


def test_clock_that_runs_over_a_frozen_picture_does_not_hide_it():
    pictures = [made.with_caption(HERE, f"2026-05-01 12:{n:02d}:00  GATE") for n in range(8)]
    assert CameraFault.FROZEN in began(watch(camera(), pictures))


def test_coder_that_repeats_a_quiet_picture_between_keyframes_is_not_frozen():
    keyframes = list(live(HERE, 4))
    pictures = [keyframes[number // 4] for number in range(16)]
    reports = watch(camera(4.0), pictures, step=4.0)
    assert all(report.trusted for report in reports)


def test_replayed_clip_may_stand_still_where_nobody_watches_for_it():
    reports = watch(camera(unwatched_faults="frozen"), [HERE] * 8)
    assert all(report.trusted for report in reports)


def test_frozen_takes_more_than_a_long_gap():
    """After an outage a recorder may send its last picture once more."""
    health = camera()
    watch(health, [HERE])
    report = health.judge(HERE, NOON + timedelta(hours=8))
    assert standing(report) == []


def test_dark_picture_that_stays_the_same_is_dark_and_not_frozen():
    reports = watch(camera(), [np.zeros_like(HERE)] * 8)
    assert standing(reports[-1]) == [CameraFault.DARK]


def test_moved_view_holds_rules_at_once_and_is_declared():
    reports = watch(camera(views=known(gate=HERE)), live(made.moved(WIDE, 0.1), 6))
    assert not reports[0].trusted
    assert reports[0].preset is None
    assert began(reports) == {CameraFault.VIEW_MOVED: 120.0}
    assert "shifted by +10" in reports[-1].standing[0].measured


def test_fast_looks_notice_a_turned_camera_before_the_next_check():
    health = camera(0.04, known(gate=HERE))
    pictures = [*live(HERE, 3), THERE]
    reports = watch(health, pictures, step=0.04)
    assert [report.trusted for report in reports] == [True, True, True, False]


def test_ptz_camera_says_which_preset_it_shows():
    health = camera(views=known(gate=HERE, square=THERE))
    pictures = [*live(HERE, 2), *live(THERE, 2), *live(made.moved(made.scene(9, 572, 322)), 1)]
    reports = watch(health, pictures)
    assert [report.preset for report in reports] == ["gate", "gate", "square", "square", None]
    assert [report.trusted for report in reports] == [True, True, True, True, False]


def test_ptz_camera_that_shows_an_unknown_view_by_night_holds_its_rules():
    health = camera(views=known(gate=HERE, square=THERE))
    (report,) = watch(health, live(made.by_night(made.scene(9), ambient=0.01), 1))
    assert (report.preset, report.trusted) == (None, False)
    assert report.suspected == ()


def test_camera_turned_on_purpose_learns_its_new_view():
    health = camera(views=known(gate=HERE))
    watch(health, live(THERE, 4))
    health.accept_views(ReferenceViews())
    reports = watch(health, live(THERE, 8, 10), NOON + timedelta(minutes=5))
    assert reports[-1].trusted
    assert reports[-1].preset == "first"


def test_stream_that_is_gone_is_declared_and_lifted():
    health = camera()
    watch(health, live(HERE, 2))
    last = NOON + timedelta(seconds=30)
    assert health.no_look(last + timedelta(seconds=59)).changes == ()
    gone = health.no_look(last + timedelta(seconds=61))
    assert standing(gone) == [CameraFault.STREAM_GONE]
    assert gone.standing[0].since == last
    assert gone.standing[0].measured == "no picture for 61 s, at least 60 s"
    back = watch(health, live(HERE, 4, 5), last + timedelta(hours=1))
    assert [report.trusted for report in back] == [False, False, True, True]


def test_stream_that_never_came_is_gone_a_minute_after_the_first_question():
    health = camera()
    assert standing(health.no_look(NOON)) == []
    assert standing(health.no_look(NOON + timedelta(seconds=60))) == [CameraFault.STREAM_GONE]
    set_back = health.no_look(NOON - timedelta(hours=1))
    assert standing(set_back) == [CameraFault.STREAM_GONE]


def test_picture_from_the_past_changes_nothing():
    health = camera()
    watch(health, live(HERE, 2))
    report = health.judge(np.zeros_like(HERE), NOON - timedelta(seconds=1))
    assert report.trusted
    assert report.suspected == ()


@pytest.mark.parametrize(
    ("facts", "fault", "measured"),
    [
        (
            StreamFacts(keyframe_bytes=400),
            CameraFault.LOW_BITRATE,
            "keyframe of 0.036 bits per pixel, below 0.05",
        ),
        (
            StreamFacts(keyframe_bytes=90_000, bitrate=2000),
            CameraFault.LOW_BITRATE,
            "stream of 2 kbit/s, below 3 kbit/s",
        ),
        (
            StreamFacts(camera_clock=NOON + timedelta(hours=8, seconds=20)),
            CameraFault.CLOCK_WRONG,
            "camera's clock 8.0 h ahead, over 60 s; a wrong time zone?",
        ),
        (
            StreamFacts(camera_clock=NOON - timedelta(seconds=200)),
            CameraFault.CLOCK_WRONG,
            "camera's clock 3 min behind, over 60 s",
        ),
    ],
)
def test_facts_of_the_stream_are_judged(facts: StreamFacts, fault: CameraFault, measured: str):
    report = camera().judge(HERE, NOON, facts)
    assert [(found.fault, found.measured) for found in report.suspected] == [(fault, measured)]
    assert report.trusted == (fault is CameraFault.CLOCK_WRONG)


@pytest.mark.parametrize(
    "facts",
    [
        StreamFacts(),
        StreamFacts(bitrate=500_000, keyframe_bytes=20_000),
        StreamFacts(camera_clock=NOON + timedelta(seconds=50)),
    ],
)
def test_good_facts_are_no_fault(facts: StreamFacts):
    assert camera().judge(HERE, NOON, facts).suspected == ()


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"bitrate": -1.0}, "bitrate -1.0 is negative"),
        ({"keyframe_bytes": -5}, "keyframe_bytes -5 is negative"),
        ({"camera_clock": NOON.replace(tzinfo=None)}, "has no time zone"),
    ],
)
def test_facts_that_make_no_sense_are_refused(values: dict[str, object], match: str):
    with pytest.raises(ValueError, match=match):
        StreamFacts(**values)


def test_standing_fault_and_view_survive_a_restart():
    health = camera()
    watch(health, live(HERE, 6))
    later = NOON + timedelta(hours=1)
    watch(health, live(made.lit(HERE, 0.01), 4), later)
    again = CameraHealth.from_json(health.to_json(), "gate", 30.0, HealthSettings())
    report = again.judge(made.lit(HERE, 0.01), later + timedelta(hours=1))
    assert [(fault.fault, fault.since) for fault in report.standing] == [(CameraFault.DARK, later)]
    assert report.preset == "first"
    assert not report.trusted
    moved = again.judge(made.moved(WIDE, 0.1), later + timedelta(hours=2))
    assert [fault.fault for fault in moved.suspected] == [CameraFault.VIEW_MOVED]


@pytest.mark.parametrize("text", ["", "[]", '{"standing": [{"fault": "tired"}]}'])
def test_damaged_state_says_what_to_do(text: str):
    with pytest.raises(BrokenReferenceError, match=r"'gate' cannot be read .* delete it"):
        CameraHealth.from_json(text, "gate", 30.0, HealthSettings())


def test_faults_are_named_in_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CITYPATROL_HEALTH_HARMLESS_FAULTS", "clock_wrong, colour_cast")
    assert HealthSettings().harmless_faults == {CameraFault.CLOCK_WRONG, CameraFault.COLOUR_CAST}
    monkeypatch.setenv("CITYPATROL_HEALTH_UNWATCHED_FAULTS", "tired")
    with pytest.raises(ValueError, match="tired"):
        HealthSettings()


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        (made.blurred(HERE, 16), CameraFault.BLURRED),
        (made.lit(made.blurred(HERE, 8), 0.7), CameraFault.BLURRED),
        (made.covered(HERE, 1.0), CameraFault.COVERED),
        (made.covered(HERE, 1.0, (200, 210, 205)), CameraFault.COVERED),
    ],
    ids=["far out of focus", "and darker", "dark cover", "light cover"],
)
def test_a_picture_without_detail_is_blurred_or_covered(spoilt: Picture, fault: CameraFault):
    health = camera()
    watch(health, live(HERE, 8))
    reports = watch(health, live(spoilt, 8, 8), NOON + timedelta(minutes=4))
    assert list(began(reports)) == [fault]
    back = watch(health, live(HERE, 8, 16), NOON + timedelta(minutes=8))
    assert back[-1].trusted
