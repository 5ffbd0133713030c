"""When a fault is declared and lifted: in time and in looks, at any rate of looks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from streams.camera_health.fault_watch import FaultWatch, Patience
from streams.camera_health.finding import UNKNOWN, Finding, Verdict
from streams.look_moment import LookOrder

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PATIENCE = Patience(begin_seconds=30, begin_looks=3, end_seconds=30, end_looks=3)
FAULTY, SOUND = Finding(Verdict.FAULTY, "too dark"), Finding(Verdict.SOUND)


def declared_after(interval: float, findings: list[Finding]) -> list[float]:
    """Seconds at which a watch declared or lifted the fault."""
    watch, order, changes = FaultWatch(PATIENCE), LookOrder("gate", interval), []
    for number, finding in enumerate(findings):
        look = order.advance(NOON + timedelta(seconds=number * interval))
        assert look is not None
        if watch.note(finding, look):
            changes.append(number * interval)
    return changes


@pytest.mark.parametrize(
    ("interval", "declared", "lifted"),
    [(0.04, 30.0, 90.04), (1.0, 30.0, 91.0), (30.0, 60.0, 150.0), (600.0, 1200.0, 3000.0)],
)
def test_time_and_looks_both_count(interval: float, declared: float, lifted: float):
    shown = 1 + round(max(60.0, 3 * interval - interval) / interval)
    findings = [FAULTY] * shown + [SOUND] * max(round(31 / interval), 3)
    changes = declared_after(interval, findings)
    assert changes == pytest.approx([declared, lifted], abs=1.5 * interval)


def test_flicker_is_no_fault():
    assert declared_after(1.0, [FAULTY, SOUND] * 60) == []


def test_one_lost_look_does_not_start_it_anew():
    assert declared_after(1.0, [FAULTY] * 20 + [SOUND] + [FAULTY] * 20) == [30.0]


def test_looks_that_cannot_tell_lift_nothing():
    assert declared_after(30.0, [FAULTY] * 3 + [UNKNOWN] * 50) == [60.0]


def test_looks_that_cannot_tell_end_a_suspicion():
    watch, order = FaultWatch(PATIENCE), LookOrder("gate", 30.0)
    seen = []
    for number, finding in enumerate([FAULTY, UNKNOWN, UNKNOWN]):
        look = order.advance(NOON + timedelta(seconds=30 * number))
        assert look is not None
        watch.note(finding, look)
        seen.append(watch.suspected_since)
    assert seen == [NOON, None, None]


@given(
    gaps=some.lists(some.floats(0.01, 7 * 86400.0), min_size=1, max_size=30),
    interval=some.sampled_from([0.04, 1.0, 30.0, 600.0]),
)
def test_gaps_vouch_for_no_more_than_they_may(gaps: list[float], interval: float):
    """However long nobody looked, a fault needs its looks, and time that looks vouch for."""
    watch, order = FaultWatch(PATIENCE), LookOrder("gate", interval)
    at, vouched = NOON, 0.0
    for number, gap in enumerate([0.0, *gaps]):
        at += timedelta(seconds=gap)
        look = order.advance(at)
        assert look is not None
        vouched += min(gap, max(60.0, 3 * interval)) if number else 0.0
        changed = watch.note(FAULTY, look)
        if changed:
            assert number + 1 >= PATIENCE.begin_looks
            assert vouched >= PATIENCE.begin_seconds - 0.001
            return
    assert len(gaps) + 1 < PATIENCE.begin_looks or vouched < PATIENCE.begin_seconds + 0.001


@given(
    findings=some.lists(some.sampled_from([FAULTY, SOUND, UNKNOWN]), max_size=60),
    gaps=some.lists(some.floats(0.01, 3600.0), min_size=60, max_size=60),
)
def test_fault_is_never_both_suspected_and_declared(findings: list[Finding], gaps: list[float]):
    watch, order, at = FaultWatch(PATIENCE), LookOrder("gate", 30.0), NOON
    for finding, gap in zip(findings, gaps, strict=False):
        at += timedelta(seconds=gap)
        look = order.advance(at)
        assert look is not None
        stood = watch.standing_since is not None
        changed = watch.note(finding, look)
        stands = watch.standing_since is not None
        assert changed == (stood != stands)
        assert not (stands and watch.suspected_since is not None)
        if finding.verdict is Verdict.FAULTY:
            assert stands or watch.suspected_since is not None
