import pytest

from models.rules.class_needs import HowMany, class_needs
from models.rules.rule import Rule

BOAT = {"classes": ["boat"], "kind": "on"}


@pytest.mark.parametrize(
    ("fields", "needs"),
    [
        ({"classes": ["car", "bus"]}, [("car bus", HowMany.SOME)]),
        ({"classes": ["car", "bus"], "match": "all"}, [("car bus", HowMany.EVERY)]),
        (
            {"classes": ["cover"], "watch_for": "disappearance", "established_seconds": 60},
            [("cover", HowMany.SOME)],
        ),
        (
            {
                "classes": ["hoarding", "fence"],
                "watch_for": "absence",
                "zones": ["site_boundary"],
                "while_present": ["excavator", "crane"],
            },
            [("hoarding fence", HowMany.EVERY), ("excavator crane", HowMany.SOME)],
        ),
        (
            {
                "classes": ["person"],
                "watch_for": "change",
                "zones": ["slope"],
                "minimum_change": 0.1,
            },
            [("person", HowMany.HELPFUL)],
        ),
        ({"watch_for": "camera_fault", "faults": ["dark"]}, []),
        (
            {"classes": ["person"], "relations": [BOAT]},
            [("person", HowMany.SOME), ("boat", HowMany.SOME)],
        ),
        (
            {"classes": ["person"], "relations": [BOAT | {"at_least": 0, "at_most": 0}]},
            [("person", HowMany.SOME), ("boat", HowMany.EVERY)],
        ),
        ({"needs": ["sound"]}, []),
    ],
)
def test_what_is_waited_for_needs_some_and_what_must_be_absent_needs_every_class(fields, needs):
    found = class_needs(Rule.model_validate(fields))
    assert [(" ".join(need.classes), need.how_many) for need in found] == needs
