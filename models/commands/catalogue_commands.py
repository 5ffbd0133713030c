"""Commands for the issue catalogue: list, show, check, coverage, schema."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from models.catalogue.check import check_file
from models.catalogue.content import read_content
from models.catalogue.error import CatalogueError
from models.catalogue.issue_catalogue import IssueCatalogue, load_catalogue
from models.catalogue.issue_type import IssueType
from models.catalogue.issue_wording import issue_lines, limit_words, watched_words
from models.catalogue.rule_wording import rule_lines
from models.catalogue.settings import CatalogueSettings
from models.coverage.coverage import coverage_of
from models.coverage.coverage_table import print_coverage
from models.coverage.second_models import without_second_model
from models.coverage.working_models import chosen_models
from models.model_version import parse_model_version
from models.registry.registry_access import open_registry
from models.registry.settings import RegistrySettings
from streams.kit.settings_options import settings_options

SCHEMAS = Path(__file__).parents[1] / "catalogue" / "schema"

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add ``citypatrol catalogue``."""
    catalogue = typer.Typer(help="What cameras can be asked to watch for.", no_args_is_help=True)
    catalogue.command("list")(list_types)
    catalogue.command("show")(show_type)
    catalogue.command("check")(check_files)
    catalogue.command("coverage")(show_coverage)
    catalogue.command("schema")(print_schema)
    app.add_typer(catalogue, name="catalogue")


@settings_options(CatalogueSettings)
def list_types(
    settings: CatalogueSettings,
    major: Annotated[
        str | None, typer.Option(help="Only codes that begin like this, such as 06.")
    ] = None,
    *,
    watched: Annotated[bool, typer.Option("--watched", help="Only what is watched for.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the issue types by code."""
    catalogue = load_catalogue(settings)
    listed = [
        issue
        for issue in catalogue.types.values()
        if issue.code.startswith(major or "") and (not watched or catalogue.watched(issue.code))
    ]
    if as_json:
        types = [_as_json(catalogue, issue) for issue in listed]
        document = {"catalogue_version": catalogue.version, "types": types}
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    table = Table(
        *("code", "name", "名称", "severity", "limit", "department", "source"),
        Column("watched", no_wrap=True),
        title=f"Issue catalogue {catalogue.version}: {len(listed)} types",
        title_justify="left",
        box=None,
    )
    for issue in listed:
        table.add_row(
            issue.code,
            issue.name_en,
            issue.name_zh,
            issue.severity,
            limit_words(issue),
            catalogue.department(issue).en,
            issue.source,
            watched_words(catalogue, issue),
        )
    Console().print(table)


@settings_options(CatalogueSettings)
def show_type(
    settings: CatalogueSettings,
    code: Annotated[str, typer.Argument(help="Five-digit code, like 09009.")],
) -> None:
    """Show one issue type with its rule, in plain words."""
    catalogue = load_catalogue(settings)
    issue = catalogue.issue_type(code)
    table = Table(show_header=False, box=None)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in issue_lines(catalogue, issue):
        table.add_row(label, text)
    table.add_section()
    for label, text in rule_lines(issue.rule):
        table.add_row(label, text)
    Console().print(table, markup=False)


def check_files(
    files: Annotated[
        list[Path], typer.Argument(help="Overlays, laid over in this order, or types files.")
    ],
) -> None:
    """Check files before they are put to use: every error, or what they change."""
    content = read_content()
    wrong = False
    for path in files:
        try:
            checked = check_file(content, path)
        except CatalogueError as error:
            wrong = True
            for problem in error.problems:
                typer.secho(str(problem), fg=typer.colors.RED, err=True)
            continue
        content = checked.content
        typer.echo(f"{path}: fine, {checked.summary}")
        for line in checked.changes:
            typer.echo(f"  {line}")
    if wrong:
        raise typer.Exit(1)


@settings_options(CatalogueSettings, RegistrySettings)
def show_coverage(
    settings: CatalogueSettings,
    registry: RegistrySettings,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME@VERSION",
            help="Count these models, may be given several times; without it the one that comes "
            "with CityPatrol. What the workers of an API run, its page Coverage says.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say of every issue type whether the models recognise it, and what the others lack."""
    catalogue = load_catalogue(settings)
    opened = open_registry(registry)
    working = chosen_models(opened, map(parse_model_version, model or ()))
    coverage = coverage_of(catalogue, working, without_second_model(catalogue, opened))
    if as_json:
        typer.echo(coverage.model_dump_json())
        return
    print_coverage(coverage, Console())


def print_schema(
    *,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Of overlays instead of issue types.")
    ] = False,
) -> None:
    """Print the JSON Schema of the files, which editors check and complete with."""
    name = "overlay" if overlay else "issue_types"
    typer.echo((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"), nl=False)


def _as_json(catalogue: IssueCatalogue, issue: IssueType) -> dict[str, object]:
    return {
        **issue.model_dump(mode="json", exclude_defaults=True),
        "major_class": catalogue.major_class(issue).model_dump(),
        "watched": catalogue.watched(issue.code),
    }
