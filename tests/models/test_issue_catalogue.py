import dataclasses
from pathlib import Path

import pytest
import yaml

from models.issue_catalogue import (
    BUILT_IN_CATALOGUE,
    CatalogueError,
    UnknownIssueTypeError,
    load_catalogue,
)
from models.issue_type import Severity
from streams.errors import CityPatrolError
from streams.zone import ZoneKind

STREET_MODEL_CLASSES = {
    *("person", "bicycle", "car", "motorcycle", "bus", "truck", "boat", "dog", "horse", "sheep"),
    *("cow", "backpack", "umbrella", "handbag", "suitcase", "chair", "dining_table"),
    *("garbage_pile", "overflowing_bin", "flame", "smoke", "pothole", "road_crack"),
}

ENTRY = """
  - code: "09009"
    slug: illegal_parking
    name_zh: 机动车乱停放
    name_en: Illegal motor-vehicle parking
    department_zh: 公安交管
    department_en: Traffic police
    severity: medium
    time_limit_hours: 2
    time_limit_clock: work
    source: standard
    rule:
      classes: [car]
      zones: [no_parking]
      same_object: true
      dwell_seconds: 600
"""


def write_catalogue(folder: Path, types: str = ENTRY, version: str = '"1"') -> Path:
    path = folder / "issue_types.yaml"
    path.write_text(f"catalogue_version: {version}\ntypes:\n{types}", encoding="utf-8")
    return path


def test_built_in_catalogue_holds_the_types_that_the_street_model_serves():
    catalogue = load_catalogue()
    assert catalogue.version == "2026.2"
    assert len(catalogue.types) == 34
    assert {name for issue in catalogue.types.values() for name in issue.rule.classes} <= (
        STREET_MODEL_CLASSES
    )
    assert list(catalogue.types) == sorted(catalogue.types)


def test_a_type_is_found_by_its_code():
    issue = load_catalogue().issue_type("09009")
    assert issue.slug == "illegal_parking"
    assert issue.severity is Severity.MEDIUM
    assert issue.rule.same_object
    assert ZoneKind.NO_PARKING in issue.rule.zones


def test_own_proposals_stay_visible():
    sources = {issue.source for issue in load_catalogue().types.values()}
    assert sources == {"standard", "catalogue", "own"}


def test_hours_over_midnight_are_read():
    window = load_catalogue().issue_type("08990").rule.hours[0]
    assert (window.start.hour, window.end.hour) == (19, 6)


def test_unknown_code_is_named_with_the_way_out():
    with pytest.raises(UnknownIssueTypeError, match=r"'99999'.*2026\.2.*catalogue list"):
        load_catalogue().issue_type("99999")


def test_a_catalogue_is_read_once():
    assert load_catalogue() is load_catalogue()
    assert load_catalogue(BUILT_IN_CATALOGUE).types == load_catalogue().types


def test_a_catalogue_does_not_change():
    catalogue = load_catalogue()
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.version = "2"
    with pytest.raises(TypeError):
        catalogue.types["09009"] = None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"09009"', "06034", r"entry 1 \(3100\): code: .*got 3100.*quotes"),
        ('code: "09009"', 'code: "9"', r"entry 1 \(9\): code: .*got '9'"),
        ("[no_parking]", "[no_parkin]", r"\(09009\): rule\.zones\.0: .*got 'no_parkin'"),
        ("severity: medium", "severity: bad", r"severity: .*got 'bad'"),
        ("dwell_seconds: 600", "dwell_seconds: -1", r"rule\.dwell_seconds: .*got -1"),
        ("dwell_seconds: 600", "dwell: 600", r"rule\.dwell: .*got 600"),
        ("same_object: true", "same_object: true\n      minimum_count: 3", "minimum_count 3 with"),
        ("classes: [car]", "classes: []", r"rule\.classes"),
        ("dwell_seconds: 600", 'hours: [{start: "7", end: x}]', r"rule\.hours\.0\.end"),
        ("    source: standard\n", "", r"source: Field required"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new, message):
    assert old in ENTRY
    path = write_catalogue(tmp_path, ENTRY.replace(old, new))
    with pytest.raises(CatalogueError, match=message) as refusal:
        load_catalogue(path)
    assert str(path) in str(refusal.value)


def test_every_wrong_entry_is_named_at_once(tmp_path):
    second = ENTRY.replace('"09009"', '"09010"').replace("severity: medium", "severity: odd")
    path = write_catalogue(tmp_path, ENTRY.replace("source: standard", "source: x") + second)
    with pytest.raises(CatalogueError, match=r"entry 1 \(09009\): source.*entry 2 \(09010\): sev"):
        load_catalogue(path)


@pytest.mark.parametrize(
    ("replacements", "message"),
    [
        ({}, r"entry 2: code '09009' is already that of entry 1"),
        ({'"09009"': '"09010"'}, r"entry 2: slug 'illegal_parking' is already that of entry 1"),
    ],
)
def test_repeated_codes_and_slugs_are_refused(tmp_path, replacements, message):
    second = ENTRY
    for old, new in replacements.items():
        second = second.replace(old, new)
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(write_catalogue(tmp_path, ENTRY + second))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- 1\n- 2\n", "holds list"),
        ("types: [\n", "no YAML"),
        ("types: []\n", "catalogue_version is None"),
        ("catalogue_version: 2026.1\ntypes: []\n", r"catalogue_version is 2026\.1, needs text"),
        ('catalogue_version: "1"\ntypes: []\n', r"types is \[\]"),
        ('catalogue_version: "1"\ntypes: [7]\n', r"entry 1 \(7\)"),
        ('catalogue_version: "1"\ntypes: [7]\nextra: 1\n', r"\['extra'\] not known"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, content, message):
    path = tmp_path / "catalogue.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CityPatrolError, match=r"nowhere\.yaml: catalogue cannot be read"):
        load_catalogue(tmp_path / "nowhere.yaml")


def test_the_file_says_where_its_facts_come_from():
    head = BUILT_IN_CATALOGUE.read_text(encoding="utf-8").split("catalogue_version")[0]
    assert "GB/T 47678.5" in head
    assert "own proposals" in head
    assert yaml.safe_load(head) is None
