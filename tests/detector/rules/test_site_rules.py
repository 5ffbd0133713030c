"""The catalogue's rules for sites and road works, as they stand, on what the street model finds."""

from datetime import UTC, datetime

import pytest

from detector.sighting import ChangeKind
from models.catalogue.issue_catalogue import load_catalogue
from tests.watching import Seen, Watching

WHOLE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
WORKER = Seen("person", (0.4, 0.3, 0.5, 0.8))
BARE_HEAD = Seen("head", (0.425, 0.3, 0.475, 0.4), 0.7)
HAT = Seen("hard_hat", (0.425, 0.29, 0.475, 0.4), 0.6)
VEST = Seen("reflective_vest", (0.41, 0.42, 0.49, 0.6), 0.5)
DIGGER = Seen("excavator", (0.1, 0.4, 0.35, 0.8))
CONE = Seen("traffic_cone", (0.36, 0.7, 0.38, 0.78))
NIGHT = datetime(2026, 5, 4, 15, 30, tzinfo=UTC)
"""23:30 in Shanghai."""


def watching(code: str, zone: str, step_seconds: float = 2.0) -> Watching:
    zones = [{"zone_id": "site", "kind": zone, "polygon": WHOLE}]
    return Watching(
        load_catalogue(), zones=zones, step_seconds=step_seconds, issue_types=[{"code": code}]
    )


def opened(watched: Watching) -> list[str]:
    return [
        change.sighting.issue_code for change in watched.changes if change.kind is ChangeKind.OPENED
    ]


@pytest.mark.parametrize(
    ("code", "zone", "seen", "expected"),
    [
        ("08999", "construction_site", [WORKER, BARE_HEAD], ["08999"]),
        ("08999", "construction_site", [WORKER, HAT], []),
        # The back of somebody whose head no box marks: nobody can tell.
        ("08999", "construction_site", [WORKER], []),
        ("08999", "sidewalk", [WORKER, BARE_HEAD], []),
        ("08998", "road_work", [WORKER, HAT], ["08998"]),
        ("08998", "road_work", [WORKER, VEST], []),
    ],
)
def test_who_works_without_hat_or_vest_is_reported_after_some_looks(
    code: str, zone: str, seen: list[Seen], expected: list[str]
):
    watched = watching(code, zone)
    watched.looks(4, *seen)
    assert opened(watched) == []
    watched.looks(6, *seen)
    assert opened(watched) == expected


@pytest.mark.parametrize(
    ("seen", "expected"), [([DIGGER], ["08987"]), ([DIGGER, CONE], []), ([], []), ([CONE], [])]
)
def test_works_without_cones_are_reported_while_somebody_works(
    seen: list[Seen], expected: list[str]
):
    watched = watching("08987", "road_work", step_seconds=30)
    watched.looks(15, *seen)
    assert opened(watched) == expected


def test_a_digger_that_swings_its_arm_at_night_is_at_work_and_one_whose_box_shakes_is_not():
    left, top, right, bottom = DIGGER.box
    shaking, digging = (watching("08995", "construction_site", step_seconds=30) for _ in "ab")
    shaking.now = digging.now = NIGHT
    for look in range(30):
        odd = look % 2
        shaking.show(Seen("excavator", (left, top + 0.01 * odd, right + 0.01 * odd, bottom)))
        digging.show(Seen("excavator", (left, top - 0.12 * odd, right + 0.14 * odd, bottom)))
    assert (opened(shaking), opened(digging)) == ([], ["08995"])


@pytest.mark.parametrize(
    ("at_night", "moves", "expected"),
    [
        (True, True, ["08995"]),
        (True, False, []),
        (False, True, []),
    ],
)
def test_machines_that_drive_at_night_are_works_and_parked_ones_are_none(
    at_night: bool, moves: bool, expected: list[str]
):
    watched = watching("08995", "construction_site", step_seconds=30)
    if at_night:
        watched.now = NIGHT
    for look in range(20):
        aside = 0.17 * (look % 4) if moves else 0.0
        left, top, right, bottom = DIGGER.box
        watched.show(Seen("excavator", (left + aside, top, right + aside, bottom)))
    assert opened(watched) == expected
