import pytest
from pydantic import ValidationError

from models.rules.rule import Rule

HEAP = {"classes": ["garbage_pile"]}
SECOND = {"confirmation": {"by": "second_model", "model": "hats@2", "classes": ["hard_hat"]}}
CROSSING = {"crossing": {"lines": ["fence"]}}
NEAR = {"classes": ["fishing_rod"], "kind": "near"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "classes is empty"),
        (HEAP | {"same_object": True, "minimum_count": 2}, "minimum_count 2 with same_object"),
        (HEAP | {"same_object": True, "match": "all"}, "match: all with same_object"),
        (HEAP | {"same_object": True, "motion": "moving"}, "motion: moving with same_object"),
        (
            {"watch_for": "change", "minimum_change": 0.2, "zones": ["road"], "same_object": True},
            "watch_for: change with same_object",
        ),
        (HEAP | {"watch_for": "absence"}, "watch_for: absence without zones"),
        ({"watch_for": "change", "zones": ["road"]}, "watch_for: change without minimum_change"),
        ({"watch_for": "camera_fault"}, "watch_for: camera_fault without faults"),
        (HEAP | {"watch_for": "disappearance"}, "disappearance without established_seconds"),
        (HEAP | {"faults": ["dark"]}, "faults belongs to watch_for: camera_fault"),
        (HEAP | {"while_present": ["person"]}, "while_present belongs to watch_for: absence"),
        (HEAP | {"minimum_scores": {"car": 0.5}}, r"minimum_scores names \['car'\]"),
        (HEAP | {"minimum_density": 3}, "minimum_density without zones"),
        (HEAP | {"placement": {"by": "centre"}}, "placement without zones"),
        (HEAP | {"placement": {"by": "overlap"}}, "needs one"),
        (HEAP | {"placement": {"minimum_share": 0.5}}, "a share belongs to by: overlap"),
        (HEAP | {"placement": {"by": "centre", "relation": "crossing"}}, "leave by out"),
        (HEAP | {"relations": [NEAR]}, "near needs one of them"),
        (HEAP | {"relations": [NEAR | {"reach": 1, "reach_m": 2}]}, "near needs one of them"),
        (HEAP | {"relations": [NEAR | {"reach": 1, "at_least": 0}]}, "asks for nothing"),
        (HEAP | {"relations": [NEAR | {"reach": 1, "at_most": 0}]}, "at_least: 0, at_most: 0"),
        (HEAP | {"size": {"minimum_width_px": 9, "maximum_width_px": 3}}, "nothing could have"),
        (HEAP | {"confirmation": {"by": "vision_endpoint"}}, "needs a question"),
        (HEAP | {"confirmation": {"by": "second_model"}}, "second_model without model"),
        (HEAP | {"confirmation": {"by": "second_model", "model": "m"}}, "without classes"),
        (HEAP | {"confirmation": {"by": "dispatcher", "model": "m"}}, "with model 'm'"),
        (HEAP | {"confirmation": {"by": "second_model", "model": "m@"}}, "should match pattern"),
        (
            HEAP | {"confirmation": {"by": "permit_register", "minimum_score": 0.5}},
            "with minimum_score 0.5",
        ),
        (
            HEAP | SECOND | {"watch_for": "absence", "zones": ["road"]},
            "second_model belongs to watch_for: presence; this rule watches for absence",
        ),
        (HEAP | {"crossing": {"lines": []}}, "at least 1 item"),
        (HEAP | {"crossing": {"lines": ["river"]}}, "solid_line"),
        (HEAP | CROSSING | {"dwell_seconds": 5}, "dwell_seconds with crossing"),
        (HEAP | CROSSING | {"minimum_looks": 3}, "minimum_looks with crossing"),
        (HEAP | CROSSING | {"minimum_count": 2}, "minimum_count with crossing"),
        (HEAP | CROSSING | {"motion": "standing"}, "motion: standing with crossing"),
        (HEAP | CROSSING | {"zones": ["road"]}, "zones with crossing"),
        (HEAP | CROSSING | {"same_object": True}, "crossing with same_object"),
        (HEAP | {"minimum_speed_kmh": 9, "maximum_speed_kmh": 3}, "nothing could go"),
        (HEAP | {"minimum_speed_kmh": 9, "same_object": True}, "minimum_speed_kmh with same_obj"),
        (
            HEAP | {"watch_for": "absence", "zones": ["road"], "maximum_speed_kmh": 3},
            "a speed belongs to watch_for: presence",
        ),
        (HEAP | {"zones": ["moon"]}, "accessible_ramp"),
        (HEAP | {"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(fields, said):
    with pytest.raises(ValidationError, match=said):
        Rule.model_validate(fields)


def test_a_rule_knows_every_class_it_needs():
    rule = Rule.model_validate(
        {
            "classes": ["person", "construction_worker"],
            "relations": [
                {"classes": ["hard_hat", "person"], "kind": "at_top", "at_least": 0, "at_most": 0}
            ],
        }
    )
    assert rule.seen_classes == ("person", "construction_worker", "hard_hat")


@pytest.mark.parametrize(
    ("fields", "metres"),
    [
        ({}, False),
        ({"size": {"minimum_width_px": 9}}, False),
        ({"size": {"minimum_area_m2": 100}}, True),
        ({"zones": ["plaza"], "minimum_density": 50}, True),
        ({"relations": [NEAR | {"reach_m": 2}]}, True),
        ({"relations": [NEAR | {"reach": 2}]}, False),
        ({"maximum_speed_kmh": 5}, True),
        (CROSSING, False),
    ],
)
def test_a_rule_knows_whether_it_measures_in_metres(fields, metres):
    assert Rule.model_validate(HEAP | fields).needs_calibration is metres


def test_a_type_that_needs_more_than_a_picture_needs_no_classes():
    assert Rule.model_validate({"needs": ["sound"]}).classes == ()


def test_an_excluded_zone_is_a_kind_or_a_kind_with_hours():
    rule = Rule.model_validate(
        HEAP
        | {
            "excluded_zones": [
                "bin_area",
                {"kind": "allowed_vending", "when": {"hours": ["18:00-23:00"]}},
            ]
        }
    )
    assert [excluded.kind for excluded in rule.excluded_zones] == ["bin_area", "allowed_vending"]
    assert [excluded.when.always for excluded in rule.excluded_zones] == [True, False]


def test_a_second_model_is_no_class_that_every_look_needs():
    rule = Rule.model_validate(HEAP | SECOND)
    assert rule.seen_classes == ("garbage_pile",)
    assert rule.second_model == rule.confirmation
    assert Rule.model_validate(HEAP | {"confirmation": {"by": "dispatcher"}}).second_model is None


def test_a_crossing_takes_one_look():
    assert Rule.model_validate(HEAP | CROSSING).minimum_looks == 1
    assert Rule.model_validate(HEAP).minimum_looks == 3
