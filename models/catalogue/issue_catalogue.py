"""The issue catalogue: every issue type CityPatrol can be asked to watch for, as data."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from models.catalogue.content import CatalogueContent, read_content
from models.catalogue.error import CatalogueError
from models.catalogue.file import BothNames, DescribedClass, OverlayFile
from models.catalogue.issue_type import Default, IssueType
from models.catalogue.overlay import lay_over
from models.catalogue.public_holidays import public_holidays
from models.catalogue.settings import CatalogueSettings
from streams.kit.errors import CityPatrolError

__all__ = [
    "CatalogueError",
    "IssueCatalogue",
    "UnknownIssueTypeError",
    "Unwatched",
    "catalogue_of",
    "load_catalogue",
]


class UnknownIssueTypeError(CityPatrolError):
    """A code that the catalogue does not hold."""


class Unwatched(StrEnum):
    """Why a type is not watched for, whichever camera lists it."""

    NEEDS_KNOWLEDGE = "needs_knowledge"
    """It needs what no picture shows."""
    SWITCHED_OFF = "switched_off"
    """The city's overlay switches it off."""
    OFF_BY_DEFAULT = "off_by_default"
    """It is off until a city's overlay switches it on."""


def _nothing() -> Mapping[str, BothNames]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class IssueCatalogue:
    """The issue types of one catalogue version, with what a city laid over it.

    Which of them a camera watches for is the camera's own choice (``Camera.issue_types``); of
    what it lists, only what ``watched`` says is looked for.

    Attributes:
        version: Version of the catalogue and its overlays, kept with every event:
            ``2026.3`` or ``2026.3+shapingba-1``.
        types: Issue types by their five-digit code, sorted by it.
        departments: Who handles issues, by key.
        major_classes: Name of the major class of each type, by its code.
        visual_classes: What each visual class means.
        public_holidays: Days that rules mean by public holidays.
        switched_on: Codes that a city switched on.
        switched_off: Codes that a city switched off.
        overlays: The city's files, in the order in which they were laid over.
    """

    version: str
    types: Mapping[str, IssueType]
    departments: Mapping[str, BothNames] = field(default_factory=_nothing)
    major_classes: Mapping[str, BothNames] = field(default_factory=_nothing)
    visual_classes: Mapping[str, DescribedClass] = field(
        default_factory=lambda: MappingProxyType({})
    )
    public_holidays: frozenset[date] = frozenset()
    switched_on: frozenset[str] = frozenset()
    switched_off: frozenset[str] = frozenset()
    overlays: tuple[OverlayFile, ...] = ()

    def issue_type(self, code: str) -> IssueType:
        """The issue type with this code.

        Raises:
            UnknownIssueTypeError: The catalogue has no such code.
        """
        try:
            return self.types[code]
        except KeyError:
            raise UnknownIssueTypeError(
                f"issue type {code!r} is not in catalogue {self.version}; "
                "`citypatrol catalogue list` shows the codes it has"
            ) from None

    def department(self, issue: IssueType) -> BothNames:
        """Who handles issues of a type of this catalogue."""
        return self.departments[issue.department]

    def major_class(self, issue: IssueType) -> BothNames:
        """The major class that a type of this catalogue belongs to."""
        return self.major_classes[issue.code]

    def watched(self, code: str) -> bool:
        """Whether a camera that lists this type watches for it.

        Raises:
            UnknownIssueTypeError: The catalogue has no such code.
        """
        return self.unwatched(code) is None

    def unwatched(self, code: str) -> Unwatched | None:
        """Why a camera that lists this type does not watch for it; None if it does.

        Raises:
            UnknownIssueTypeError: The catalogue has no such code.
        """
        issue = self.issue_type(code)
        if issue.unseeable is not None:
            return Unwatched.NEEDS_KNOWLEDGE
        if code in self.switched_off:
            return Unwatched.SWITCHED_OFF
        if issue.default is Default.OFF and code not in self.switched_on:
            return Unwatched.OFF_BY_DEFAULT
        return None


def load_catalogue(settings: CatalogueSettings | None = None) -> IssueCatalogue:
    """Read the catalogue, with a city's overlays and calendar.

    Args:
        settings: The overlays and the country; without them, the catalogue as it comes.

    Raises:
        CatalogueError: A file cannot be read or used; everything wrong in it is named.
    """
    if settings is None:
        return _as_it_comes()
    content = _built_in()
    for path in settings.overlays:
        content = lay_over(content, path)
    return catalogue_of(content, settings.holidays_country)


def catalogue_of(content: CatalogueContent, country: str) -> IssueCatalogue:
    """The catalogue that files say together, in a country."""
    entries = sorted(content.entries.items())
    on: set[str] = set()
    off: set[str] = set()
    for overlay in content.overlays:
        on = (on | set(overlay.switched_on)) - set(overlay.switched_off)
        off = (off | set(overlay.switched_off)) - set(overlay.switched_on)
    return IssueCatalogue(
        version=content.version,
        types=MappingProxyType({code: entry.issue for code, entry in entries}),
        departments=content.departments,
        major_classes=MappingProxyType({code: entry.major_class for code, entry in entries}),
        visual_classes=content.visual_classes,
        public_holidays=public_holidays(country, content.overlays),
        switched_on=frozenset(on),
        switched_off=frozenset(off),
        overlays=content.overlays,
    )


@functools.cache
def _built_in() -> CatalogueContent:
    return read_content()


@functools.cache
def _as_it_comes() -> IssueCatalogue:
    country = str(CatalogueSettings.model_fields["holidays_country"].default)
    return catalogue_of(_built_in(), country)
