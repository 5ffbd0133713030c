"""The files of the issue catalogue, as they are written."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models.catalogue.issue_type import IssueType, Key
from models.words import IssueCode, VisualClass

VersionOfCatalogue = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$")]


class BothNames(BaseModel):
    """A name in both languages of the console."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


class CatalogueHead(BaseModel):
    """``catalogue.yaml``: what the files of issue types share.

    Attributes:
        catalogue_version: Version of the whole catalogue, kept with every event.
        departments: Who handles issues, by key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    catalogue_version: VersionOfCatalogue
    departments: Annotated[dict[Key, BothNames], Field(min_length=1)]


class IssueTypesFile(BaseModel):
    """``types/*.yaml``: the issue types of one major class.

    Attributes:
        major_class: Name of the major class.
        types: Its types.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    major_class: BothNames
    types: Annotated[tuple[IssueType, ...], Field(min_length=1)]


class DescribedClass(BaseModel):
    """What a visual class means, for people who label and for people who read rules.

    Attributes:
        name: The class.
        zh: What is boxed, in Chinese.
        en: What exactly is boxed, in English.
        coco: The class of COCO it is, or None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: VisualClass
    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]
    coco: str | None = None


class VisualClassesFile(BaseModel):
    """``visual_classes.yaml``: every class that rules may name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: Annotated[tuple[DescribedClass, ...], Field(min_length=1)]


class OverlayFile(BaseModel):
    """A city's own file, laid over the catalogue.

    Of an entry with a code of ours, mappings are merged field by field, a list replaces our
    list, and null takes a field back to its default.

    Attributes:
        overlay_version: Name and version of it; joined to the catalogue's with a plus sign.
        for_catalogue: Catalogue version it was written for; another one is a warning.
        departments: Further departments, or other names of ours.
        major_class: Name of the major class of its further types.
        types: An entry with a code of ours changes the fields it names, in its rule too; one
            with another code is a further type and must be whole.
        switched_on: Codes that are off by default and shall be watched for.
        switched_off: Codes that shall not be watched for.
        public_holidays: Days that count as public holidays besides the country's.
        working_days: Days that do not count as such although the country's list has them.
        visual_classes: Further classes that its rules name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    overlay_version: VersionOfCatalogue
    for_catalogue: VersionOfCatalogue | None = None
    departments: dict[Key, BothNames] = {}
    major_class: BothNames | None = None
    types: tuple[dict[str, Any], ...] = ()
    switched_on: tuple[IssueCode, ...] = ()
    switched_off: tuple[IssueCode, ...] = ()
    public_holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()
    visual_classes: tuple[DescribedClass, ...] = ()
