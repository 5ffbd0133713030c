"""A special rule stands for the general ones on what it is about: one bus is one matter."""

import pytest

from detector.sighting import ChangeKind
from models.catalogue.issue_catalogue import load_catalogue
from tests.watching import PARKING, Seen, Watching, car, catalogue_of

GENERAL = PARKING
BUS_OUTSIDE_ITS_STOP = PARKING | {"classes": ("bus",), "instead_of": ("90001",)}
BUS = Seen("bus", (0.05, 0.35, 0.25, 0.6))


def opened(watching: Watching) -> list[tuple[str, str]]:
    return [
        (change.sighting.issue_code, *change.sighting.class_names)
        for change in watching.changes
        if change.kind is ChangeKind.OPENED
    ]


def test_a_bus_is_reported_once_and_a_car_beside_it_under_the_general_type():
    watching = Watching(catalogue_of(c90001=GENERAL, c90002=BUS_OUTSIDE_ITS_STOP))
    watching.looks(8, BUS, car())
    assert sorted(opened(watching)) == [("90001", "car"), ("90002", "bus")]


def test_outside_its_hours_a_special_rule_stands_for_nothing():
    at_night = BUS_OUTSIDE_ITS_STOP | {"when": {"hours": ["01:00-02:00"]}}
    watching = Watching(catalogue_of(c90001=GENERAL, c90002=at_night))
    watching.looks(8, BUS)
    assert opened(watching) == [("90001", "bus")]


def test_a_special_rule_stands_only_for_types_that_it_names():
    other = BUS_OUTSIDE_ITS_STOP | {"instead_of": ()}
    watching = Watching(catalogue_of(c90001=GENERAL, c90002=other))
    watching.looks(8, BUS)
    assert sorted(opened(watching)) == [("90001", "bus"), ("90002", "bus")]


@pytest.mark.parametrize("codes", [("90001", "90002", "90003"), ("90003", "90002", "90001")])
def test_of_three_that_stand_for_one_another_the_most_special_is_reported(codes):
    rules = {
        "90001": GENERAL,
        "90002": BUS_OUTSIDE_ITS_STOP,
        "90003": BUS_OUTSIDE_ITS_STOP | {"instead_of": ("90002",)},
    }
    watching = Watching(catalogue_of(**{f"c{code}": rules[code] for code in codes}))
    watching.looks(8, BUS)
    assert opened(watching) == [("90003", "bus")]


def test_our_own_special_cases_of_illegal_parking_stand_for_it():
    catalogue = load_catalogue()
    special = {code for code, issue in catalogue.types.items() if "09009" in issue.rule.instead_of}
    assert {"09991", "09995", "09996"} <= special


def test_a_bicycle_that_somebody_sits_on_was_not_left_there():
    catalogue = load_catalogue()
    rule = catalogue.issue_type("09010").rule.model_dump() | {
        "minimum_count": 1,
        "zones": ("sidewalk",),
        "dwell_seconds": 4,
        "minimum_looks": 3,
    }
    zones = [
        {
            "zone_id": "pavement",
            "kind": "sidewalk",
            "polygon": [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)],
        }
    ]
    bicycle = Seen("bicycle", (0.4, 0.6, 0.6, 0.8))
    rider = Seen("person", (0.45, 0.45, 0.55, 0.75))
    watching = Watching(catalogue_of(c90001=rule), zones=zones)
    watching.looks(10, bicycle, rider)
    assert opened(watching) == []
    watching.looks(10, bicycle, Seen("person", (0.8, 0.45, 0.9, 0.75)))
    assert opened(watching) == [("90001", "bicycle")]
