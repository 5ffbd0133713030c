import re
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from models.catalogue.content import CatalogueContent, read_content
from models.catalogue.error import CatalogueError
from models.catalogue.issue_catalogue import Unwatched, catalogue_of, load_catalogue
from models.catalogue.overlay import lay_over, merged
from models.catalogue.rule_wording import rule_lines
from models.catalogue.settings import CatalogueSettings
from tests.models.catalogue_files import ENTRY, FURTHER, written_catalogue, written_overlay

OFF = ENTRY.replace("09009", "09010").replace("illegal_parking", "watching_people")
SOUND = ENTRY.replace("09009", "09011").replace("illegal_parking", "noise")


@pytest.fixture
def content(tmp_path: Path) -> CatalogueContent:
    off = OFF.replace("    rule:", "    default: off\n    rule:")
    sound = SOUND.replace("    rule:", "    rule:\n      needs: [sound]")
    return read_content(written_catalogue(tmp_path, ENTRY + off + sound))


def test_a_patch_changes_the_fields_it_names_and_no_others(content, tmp_path):
    path = written_overlay(
        tmp_path,
        'types:\n  - {code: "09009", time_limit_hours: 1, rule: {zones: [fire_lane, sidewalk]}}\n',
    )
    laid = lay_over(content, path)
    before, after = (one.entries["09009"].issue for one in (content, laid))
    assert after.time_limit_hours == 1
    assert after.rule.zones == ("fire_lane", "sidewalk")
    assert after.model_copy(update={"time_limit_hours": 2, "rule": before.rule}) == before
    assert after.rule.model_copy(update={"zones": before.rule.zones}) == before.rule
    assert laid.version == "7+city-1"


def test_null_takes_a_field_back_to_its_default(content, tmp_path):
    path = written_overlay(
        tmp_path, 'types: [{code: "09009", rule: {dwell_seconds: null, zones: null}}]\n'
    )
    rule = lay_over(content, path).entries["09009"].issue.rule
    assert (rule.dwell_seconds, rule.zones) == (0, ())


SECOND_MODEL = """types:
  - code: "09009"
    rule: {confirmation: {by: second_model, model: cars@2, classes: [car], minimum_score: 0.6}}
"""


def test_a_city_may_let_a_second_model_confirm(content, tmp_path):
    issue = lay_over(content, written_overlay(tmp_path, SECOND_MODEL)).entries["09009"].issue
    assert issue.rule.second_model is not None
    said = dict(rule_lines(issue.rule))["confirmed by"]
    assert said.endswith("cars@2 must find car with score 0.6 or more")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("classes: [car]", "classes: [cat]", "visual class 'cat' is not known; did you mean 'car'"),
        ("model: cars@2", "model: Cars", "rule.confirmation.model"),
        ("model: cars@2, ", "", "second_model without model"),
        ("0.6", "60", "rule.confirmation.minimum_score"),
        ("by: second_model", "by: second_modle", "did you mean 'second_model'"),
    ],
)
def test_a_wrong_second_model_is_named(content, tmp_path, right, wrong, said):
    with pytest.raises(CatalogueError, match=re.escape(said)) as caught:
        lay_over(content, written_overlay(tmp_path, SECOND_MODEL.replace(right, wrong)))
    assert "09009" in str(caught.value)


def test_a_further_type_may_bring_its_department_and_classes(content, tmp_path):
    fields = (
        "departments:\n  night_market: {zh: 夜市办, en: Night market}\n"
        "visual_classes:\n  - {name: lantern, zh: 孔明灯, en: a sky lantern}\n"
        "major_class: {zh: 本市, en: The city's own}\n"
        "types:\n" + FURTHER.replace("police", "night_market").replace("[car]", "[lantern]")
    )
    catalogue = catalogue_of(lay_over(content, written_overlay(tmp_path, fields)), "CN")
    issue = catalogue.issue_type("09800")
    assert catalogue.department(issue).en == "Night market"
    assert catalogue.major_class(issue).en == "The city's own"
    assert list(catalogue.types) == ["09009", "09010", "09011", "09800"]
    assert catalogue.watched("09800")


def test_a_further_type_without_a_major_class_joins_ours(content, tmp_path):
    laid = lay_over(content, written_overlay(tmp_path, f"types:\n{FURTHER}"))
    assert laid.entries["09800"].major_class.en == "Street order"


def test_types_are_switched_on_and_off_and_a_later_overlay_wins(content, tmp_path):
    first = written_overlay(
        tmp_path, 'switched_on: ["09010"]\nswitched_off: ["09009"]\n', version="a"
    )
    catalogue = catalogue_of(lay_over(content, first), "CN")
    assert catalogue.watched("09010")
    assert catalogue.unwatched("09009") is Unwatched.SWITCHED_OFF
    second = written_overlay(tmp_path, 'switched_on: ["09009"]\n', version="b")
    catalogue = catalogue_of(lay_over(lay_over(content, first), second), "CN")
    assert catalogue.watched("09009")
    assert catalogue.version == "7+a+b"
    assert [overlay.overlay_version for overlay in catalogue.overlays] == ["a", "b"]


def test_holidays_are_added_and_taken_away(content, tmp_path):
    path = written_overlay(tmp_path, "public_holidays: [2026-03-03]\nworking_days: [2026-10-01]\n")
    holidays = catalogue_of(lay_over(content, path), "CN").public_holidays
    assert date(2026, 3, 3) in holidays
    assert date(2026, 10, 1) not in holidays
    assert date(2026, 10, 2) in holidays


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ('types: [{code: "09009", time_limit: 1}]', r"entry 1 \(09009\): time_limit: there is no"),
        ('types: [{code: "09009", rule: {dwell: 1}}]', r"\(09009\): rule\.dwell: there is no"),
        ('types: [{code: "09009", rule: {zones: [moon]}}]', r"rule\.zones\.0: .*got 'moon'"),
        ('types: [{code: "09009", rule: {minimum_count: 3}}]', "minimum_count 3 with same_object"),
        ('types: [{code: "09009", rule: {classes: [ufo]}}]', "class 'ufo' is not known; describe"),
        ('types: [{code: "09009", department: no}]', "department: 'no' is not known"),
        (
            'types: [{code: "09999", severity: low}]',
            r"'09999' is not in catalogue 7.*slug.* missing",
        ),
        (f"types:\n{FURTHER.replace('09800', '77800')}", "no major class 77; name it"),
        (f"types:\n{FURTHER.replace('further', 'noise')}", "slug: 'noise' is already that of one"),
        ('types: [{code: "09009"}, {code: "09009"}]', r"entry 2 \(09009\): code: stands twice"),
        ("types: [{severity: low}]", r"entry 1 \(without code\): code: needs five digits"),
        ('switched_on: ["12345"]', "switched_on entry 1: '12345' is no code"),
        ('switched_on: ["09010"]\nswitched_off: ["09010"]', "'09010' is switched off as well"),
        ('switched_on: ["09011"]', "'09011' cannot be watched: it needs sound"),
        ("working_days: [2026-10-01]\npublic_holidays: [2026-10-01]", "2026-10-01 is among work"),
        ("working_days: [2026-13-01]", "month must be in 1..12"),
        ("switched: [1]", "switched: there is no such field"),
    ],
)
def test_what_is_wrong_in_an_overlay_is_named(content, tmp_path, fields, message):
    path = written_overlay(tmp_path, fields)
    with pytest.raises(CatalogueError, match=message) as refusal:
        lay_over(content, path)
    assert {problem.file for problem in refusal.value.problems} == {path}


def test_everything_wrong_in_an_overlay_is_named_at_once(content, tmp_path):
    path = written_overlay(
        tmp_path,
        'types: [{code: "09009", a: 1, b: 2}, {code: "09010", department: x}]\n'
        'switched_off: ["00000"]\n',
    )
    with pytest.raises(CatalogueError) as refusal:
        lay_over(content, path)
    assert len(refusal.value.problems) == 4


@pytest.mark.parametrize(("version", "warned"), [('"7"', 0), ('"6"', 1)])
def test_an_overlay_for_another_catalogue_is_a_warning(content, tmp_path, version, warned):
    path = written_overlay(tmp_path, f"for_catalogue: {version}\n")
    with capture_logs() as logs:
        lay_over(content, path)
    assert [log["event"] for log in logs] == ["overlay_for_other_catalogue"] * warned


def test_versions_that_no_event_has_room_for_are_refused(content, tmp_path):
    laid = content
    for number in range(6):
        laid = lay_over(laid, written_overlay(tmp_path, "", version=f"{number}{'a' * 29}"))
    one_more = written_overlay(tmp_path, "", version="a" * 31)
    with pytest.raises(CatalogueError, match="more than 200 characters"):
        lay_over(laid, one_more)


def test_the_settings_lay_overlays_over_the_catalogue(tmp_path):
    path = written_overlay(tmp_path, 'switched_off: ["09009"]\n')
    catalogue = load_catalogue(CatalogueSettings(overlays=str(path)))
    assert catalogue.version == "2026.3+city-1"
    assert not catalogue.watched("09009")
    assert load_catalogue().watched("09009")


def test_merging_does_not_change_what_it_merges():
    base = {"a": {"b": 1}, "c": [1]}
    assert merged(base, {"a": {"d": {"e": None}}, "c": [2]}) == {"a": {"b": 1, "d": {}}, "c": [2]}
    assert base == {"a": {"b": 1}, "c": [1]}
