"""The JSON Schemas that editors check catalogue files with say what the reader says."""

import json
from datetime import date

import jsonschema
import pytest

from models.catalogue.content import BUILT_IN_CATALOGUE
from models.catalogue.yaml_file import read_catalogue_yaml
from models.commands.catalogue_commands import SCHEMAS
from models.commands.catalogue_schema import issue_types_schema, overlay_schema, schema_text

OVERLAY = {"overlay_version": "city-1"}


def plain(value: object) -> object:
    """As JSON has it: YAML knows dates."""
    match value:
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value


@pytest.mark.parametrize(
    ("name", "schema"), [("issue_types", issue_types_schema), ("overlay", overlay_schema)]
)
def test_the_schema_files_are_up_to_date(name, schema):
    text = (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert text == schema_text(schema()), "run `python -m models.commands.catalogue_schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("path", sorted(BUILT_IN_CATALOGUE.glob("types/*.yaml")), ids=str)
def test_our_own_files_keep_the_schema(path):
    jsonschema.validate(plain(read_catalogue_yaml(path)), issue_types_schema())


@pytest.mark.parametrize(
    ("types", "is_valid"),
    [
        ([{"code": "09009"}], True),
        ([{"code": "09009", "rule": {"dwell_seconds": None}, "notes": None}], True),
        ([{"code": "09009", "rule": {"when": {"hours": ["22:00-06:00"]}}}], True),
        ([{"code": "09009", "rule": {"excluded_zones": ["road", {"kind": "road"}]}}], True),
        ([{"code": "09009", "rule": {"dwell": 1}}], False),
        ([{"code": "09009", "rule": {"zones": ["moon"]}}], False),
        ([{"code": "9"}], False),
        ([{"severity": "low"}], False),
    ],
)
def test_an_overlay_may_say_parts_of_entries(types, is_valid):
    validator = jsonschema.Draft202012Validator(overlay_schema())
    assert validator.is_valid({**OVERLAY, "types": types}) == is_valid


def test_every_field_of_a_rule_is_described():
    rule = issue_types_schema()["$defs"]["Rule"]["properties"]
    assert all(field.get("description") for field in rule.values())
