"""What is wrong with a form, in the page's language: the field, its value, the way out."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.console.parts.translations import Texts
from streams.kit.validation import shown

# As many are read at a glance; the next come up when these are right.
MOST_SAID = 4

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "missing",
        "float_type": "number",
        "float_parsing": "number",
        "finite_number": "number",
        "int_type": "number",
        "int_parsing": "number",
        "int_from_float": "number",
        "greater_than": "greater_than",
        "greater_than_equal": "greater_than_equal",
        "less_than": "less_than",
        "less_than_equal": "less_than_equal",
        "string_type": "text",
        "string_unicode": "text",
        "string_too_short": "too_short",
        "string_too_long": "too_long",
        "string_pattern_mismatch": "pattern",
        "literal_error": "choice",
        "enum": "choice",
        "bool_type": "yes_or_no",
        "bool_parsing": "yes_or_no",
        "datetime_type": "moment",
        "datetime_parsing": "moment",
        "datetime_from_date_parsing": "moment",
        "datetime_object_invalid": "moment",
        "timezone_aware": "moment",
        "value_error": "other",
        "tuple_type": "list",
        "list_type": "list",
        "too_long": "too_many",
        "model_type": "other",
        "model_attributes_type": "other",
        "extra_forbidden": "surplus",
    }
)
"""Which sentence of ``refusal`` in the translations says each of pydantic's kinds of error."""


def refusal_text(error: ValidationError, label: Callable[[str], str], texts: Texts) -> str:
    """Say what a form's fields lack.

    Args:
        error: What the form's document found.
        label: Says what the page calls a field.
        texts: The page's language.
    """
    found = error.errors(include_url=False)[:MOST_SAID]
    return " ".join(_sentence(one, label, texts) for one in found)


def _sentence(problem: ErrorDetails, label: Callable[[str], str], texts: Texts) -> str:
    place, given = problem["loc"], problem["input"]
    name = str(place[0]) if place else ""
    sentence = SENTENCES.get(problem["type"], "other")
    if given is None or given == "":
        # An empty field, whatever should stand in it.
        sentence = "missing"
    values = {
        "field": label(name),
        "value": shown(given),
        "hint": texts.word("refusal.hint", str(place[-1]) if place else ""),
        **problem.get("ctx", {}),
    }
    return texts.text(f"refusal.{sentence}", **values)
