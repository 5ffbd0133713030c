"""Which camera or clip a picture is from, as far as its data set tells."""

import re
from pathlib import Path

from labeling.data_sets.data_set import DataSetError
from labeling.data_sets.description import DataSetMeta


def camera_pattern(text: str) -> re.Pattern[str]:
    """A pattern that finds the camera in a file name.

    Raises:
        DataSetError: ``text`` is no regular expression.
    """
    try:
        return re.compile(text)
    except re.error as error:
        raise DataSetError(f"camera pattern {text!r} is no regular expression: {error}") from None


def camera_of(picture: Path, meta: DataSetMeta, pattern: re.Pattern[str] | None) -> str:
    """Name of the camera or clip that ``picture`` is from, or empty if unknown.

    Args:
        picture: Its file; only the name counts.
        meta: Names some cameras by file name.
        pattern: Asked where ``meta`` has no name: its group ``camera``, else its first group,
            else all that it matches.

    Example:
        >>> camera_of(Path("gate7_0012.jpg"), DataSetMeta(), re.compile("^([^_]+)_"))
        'gate7'
    """
    named = meta.cameras.get(picture.name)
    if named is not None:
        return named
    match = pattern.search(picture.name) if pattern else None
    if match is None:
        return ""
    if "camera" in match.groupdict():
        return match["camera"] or ""
    return (match[1] if match.re.groups else match[0]) or ""
