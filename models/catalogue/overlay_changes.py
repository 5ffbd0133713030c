"""What an overlay changes, in lines for people to read."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.catalogue.content import CatalogueContent
from models.catalogue.issue_type import IssueType


def overlay_changes(before: CatalogueContent, after: CatalogueContent) -> list[str]:
    """What the last overlay of ``after`` changes in ``before``, one line each."""
    return [*_types(before, after), *_rest(before, after)]


def _types(before: CatalogueContent, after: CatalogueContent) -> Iterator[str]:
    for code, entry in sorted(after.entries.items()):
        known = before.entries.get(code)
        label = f"{code} {entry.issue.name_en} {entry.issue.name_zh}"
        if known is None:
            yield f"{label}: a further type, in {entry.major_class.en} {entry.major_class.zh}"
        elif known.issue != entry.issue:
            yield from (f"{label}: {line}" for line in _fields(known.issue, entry.issue))


def _fields(before: IssueType, after: IssueType) -> Iterator[str]:
    earlier, later = (
        _flat(issue.model_dump(mode="json", exclude_defaults=True)) for issue in (before, after)
    )
    for name in sorted(earlier.keys() | later.keys()):
        if earlier.get(name) != later.get(name):
            yield f"{name} {_shown(earlier.get(name))} → {_shown(later.get(name))}"


def _flat(fields: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping) and value:
            flat |= _flat(value, f"{above}{name}.")
        else:
            flat[f"{above}{name}"] = value
    return flat


def _shown(value: object) -> str:
    match value:
        case None:
            return "its default"
        case list():
            return f"[{', '.join(map(_shown, value))}]"
        case {"kind": str() as kind, **rest} if not rest:
            return kind
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _rest(before: CatalogueContent, after: CatalogueContent) -> Iterator[str]:
    overlay = after.overlays[-1]
    for code in overlay.switched_on:
        yield f"{code} {after.entries[code].issue.name_en}: switched on"
    for code in overlay.switched_off:
        yield f"{code} {after.entries[code].issue.name_en}: switched off"
    for key, names in overlay.departments.items():
        word = "renamed" if key in before.departments else "further"
        yield f"department {key}: {word}, {names.en} {names.zh}"
    for one in overlay.visual_classes:
        word = "described anew" if one.name in before.visual_classes else "further"
        yield f"visual class {one.name}: {word}, {one.en} {one.zh}"
    for day in overlay.public_holidays:
        yield f"{day}: a public holiday"
    for day in overlay.working_days:
        yield f"{day}: no public holiday"
