"""A table is data, whatever units are called."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from api.figures.figure_definitions import load_definitions
from api.figures.figure_question import FigureQuestion
from api.figures.figure_settings import FigureSettings
from api.figures.figure_sheet import Language, figures_as_csv, figures_as_xlsx
from api.figures.figure_values import FigureLine, Figures
from api.figures.indicators import indicators_of
from models.catalogue.file import BothNames

START = datetime(2026, 11, 1, tzinfo=UTC)
DEFINITIONS = load_definitions()


def called(name: str) -> Figures:
    counters = {one.key: 0.0 for one in DEFINITIONS.counters}
    line = FigureLine(
        key="/city/",
        name=BothNames(zh=name, en=name),
        counters=counters,
        indicators=indicators_of(counters, DEFINITIONS, FigureSettings()),
    )
    question = FigureQuestion(START, START + timedelta(days=1))
    return Figures(question, question.until, (line,), ())


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_name_is_taken_for_a_formula(name: str):
    content = figures_as_csv(called(name), DEFINITIONS, Language.EN).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["Name"] == f"'{name}"
    book = figures_as_xlsx(called(name), DEFINITIONS, Language.EN)
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_what_is_none_is_left_empty():
    content = figures_as_csv(called("East"), DEFINITIONS, Language.EN).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["Composite score"] == ""
    assert float(row["Reports"]) == 0
