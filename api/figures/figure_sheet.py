"""Figures as tables for spreadsheet programs."""

import csv
import io
from enum import StrEnum

import xlsxwriter

from api.figures.figure_definitions import FigureDefinitions, FigureUnit
from api.figures.figure_values import FigureLine, Figures
from models.catalogue.file import BothNames

# What a spreadsheet program would take for a formula when it opens a CSV file.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_COLUMN_WIDTH = 14
_MEANING_WIDTH = 100
_FORMATS = {
    FigureUnit.COUNT: "#,##0.##",
    FigureUnit.SHARE: "0.0%",
    FigureUnit.MINUTES: "#,##0.0",
    FigureUnit.POINTS: "0.0",
}

Cell = str | float | None


class Language(StrEnum):
    """In which headings are written."""

    ZH = "zh"
    EN = "en"

    def of(self, names: BothNames) -> str:
        """Return the name in this language."""
        return names.zh if self is Language.ZH else names.en


_KEY = BothNames(zh="编码", en="Key")
_NAME = BothNames(zh="名称", en="Name")
_MEANING = BothNames(zh="口径", en="Meaning")
_FIGURES = BothNames(zh="指标", en="Figures")
_DEFINITIONS = BothNames(zh="口径说明", en="Definitions")


def figures_as_csv(figures: Figures, definitions: FigureDefinitions, language: Language) -> bytes:
    """Return the lines as CSV, UTF-8 with the mark by which spreadsheet programs know it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in _rows(figures, definitions, language):
        writer.writerow([_safe(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def figures_as_xlsx(figures: Figures, definitions: FigureDefinitions, language: Language) -> bytes:
    """Return the lines as a workbook, with what each figure means on a second sheet."""
    file = io.BytesIO()
    # Nothing of it is a formula or a link, whatever a unit is called.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        _write_lines(book, figures, definitions, language)
        _write_meanings(book, definitions, language)
    return file.getvalue()


def _write_lines(
    book: xlsxwriter.Workbook,
    figures: Figures,
    definitions: FigureDefinitions,
    language: Language,
) -> None:
    sheet = book.add_worksheet(language.of(_FIGURES))
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {unit: book.add_format({"num_format": text}) for unit, text in _FORMATS.items()}
    units = [None, None, *(one.unit for one in definitions.shown)]
    for number, row in enumerate(_rows(figures, definitions, language)):
        for column, cell in enumerate(row):
            unit = units[column]
            style = heading if number == 0 else formats[unit] if unit else None
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, style)
            elif cell is not None:
                sheet.write_number(number, column, cell, style)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(units) - 1, _COLUMN_WIDTH)


def _write_meanings(
    book: xlsxwriter.Workbook, definitions: FigureDefinitions, language: Language
) -> None:
    sheet = book.add_worksheet(language.of(_DEFINITIONS))
    heading = book.add_format({"bold": True})
    for column, names in enumerate((_KEY, _NAME, _MEANING)):
        sheet.write_string(0, column, language.of(names), heading)
    for number, one in enumerate(definitions.shown, start=1):
        sheet.write_string(number, 0, one.key)
        sheet.write_string(number, 1, language.of(one.name))
        sheet.write_string(number, 2, language.of(one.meaning))
    sheet.set_column(0, 1, 2 * _COLUMN_WIDTH)
    sheet.set_column(2, 2, _MEANING_WIDTH)


def _rows(figures: Figures, definitions: FigureDefinitions, language: Language) -> list[list[Cell]]:
    headings: list[Cell] = [language.of(_KEY), language.of(_NAME)]
    headings += [language.of(one.name) for one in definitions.shown]
    return [headings, *(_row(line, definitions, language) for line in figures.lines)]


def _row(line: FigureLine, definitions: FigureDefinitions, language: Language) -> list[Cell]:
    values = {**line.counters, **line.indicators}
    return [line.key, language.of(line.name), *(values[one.key] for one in definitions.shown)]


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) else cell
