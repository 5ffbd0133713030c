"""Why something is not done with a case, in the two languages of the console."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from models.catalogue.file import BothNames

WORDS = Path(__file__).with_name("why_not.yaml")


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A reason; its English is its ``str``.

    Attributes:
        key: Which, of ``why_not.yaml``.
        values: What its words are filled with.
    """

    key: str
    values: Mapping[str, object]

    @property
    def english(self) -> str:
        """The reason in English."""
        return _words()[self.key].en.format(**self.values)

    @property
    def chinese(self) -> str:
        """The reason in Chinese."""
        within = {
            name: value.chinese if isinstance(value, WhyNot) else value
            for name, value in self.values.items()
        }
        return _words()[self.key].zh.format(**within)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Read what ``document`` wrote."""
        return cls(document["key"], document["values"])

    def document(self) -> dict[str, object]:
        """Return it as JSON, from which it can be made again."""
        return {"key": self.key, "values": dict(self.values)}

    def __str__(self) -> str:
        return self.english


def why_not(key: str, **values: object) -> WhyNot:
    """Return a reason, filled with values."""
    return WhyNot(key, values)


@functools.cache
def _words() -> dict[str, BothNames]:
    content = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {key: BothNames.model_validate(words) for key, words in content.items()}
