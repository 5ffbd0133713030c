"""The catalogue as its files wrote it: read, and not yet laid over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from models.catalogue.error import (
    CatalogueError,
    CatalogueProblem,
    entry_place,
    nearest,
    validation_problems,
)
from models.catalogue.file import (
    BothNames,
    CatalogueHead,
    DescribedClass,
    IssueTypesFile,
    OverlayFile,
    VisualClassesFile,
)
from models.catalogue.issue_type import IssueType
from models.catalogue.yaml_file import read_catalogue_yaml

BUILT_IN_CATALOGUE = Path(__file__).parent

Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """An issue type and where it stands.

    Attributes:
        issue: The type.
        fields: Its entry as it was written, with what overlays changed.
        major_class: Name of its major class.
        file: The file that wrote it, or changed it last.
        place: Its place there, for errors.
    """

    issue: IssueType
    fields: Mapping[str, Any]
    major_class: BothNames
    file: Path
    place: str


@dataclass(frozen=True, slots=True)
class CatalogueContent:
    """What the catalogue's files say together.

    Attributes:
        version: Of the catalogue, with those of its overlays.
        departments: Who handles issues, by key.
        visual_classes: Every class that rules may name.
        entries: The issue types by code.
        overlays: The overlays that were laid over it, in order.
    """

    version: str
    departments: Mapping[str, BothNames]
    visual_classes: Mapping[str, DescribedClass]
    entries: Mapping[str, TypeEntry]
    overlays: tuple[OverlayFile, ...] = ()


def read_content(folder: Path = BUILT_IN_CATALOGUE) -> CatalogueContent:
    """Read a folder with ``catalogue.yaml``, ``visual_classes.yaml`` and ``types/*.yaml``.

    Raises:
        CatalogueError: A file cannot be read, or something in it is wrong; everything that is
            wrong in any of them is named.
    """
    problems: list[CatalogueProblem] = []
    head = _read(folder / "catalogue.yaml", CatalogueHead, problems)
    described = _read(folder / "visual_classes.yaml", VisualClassesFile, problems)
    entries: list[TypeEntry] = []
    paths = sorted((folder / "types").glob("*.yaml"))
    if not paths:
        problems.append(CatalogueProblem(folder / "types", "", "holds no file of issue types"))
    for path in paths:
        try:
            entries += read_types(path)
        except CatalogueError as error:
            problems += error.problems
    problems += _repeats(entries)
    if described is not None:
        problems += _repeated_classes(folder / "visual_classes.yaml", described)
    if problems or head is None or described is None:
        raise CatalogueError(problems)
    content = CatalogueContent(
        version=head.catalogue_version,
        departments=MappingProxyType(head.departments),
        visual_classes=MappingProxyType({one.name: one for one in described.classes}),
        entries=MappingProxyType({entry.issue.code: entry for entry in entries}),
    )
    check_references(content)
    return content


def read_types(path: Path) -> tuple[TypeEntry, ...]:
    """Read one file of issue types.

    Raises:
        CatalogueError: It cannot be read, or entries are wrong; every wrong field is named.
    """
    fields = read_catalogue_yaml(path)
    document = validated(path, fields, IssueTypesFile)
    return tuple(
        TypeEntry(issue, raw, document.major_class, path, f"types {entry_place(number, raw)}")
        for number, (issue, raw) in enumerate(
            zip(document.types, fields["types"], strict=True), start=1
        )
    )


def validated(path: Path, fields: Mapping[str, Any], kind: type[Document]) -> Document:
    """What a file says, as its type.

    Raises:
        CatalogueError: Fields are missing, unknown or wrong; every one is named.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise CatalogueError(validation_problems(path, fields, error)) from None


def check_references(content: CatalogueContent) -> None:
    """See that what the types refer to is there, and that no two share a slug.

    Raises:
        CatalogueError: Something is not; everything that is wrong is named.
    """
    problems = [
        CatalogueProblem(entry.file, entry.place, message)
        for entry in content.entries.values()
        for message in _dangling(entry.issue, content)
    ]
    problems += _repeats(list(content.entries.values()))
    if problems:
        raise CatalogueError(problems)


def _dangling(issue: IssueType, content: CatalogueContent) -> Iterator[str]:
    if issue.department not in content.departments:
        yield (
            f"department: {issue.department!r} is not known"
            f"{nearest(issue.department, content.departments)}"
        )
    for general in issue.rule.instead_of:
        if general not in content.entries or general == issue.code:
            yield f"rule.instead_of: {general!r} is no other code of the catalogue"
    if issue.parent_code is not None and issue.parent_code not in content.entries:
        yield f"parent_code: {issue.parent_code!r} is no code of the catalogue"
    second = issue.rule.second_model
    for name in (*issue.rule.seen_classes, *(second.classes if second is not None else ())):
        if name not in content.visual_classes:
            yield (
                f"rule: visual class {name!r} is not known"
                f"{nearest(name, content.visual_classes) or '; describe it under visual_classes'}"
            )


def _repeats(entries: list[TypeEntry]) -> Iterator[CatalogueProblem]:
    for field in ("code", "slug"):
        first: dict[str, TypeEntry] = {}
        for entry in entries:
            value = getattr(entry.issue, field)
            before = first.setdefault(value, entry)
            if before is not entry:
                yield CatalogueProblem(
                    entry.file,
                    entry.place,
                    f"{field}: {value!r} is already that of {before.file.name} {before.place}",
                )


def _repeated_classes(path: Path, described: VisualClassesFile) -> Iterator[CatalogueProblem]:
    seen: set[str] = set()
    for number, one in enumerate(described.classes, start=1):
        if one.name in seen:
            yield CatalogueProblem(
                path, f"classes entry {number} ({one.name})", "this class is described before"
            )
        seen.add(one.name)


def _read(path: Path, kind: type[Document], problems: list[CatalogueProblem]) -> Document | None:
    try:
        return validated(path, read_catalogue_yaml(path), kind)
    except CatalogueError as error:
        problems += error.problems
        return None
