"""Overlays: a city's own word laid over the catalogue, which stays as it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import structlog
from pydantic import ValidationError

from models.catalogue.content import CatalogueContent, TypeEntry, check_references, validated
from models.catalogue.error import (
    CatalogueError,
    CatalogueProblem,
    entry_place,
    validation_problems,
)
from models.catalogue.file import BothNames, OverlayFile
from models.catalogue.issue_type import IssueType
from models.catalogue.yaml_file import read_catalogue_yaml

# What an event has room for.
LONGEST_VERSION = 200

log = structlog.get_logger(__name__)


def read_overlay(path: Path) -> OverlayFile:
    """Read an overlay file, whatever catalogue it will be laid over.

    Raises:
        CatalogueError: It cannot be read, or fields are missing, unknown or wrong.
    """
    return validated(path, read_catalogue_yaml(path), OverlayFile)


def lay_over(content: CatalogueContent, path: Path) -> CatalogueContent:
    """Lay an overlay file over a catalogue.

    Raises:
        CatalogueError: Something in the file is wrong; everything that is, is named.
    """
    overlay = read_overlay(path)
    _warn_of_other_catalogue(content, overlay, path)
    departments = {**content.departments, **overlay.departments}
    described = {one.name: one for one in overlay.visual_classes}
    changed, problems = _Types(content, overlay, path).laid_over()
    others = {code: entry for code, entry in content.entries.items() if code not in changed}
    laid = replace(
        content,
        version=f"{content.version}+{overlay.overlay_version}",
        departments=MappingProxyType(departments),
        visual_classes=MappingProxyType({**content.visual_classes, **described}),
        # Last, so that of two that contradict each other the overlay's is named.
        entries=MappingProxyType({**others, **changed}),
        overlays=(*content.overlays, overlay),
    )
    problems += _switch_problems(laid, overlay, path)
    if len(laid.version) > LONGEST_VERSION:
        message = f"{laid.version!r} has more than {LONGEST_VERSION} characters; shorten it"
        problems.append(CatalogueProblem(path, "overlay_version", message))
    try:
        check_references(laid)
    except CatalogueError as error:
        problems += error.problems
    if problems:
        raise CatalogueError(problems)
    return laid


def merged(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Lay the fields of a patch over others, as JSON Merge Patch (RFC 7386) does.

    Mappings are merged field by field, a list replaces a list, and null takes a field back to
    what it is where nothing is said.

    Example:
        >>> merged({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": None}, "d": [2]})
        {'a': {'c': 2}, 'd': [2]}
    """
    result = dict(base)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            below = result.get(name)
            result[name] = merged(below if isinstance(below, Mapping) else {}, value)
        else:
            result[name] = value
    return result


@dataclass(frozen=True, slots=True)
class _Types:
    """The types of an overlay on their way into a catalogue."""

    content: CatalogueContent
    overlay: OverlayFile
    path: Path

    def laid_over(self) -> tuple[dict[str, TypeEntry], list[CatalogueProblem]]:
        changed: dict[str, TypeEntry] = {}
        problems: list[CatalogueProblem] = []
        for number, fields in enumerate(self.overlay.types, start=1):
            place = f"types {entry_place(number, fields)}"
            code = fields.get("code")
            if not isinstance(code, str):
                problems.append(self._problem(place, f"code: needs five digits, got {code!r}"))
            elif code in changed:
                problems.append(self._problem(place, "code: stands twice in this overlay"))
            else:
                try:
                    changed[code] = self._entry(code, fields, place)
                except CatalogueError as error:
                    problems += error.problems
        return changed, problems

    def _entry(self, code: str, patch: Mapping[str, Any], place: str) -> TypeEntry:
        base = self.content.entries.get(code)
        if base is None:
            return TypeEntry(
                self._further_type(code, patch, place),
                patch,
                self._major_class(code, place),
                self.path,
                place,
            )
        fields = merged(base.fields, patch)
        return replace(
            base,
            issue=self._issue(fields, place),
            fields=fields,
            file=self.path,
            place=place,
        )

    def _issue(self, fields: Mapping[str, Any], place: str) -> IssueType:
        try:
            return IssueType.model_validate(fields)
        except ValidationError as error:
            raise CatalogueError(
                self._problem(": ".join(filter(None, (place, one.place))), one.message)
                for one in validation_problems(self.path, None, error)
            ) from None

    def _further_type(self, code: str, fields: Mapping[str, Any], place: str) -> IssueType:
        missing = [
            name
            for name, field in IssueType.model_fields.items()
            if field.is_required() and name not in fields
        ]
        if missing:
            raise CatalogueError(
                [
                    self._problem(
                        place,
                        f"code: {code!r} is not in catalogue {self.content.version}, so this is "
                        f"a further type and must be whole; {', '.join(missing)} are missing",
                    )
                ]
            )
        return self._issue(fields, place)

    def _major_class(self, code: str, place: str) -> BothNames:
        if self.overlay.major_class is not None:
            return self.overlay.major_class
        for known, entry in sorted(self.content.entries.items()):
            if known[:2] == code[:2]:
                return entry.major_class
        raise CatalogueError(
            [
                self._problem(
                    place,
                    f"code: the catalogue has no major class {code[:2]}; name it with "
                    "major_class: {zh: …, en: …} in this overlay",
                )
            ]
        )

    def _problem(self, place: str, message: str) -> CatalogueProblem:
        return CatalogueProblem(self.path, place, message)


def _switch_problems(
    laid: CatalogueContent, overlay: OverlayFile, path: Path
) -> Iterator[CatalogueProblem]:
    for field in ("switched_on", "switched_off"):
        for number, code in enumerate(getattr(overlay, field), start=1):
            if code not in laid.entries:
                place = f"{field} entry {number}"
                yield CatalogueProblem(path, place, f"{code!r} is no code of the catalogue")
    for code in sorted(set(overlay.switched_on) & set(overlay.switched_off)):
        yield CatalogueProblem(path, "switched_on", f"{code!r} is switched off as well")
    for code in overlay.switched_on:
        entry = laid.entries.get(code)
        reason = None if entry is None else entry.issue.unseeable
        if reason is not None:
            yield CatalogueProblem(path, "switched_on", f"{code!r} cannot be watched: {reason}")
    for day in sorted(set(overlay.public_holidays) & set(overlay.working_days)):
        yield CatalogueProblem(path, "public_holidays", f"{day} is among working_days as well")


def _warn_of_other_catalogue(content: CatalogueContent, overlay: OverlayFile, path: Path) -> None:
    built_in = content.version.partition("+")[0]
    if overlay.for_catalogue not in {None, built_in}:
        log.warning(
            "overlay_for_other_catalogue",
            file=str(path),
            overlay=overlay.overlay_version,
            for_catalogue=overlay.for_catalogue,
            catalogue=built_in,
        )
