"""docs/catalogue.md keeps up with the rule language, and its overlay works."""

import re
from pathlib import Path

import pytest

from models.catalogue.check import check_file
from models.catalogue.content import read_content
from models.catalogue.issue_type import IssueType
from models.coverage.coverage import CoverageStatus
from models.coverage.coverage_table import STATUS_WORDS
from models.rules.relation import Relation
from models.rules.rule import Rule
from models.rules.schedule import Schedule

DOCUMENT = (Path(__file__).parents[3] / "docs" / "catalogue.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "names",
    [IssueType.model_fields, Rule.model_fields, Relation.model_fields, Schedule.model_fields],
    ids=["entry", "rule", "relation", "schedule"],
)
def test_every_field_is_explained(names):
    assert [name for name in names if not re.search(rf"\b{name}\b", DOCUMENT)] == []


def test_every_status_is_explained():
    assert [word for word in STATUS_WORDS.values() if word not in DOCUMENT] == []
    assert set(STATUS_WORDS) == set(CoverageStatus)


def test_the_types_that_follow_motion_can_be_used(tmp_path):
    blocks = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    (types,) = [block for block in blocks if "crossing:" in block]
    path = tmp_path / "motion.yaml"
    path.write_text(f'overlay_version: "1"\ntypes:\n{types}', encoding="utf-8")
    assert {"09801", "09802"} <= set(check_file(read_content(), path).content.entries)


def test_the_overlay_of_the_document_can_be_used(tmp_path):
    blocks = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    (overlay,) = [block for block in blocks if block.startswith("overlay_version")]
    path = tmp_path / "shapingba.yaml"
    path.write_text(overlay, encoding="utf-8")
    checked = check_file(read_content(), path)
    for line in (
        "06010 Exposed garbage 暴露垃圾: rule.excluded_zones [bin_area] → [bin_area, market]",
        "09009 Illegal motor-vehicle parking 机动车乱停放: rule.dwell_seconds 600 → 300",
        "10988 Crowd density: switched on",
    ):
        assert line in checked.changes
    assert "10801" in checked.content.entries
