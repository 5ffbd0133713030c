"""The definitions fit together, and docs/figures.md is made of them."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from api.figures.figure_definitions import DEFINITIONS, FigureDefinitions, load_definitions
from api.figures.figure_document import figure_document

PAGE = Path(__file__).parents[3] / "docs" / "figures.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == figure_document(load_definitions()), (
        "write it anew: citypatrol figures > docs/figures.md"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_heading_is_another(language: str):
    names = [getattr(one.name, language) for one in load_definitions().shown]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def changed(**parts: Any) -> dict[str, Any]:
    return {**yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8")), **parts}


def test_what_does_not_fit_together_is_refused():
    whole = changed()
    odd = {**whole["indicators"][0], "over": "unheard_of"}
    for document, said in (
        (changed(counters=[*whole["counters"], whole["counters"][0]]), "report comes twice"),
        (changed(indicators=[odd]), "is made of unheard_of, which is no counter"),
        (changed(sources={}), "the source collector has no name"),
    ):
        with pytest.raises(ValidationError, match=said):
            FigureDefinitions.model_validate(document)
