"""The console's words in its two languages."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Self

import yaml

from streams.kit.errors import CityPatrolError

TRANSLATIONS = Path(__file__).with_name("translations.yaml")


class TranslationError(CityPatrolError):
    """A word that the translations file does not hold."""


class Language(StrEnum):
    """A language of the console."""

    CHINESE = "zh"
    ENGLISH = "en"

    @classmethod
    def of(cls, code: str | None) -> Self:
        """Return the language with this code; for any other text, Chinese."""
        return cls(code) if code in set(cls) else cls(cls.CHINESE)

    @property
    def html_code(self) -> str:
        """What an HTML page calls it; chooses the form of Chinese characters."""
        return "zh-CN" if self is Language.CHINESE else "en"


@functools.cache
def load_translations() -> MappingProxyType[Language, MappingProxyType[str, str]]:
    """Read the translations file, once per process."""
    content = yaml.safe_load(TRANSLATIONS.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            language: MappingProxyType({str(key): str(text) for key, text in words.items()})
            for language, words in ((language, content[language]) for language in Language)
        }
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """The words in one language.

    Attributes:
        language: Which one.

    Example:
        >>> Texts(Language.ENGLISH).text("status.open")
        'Open'
    """

    language: Language

    def text(self, key: str, **values: object) -> str:
        """Return the words for ``key`` with ``values`` filled in.

        Raises:
            TranslationError: There is no such key.
        """
        words = load_translations()[self.language]
        try:
            return words[key].format(**values)
        except KeyError as missing:
            raise TranslationError(
                f"translation {key!r} ({self.language}): {missing} is missing; "
                f"add it to {TRANSLATIONS.name}"
            ) from None

    def word(self, group: str, word: str) -> str:
        """Return the translation of ``group.word``, or the word itself if there is none."""
        return load_translations()[self.language].get(f"{group}.{word}", word)

    def group(self, group: str) -> dict[str, str]:
        """Return all words of a group by their keys without it, unfilled; for the browser."""
        prefix = f"{group}."
        return {
            key.removeprefix(prefix): text
            for key, text in load_translations()[self.language].items()
            if key.startswith(prefix)
        }

    def choose(self, chinese: str, english: str) -> str:
        """Return the one in this language of two texts that data brings along."""
        return chinese if self.language is Language.CHINESE else english
