"""Many rules before one camera: each says what it says alone."""

import numpy as np
import pytest

from detector.sighting import SightingChange
from tests.watching import LEFT_HALF, ZONES, Seen, Watching, catalogue_of

LASTS = {"dwell_seconds": 4, "minimum_looks": 2, "clear_after_looks": 3}
PEOPLE = LASTS | {"classes": ("person",)}
CARS = LASTS | {"classes": ("car",)}
ROD = {"classes": ("fishing_rod",), "kind": "near", "reach": 0.4}
BOAT = {"classes": ("boat",), "kind": "on"}
AT_NIGHT = {"hours": ("22:00-06:00",)}
POSE = {"height_m": 8.0, "azimuth_deg": 30.0, "tilt_deg": 25.0, "horizontal_fov_deg": 70.0}
MARKET = {"zone_id": "market", "kind": "allowed_vending", "polygon": LEFT_HALF}
RULES = {
    "c90001": PEOPLE | {"zones": ("no_parking", "plaza")},
    "c90002": PEOPLE | {"zones": ("plaza",), "placement": {"by": "centre"}},
    "c90003": PEOPLE | {"zones": ("no_parking",), "placement": {"relation": "touching"}},
    "c90004": PEOPLE
    | {"zones": ("plaza", "no_parking"), "placement": {"by": "overlap", "minimum_share": 0.6}},
    "c90005": PEOPLE | {"zones": ("plaza",), "placement": {"relation": "crossing"}},
    "c90006": PEOPLE | {"excluded_zones": ("allowed_vending",)},
    "c90007": PEOPLE | {"excluded_zones": ({"kind": "allowed_vending", "when": AT_NIGHT},)},
    "c90008": PEOPLE | {"relations": (ROD,)},
    "c90009": PEOPLE | {"relations": (ROD | {"at_least": 0, "at_most": 0},), "minimum_count": 2},
    "c90010": PEOPLE | {"relations": (ROD, {"classes": ("car",), "kind": "near", "reach": 0.5})},
    "c90011": PEOPLE | {"relations": (BOAT | {"kind": "same_zone"},), "zones": ("no_parking",)},
    "c90012": CARS | {"zones": ("no_parking",), "same_object": True},
    "c90013": CARS | {"motion": "standing", "zones": ("plaza", "no_parking")},
    "c90014": CARS | {"motion": "moving"},
    "c90015": CARS | {"size": {"minimum_width_px": 200}, "same_object": True},
    "c90016": CARS | {"size": {"maximum_width_m": 3.0}},
    "c90017": CARS | {"maximum_speed_kmh": 8, "zones": ("plaza", "no_parking")},
    "c90018": LASTS | {"watch_for": "absence", "classes": ("hoarding",), "zones": ("plaza",)},
    "c90019": LASTS
    | {"watch_for": "disappearance", "classes": ("boat",), "established_seconds": 6},
    "c90020": CARS | {"match": "all", "classes": ("car", "person"), "zones": ("plaza",)},
    "c90021": PEOPLE | {"relations": ({"classes": ("car",), "kind": "near", "reach": 0.3},)},
}


def looks(seed: int) -> list[list[Seen]]:
    """A street on which some things stand and shake, some go, and some leave after a while."""
    random = np.random.default_rng(seed)
    names = random.choice(["person", "car", "fishing_rod", "boat"], 14)
    places = random.uniform(0.0, 0.75, (14, 2))
    sizes = random.uniform(0.05, 0.25, (14, 2))
    steps = random.normal(0.0, 0.02, (14, 2)) * (random.random((14, 1)) < 0.3)
    leaves = random.choice([12, 99], 14)
    scenes = []
    for number in range(24):
        low = places + number * steps + random.normal(0.0, 0.002, (14, 2))
        boxes = np.clip(np.hstack((low, low + sizes)), 0.0, 1.0)
        scenes.append(
            [
                Seen(str(name), tuple(box))
                for name, box, until in zip(names, boxes.tolist(), leaves, strict=True)
                if number < until
            ]
        )
    return scenes


def told(change: SightingChange) -> tuple[object, ...]:
    sighting = change.sighting
    seen = (sighting.class_names, sighting.boxes.tolist(), sighting.scores.tolist())
    return change.kind, change.changed_at, sighting.zone_id, sighting.observed_count, seen


def said(rules: dict[str, dict], seed: int) -> dict[str, list[tuple[object, ...]]]:
    """What each rule said of a street that all of these watch."""
    zones = [*ZONES, MARKET]
    watching = Watching(catalogue_of(**rules), zones=zones, step_seconds=1.0, pose=POSE)
    for scene in looks(seed):
        watching.show(*scene)
    of_rules: dict[str, list[tuple[object, ...]]] = {code: [] for code in rules}
    for change in watching.changes:
        of_rules[f"c{change.sighting.issue_code}"].append(told(change))
    return of_rules


@pytest.mark.parametrize("seed", range(4))
def test_each_of_many_rules_says_what_it_says_alone(seed):
    together = said(RULES, seed)
    assert together == {code: said({code: rule}, seed)[code] for code, rule in RULES.items()}


def test_each_of_these_rules_says_something_of_some_street():
    streets = [said(RULES, seed) for seed in range(4)]
    assert [code for code in RULES if not any(street[code] for street in streets)] == []
