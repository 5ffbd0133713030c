import csv
import dataclasses
from datetime import date

import pytest
from pydantic import ValidationError

from models.catalogue.content import BUILT_IN_CATALOGUE, read_content
from models.catalogue.error import CatalogueError
from models.catalogue.issue_catalogue import UnknownIssueTypeError, Unwatched, load_catalogue
from models.catalogue.issue_type import Severity
from models.catalogue.settings import CatalogueSettings
from models.visual_class import visual_class_name
from models.words import IssueKind
from streams.zone import ZoneKind
from tests.models.catalogue_files import ENTRY, written_catalogue

TYPES_OF_THE_FIRST_CATALOGUE = 34


def test_the_catalogue_holds_hundreds_of_types_sorted_by_code():
    catalogue = load_catalogue()
    assert catalogue.version == "2026.3"
    assert len(catalogue.types) >= 271
    assert list(catalogue.types) == sorted(catalogue.types)
    assert len({issue.slug for issue in catalogue.types.values()}) == len(catalogue.types)


def test_a_type_is_found_by_its_code():
    catalogue = load_catalogue()
    issue = catalogue.issue_type("09009")
    assert issue.slug == "illegal_parking"
    assert issue.severity is Severity.MEDIUM
    assert issue.rule.same_object
    assert ZoneKind.NO_PARKING in issue.rule.zones
    assert catalogue.department(issue).en == "Traffic police"
    assert catalogue.major_class(issue).zh == "街面秩序"


def test_unknown_code_is_named_with_the_way_out():
    with pytest.raises(UnknownIssueTypeError, match=r"'12345'.*2026\.3.*catalogue list"):
        load_catalogue().issue_type("12345")


def test_a_type_about_a_component_has_the_components_code():
    about_components = {
        code for code, issue in load_catalogue().types.items() if issue.kind is IssueKind.COMPONENT
    }
    assert len(about_components) > 50
    assert about_components <= set(components())


def test_components_are_in_both_languages():
    assert len(components()) == 153
    assert components()["01037"]["name_en"] == "Street light"
    assert all(one["name_en"] and one["name_zh"] for one in components().values())


def components() -> dict[str, dict[str, str]]:
    """The kinds of registered things by code, as the file beside the catalogue lists them."""
    with (BUILT_IN_CATALOGUE / "components.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def test_every_visual_class_is_described_once_and_most_are_asked_for():
    catalogue = load_catalogue()
    named = {name for one in catalogue.types.values() for name in one.rule.seen_classes}
    assert named <= set(catalogue.visual_classes)
    assert len(catalogue.visual_classes) >= 250
    for one in catalogue.visual_classes.values():
        assert one.coco is None or visual_class_name(one.coco) == one.name


def test_what_looks_at_people_or_needs_more_than_a_picture_is_not_watched():
    catalogue = load_catalogue()
    reasons = {code: catalogue.unwatched(code) for code in catalogue.types}
    assert reasons["09009"] is None
    assert reasons["10988"] is Unwatched.OFF_BY_DEFAULT
    assert reasons["10998"] is Unwatched.NEEDS_KNOWLEDGE
    assert catalogue.watched("09009")
    assert not catalogue.watched("10988")


def test_own_proposals_stay_visible():
    types = load_catalogue().types.values()
    assert {issue.source for issue in types} == {"standard", "catalogue", "own"}
    assert "proposal" in {issue.time_limit_source for issue in types}


def test_a_catalogue_is_read_once_and_does_not_change():
    catalogue = load_catalogue()
    assert load_catalogue() is catalogue
    with pytest.raises(dataclasses.FrozenInstanceError):
        catalogue.version = "2"
    with pytest.raises(TypeError):
        catalogue.types["09009"] = None


def test_public_holidays_are_those_of_the_country():
    assert date(2026, 10, 1) in load_catalogue().public_holidays
    germany = load_catalogue(CatalogueSettings(holidays_country="DE"))
    assert date(2026, 10, 3) in germany.public_holidays
    assert date(2026, 10, 1) not in germany.public_holidays


def test_settings_take_overlays_with_commas_and_refuse_an_unknown_country(monkeypatch):
    monkeypatch.setenv("CITYPATROL_CATALOGUE_OVERLAYS", "a.yaml, b.yaml")
    assert [path.name for path in CatalogueSettings().overlays] == ["a.yaml", "b.yaml"]
    with pytest.raises(ValidationError, match=r"country 'ZZ'.*like CN"):
        CatalogueSettings(holidays_country="ZZ")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code: "09009"', "code: 90099", r"entry 1 \(90099\): code: .*got 90099; put it in quotes"),
        ('code: "09009"', 'code: "9"', r"entry 1 \(9\): code: .*got '9'"),
        ("[no_parking]", "[no_parkin]", r"\(09009\): rule\.zones\.0: .*'no_parkin'; did you mean"),
        ("severity: medium", "severity: bad", r"severity: needs one of low, .*got 'bad'"),
        ("dwell_seconds: 600", "dwell_seconds: -1", r"rule\.dwell_seconds: .*got -1"),
        ("dwell_seconds: 600", "dwell: 600", r"rule\.dwell: there is no such field, got 600"),
        ("same_object: true", "same_object: true\n      minimum_count: 3", "minimum_count 3 with"),
        ("classes: [car]", "classes: []", r"\(09009\): rule: classes is empty"),
        ("classes: [car]", "classes: [cars]", r"rule: visual class 'cars' .*did you mean 'car'"),
        ("dwell_seconds: 600", 'when: {hours: ["7-x"]}', r"rule\.when\.hours\.0: .*'7-x'"),
        ("    source: standard\n", "", r"source: Field required"),
        ("department: police", "department: polic", r"department: 'polic' .*mean 'police'"),
        ("slug: illegal", 'parent_code: "55555"\n    slug: illegal', "parent_code: '55555'"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path, old, new, message):
    assert old in ENTRY
    folder = written_catalogue(tmp_path, ENTRY.replace(old, new))
    with pytest.raises(CatalogueError, match=message) as refusal:
        read_content(folder)
    assert str(folder / "types" / "one.yaml") in str(refusal.value)


def test_everything_wrong_is_named_at_once(tmp_path):
    second = ENTRY.replace('"09009"', '"09010"').replace("severity: medium", "severity: odd")
    folder = written_catalogue(tmp_path, ENTRY.replace("source: standard", "source: x") + second)
    (folder / "visual_classes.yaml").write_text("classes: [{name: Car, zh: 车, en: a car}]\n")
    with pytest.raises(CatalogueError) as refusal:
        read_content(folder)
    told = [str(problem) for problem in refusal.value.problems]
    assert len(told) == 3
    assert "visual_classes.yaml: classes entry 1 (Car): name: " in told[0]
    assert "one.yaml: types entry 1 (09009): source: " in told[1]
    assert "one.yaml: types entry 2 (09010): severity: " in told[2]


@pytest.mark.parametrize(
    ("replacements", "message"),
    [
        ({}, r"entry 2 \(09009\): code: '09009' is already that of one\.yaml types entry 1"),
        ({'"09009"': '"09010"'}, r"entry 2 \(09010\): slug: 'illegal_parking' is already that"),
    ],
)
def test_repeated_codes_and_slugs_are_refused(tmp_path, replacements, message):
    second = ENTRY
    for old, new in replacements.items():
        second = second.replace(old, new)
    with pytest.raises(CatalogueError, match=message):
        read_content(written_catalogue(tmp_path, ENTRY + second))


def test_a_class_that_is_described_twice_is_named(tmp_path):
    folder = written_catalogue(tmp_path)
    one = "  - {name: car, zh: 车, en: a car}\n"
    (folder / "visual_classes.yaml").write_text(f"classes:\n{one}{one}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"entry 2 \(car\): this class is described before"):
        read_content(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- 1\n", "holds list"),
        ("types: [\n", "line 2, column 1"),
        ("types: []\n", "major_class: Field required.*types: .*at least 1"),
        ("major_class: {zh: a, en: b}\ntypes: [7]\n", r"types entry 1 \(7\)"),
        ("types: []\ntypes: []\n", "line 2, column 1: field 'types' stands twice"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, content, message):
    folder = written_catalogue(tmp_path)
    (folder / "types" / "one.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        read_content(folder)


def test_a_folder_without_types_is_refused(tmp_path):
    with pytest.raises(CatalogueError, match=r"catalogue\.yaml: cannot be read.*holds no file"):
        read_content(tmp_path)


def test_the_built_in_files_are_read_from_the_package():
    assert read_content(BUILT_IN_CATALOGUE).entries.keys() == load_catalogue().types.keys()
