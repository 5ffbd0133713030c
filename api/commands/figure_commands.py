"""``citypatrol figures``: what the figures of cases count."""

import typer

from api.figures.figure_definitions import load_definitions
from api.figures.figure_document import figure_document


def register(app: typer.Typer) -> None:
    """Add ``citypatrol figures``."""
    app.command("figures")(print_figures)


def print_figures() -> None:
    """Print what every figure of cases counts, as Markdown."""
    typer.echo(figure_document(load_definitions()), nl=False)
