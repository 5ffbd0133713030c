"""Enumerations in rows: columns hold their values."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

EnumColumns = Mapping[str, Callable[[Any], Enum]]
"""Which columns hold enumerations, and which."""


def with_enums(row: Mapping[str, Any], columns: EnumColumns) -> dict[str, Any]:
    """Return a row with enumerations in place of their values; None stays."""
    found = {name: kind(row[name]) for name, kind in columns.items() if row[name] is not None}
    return {**row, **found}


def without_enums(values: Mapping[str, Any], columns: EnumColumns) -> dict[str, Any]:
    """Return values as ``with_enums`` reads them."""
    plain = {name: values[name].value for name in columns if values[name] is not None}
    return {**values, **plain}
