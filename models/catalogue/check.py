"""Checking one file for the catalogue before it is put to use."""

from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from models.catalogue.content import CatalogueContent, check_references, read_types
from models.catalogue.error import CatalogueError, CatalogueProblem
from models.catalogue.overlay import lay_over
from models.catalogue.overlay_changes import overlay_changes
from models.catalogue.yaml_file import read_catalogue_yaml


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that can be used.

    Attributes:
        content: The catalogue with it.
        summary: What kind of file it is and how much it brings.
        changes: What it changes, one line each.
    """

    content: CatalogueContent
    summary: str
    changes: tuple[str, ...]


def check_file(content: CatalogueContent, path: Path) -> CheckedFile:
    """Check an overlay or a file of issue types against the catalogue it is meant for.

    Raises:
        CatalogueError: Something in it is wrong; everything that is, is named.
    """
    fields = read_catalogue_yaml(path)
    if "overlay_version" in fields:
        laid = lay_over(content, path)
        changes = overlay_changes(content, laid)
        return CheckedFile(laid, f"overlay for catalogue {laid.version}", tuple(changes))
    if "types" in fields and "switched_on" not in fields and "switched_off" not in fields:
        return _checked_types(content, path)
    raise CatalogueError(
        [
            CatalogueProblem(
                path,
                "",
                "is neither an overlay, which has overlay_version, nor a file of issue types, "
                "which has major_class and types",
            )
        ]
    )


def _checked_types(content: CatalogueContent, path: Path) -> CheckedFile:
    read = {entry.issue.code: entry for entry in read_types(path)}
    others = {code: entry for code, entry in content.entries.items() if code not in read}
    whole = replace(content, entries=MappingProxyType({**others, **read}))
    check_references(whole)
    return CheckedFile(whole, f"{len(read)} issue types", ())
