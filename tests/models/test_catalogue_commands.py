import pytest
import typer
from typer.testing import CliRunner

from models.catalogue_commands import register
from models.issue_catalogue import UnknownIssueTypeError, load_catalogue


def run(*arguments: str):
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": "160"})


def test_every_type_is_listed():
    result = run("list")
    assert result.exit_code == 0
    assert load_catalogue().version in result.output
    for issue in load_catalogue().types.values():
        assert issue.code in result.output
        assert issue.name_zh in result.output


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("09009", ["Illegal motor-vehicle parking", "each standing object alone", "600 s"]),
        ("09993", ["3 or more, standing still", "07:00-08:30, 16:00-18:00", "school_gate"]),
        ("10988", ["30 or more", "always", "person, score 0.3 or more", "1 h"]),
        ("09010", ["bike_parking", "2 working h", "standard"]),
    ],
)
def test_a_type_is_shown_with_its_rule(code, texts):
    result = run("show", code)
    assert result.exit_code == 0
    for text in texts:
        assert text in result.output


def test_an_unknown_code_is_named():
    result = run("show", "12345")
    assert isinstance(result.exception, UnknownIssueTypeError)
    assert "'12345'" in str(result.exception)
