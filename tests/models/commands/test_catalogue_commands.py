import json

import pytest
import typer
from typer.testing import CliRunner

from models.catalogue.content import BUILT_IN_CATALOGUE
from models.catalogue.issue_catalogue import UnknownIssueTypeError, load_catalogue
from models.catalogue.rule_wording import rule_lines
from models.commands.catalogue_commands import register
from models.rules.rule import Rule
from tests.models.catalogue_files import written_overlay


def run(*arguments: str):
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": "200"})


def test_every_type_is_listed():
    result = run("list")
    assert result.exit_code == 0
    assert load_catalogue().version in result.output
    for issue in load_catalogue().types.values():
        assert issue.code in result.output


def test_a_list_can_be_of_one_class_and_of_what_is_watched():
    emergencies = json.loads(run("list", "--major", "10", "--json").output)["types"]
    assert {one["code"][:2] for one in emergencies} == {"10"}
    assert {one["watched"] for one in emergencies} == {True, False}
    watched = json.loads(run("list", "--major", "10", "--watched", "--json").output)["types"]
    assert {one["watched"] for one in watched} == {True}
    assert len(watched) < len(emergencies)
    assert run("list", "--major", "10").output.count("\n") == len(emergencies) + 2


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        (
            "09009",
            ["Illegal motor-vehicle parking", "each object alone", "Traffic police 公安交管"],
        ),
        ("10988", ["no: off until the city switches it on", "a proposal of ours"]),
        ("10998", ["no: it needs", "never watched by a camera"]),
        ("09010", ["GB/T 30428.2", "working h", "as transcribed by third parties"]),
        ("99001", ["a camera that is dark"]),
    ],
)
def test_a_type_is_shown_in_plain_words(code, texts):
    result = run("show", code)
    assert result.exit_code == 0
    for text in texts:
        assert text in result.output


def test_every_rule_can_be_said_in_words():
    for issue in load_catalogue().types.values():
        said = dict(rule_lines(issue.rule))
        assert said["watches for"] or issue.rule.needs, issue.code


def test_motion_is_said_in_words():
    rule = Rule(
        classes=("car",),
        crossing={"lines": ("solid_line", "stop_line"), "direction": "left_to_right"},
        minimum_speed_kmh=30,
    )
    said = dict(rule_lines(rule))
    assert "passes over a solid line or stop line, from left to right" in said["crossing"]
    assert "at least 30 km/h" in said["speed"]
    assert "zones" not in said
    assert "lasting" not in said


def test_an_unknown_code_is_named():
    result = run("show", "12345")
    assert isinstance(result.exception, UnknownIssueTypeError)
    assert "'12345'" in str(result.exception)


def test_a_fine_overlay_says_what_it_changes(tmp_path):
    path = written_overlay(
        tmp_path,
        'switched_off: ["06010"]\n'
        'types: [{code: "09009", time_limit_hours: 1, rule: {zones: [road]}}]\n',
    )
    result = run("check", str(path))
    assert result.exit_code == 0
    assert f"{path}: fine, overlay for catalogue 2026.3+city-1" in result.output
    assert "time_limit_hours 2 → 1" in result.output
    assert "rule.zones [" in result.output
    assert "] → [road]" in result.output
    assert "06010 Exposed garbage: switched off" in result.output


def test_every_error_of_every_file_is_told(tmp_path):
    wrong = written_overlay(tmp_path, 'types: [{code: "09009", a: 1, b: 2}]\n')
    other = tmp_path / "other.yaml"
    other.write_text("classes: []\n")
    result = run("check", str(wrong), str(other), str(tmp_path / "none.yaml"))
    assert result.exit_code == 1
    for text in ("(09009): a: there is no", "(09009): b: there is", "is neither an", "cannot be"):
        assert text in result.output


def test_a_file_of_ours_can_be_checked():
    result = run("check", str(BUILT_IN_CATALOGUE / "types" / "10_emergencies.yaml"))
    assert (result.exit_code, "issue types" in result.output) == (0, True)


def test_coverage_is_told_for_the_shipped_model(tmp_path):
    result = run("coverage", "--registry", str(tmp_path), "--json")
    coverage = json.loads(result.output)
    assert coverage["models"] == ["street@2026.11"]
    assert sum(coverage["totals"].values()) == len(load_catalogue().types)
    statuses = {one["code"]: one["status"] for one in coverage["types"]}
    assert statuses["09009"] == "recognisable"
    assert statuses["10988"] == "switched_off"
    assert statuses["10998"] == "needs_knowledge"
    table = run("coverage", "--registry", str(tmp_path)).output
    assert "in part" in table
    assert "Worth labelling next" in table


def test_coverage_of_a_model_that_is_not_there_says_so(tmp_path):
    result = run("coverage", "--registry", str(tmp_path), "--model", "street@1999")
    assert "not counted, as this registry does not hold their cards: street@1999" in result.output


@pytest.mark.parametrize(("option", "title"), [((), "issue types"), (("--overlay",), "overlay")])
def test_the_schemas_are_printed(option, title):
    assert json.loads(run("schema", *option).output)["title"] == f"CityPatrol {title}"
