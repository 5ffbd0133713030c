"""The coordinate system of a GeoJSON file: old files may name another than WGS-84."""

import re

# WGS-84, also with height, and CGCS2000, which differ by centimetres. Order as in GeoJSON.
_KNOWN = {
    ("EPSG", "4326"),
    ("EPSG", "4979"),
    ("EPSG", "4490"),
    ("OGC", "CRS84"),
    ("OGC", "CRS84H"),
}


def foreign_crs(collection: object) -> str | None:
    """The name of a coordinate system that is neither WGS-84 nor CGCS2000, or None.

    GeoJSON of before 2016 names one in ``crs``; without it WGS-84 is meant.

    Example:
        >>> foreign_crs({"crs": {"type": "name", "properties": {"name": "EPSG:28992"}}})
        'EPSG:28992'
    """
    crs = collection.get("crs") if isinstance(collection, dict) else None
    if crs is None:
        return None
    match crs:
        case {"type": "name", "properties": {"name": str(name)}}:
            parts = [part.upper() for part in re.split("[:/#]+", name) if part]
            known = any((authority, parts[-1]) in _KNOWN for authority in parts[:-1])
            return None if known or parts == ["CRS84"] else name
        case _:
            return "one that is not named"


def crs_problem(crs: str) -> str:
    """What to say of a file in a foreign coordinate system."""
    return (
        f"is in the coordinate system {crs}, needs WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490): "
        "convert it, and leave crs out"
    )
