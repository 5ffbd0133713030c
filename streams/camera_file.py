"""Cameras in a file: CSV from a spreadsheet, or GeoJSON from a map."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from streams.camera import Camera
from streams.kit.errors import CityPatrolError
from streams.kit.geojson_crs import crs_problem, foreign_crs
from streams.kit.validation import FieldProblem, field_problems, shown

# Cells of these columns hold JSON.
JSON_COLUMNS = frozenset({"pose", "ground_points", "presets", "zones", "lines", "issue_types"})

# What spreadsheets write between cells, depending on the country.
_DELIMITERS = ",;\t"

# Enough to see what is wrong with a file; all of them are in the error's ``problems``.
_PROBLEMS_TOLD = 20


@dataclass(frozen=True, slots=True)
class CameraFileProblem:
    """One thing wrong in a file of cameras.

    Attributes:
        place: Where, such as "row 7" (as a spreadsheet counts, the header being row 1).
        problem: Which field, what is wrong, and the value without secrets.
    """

    place: str
    problem: FieldProblem

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" if self.place else str(self.problem)


class CameraFileError(CityPatrolError):
    """A file of cameras that cannot be taken as it is; nothing of it was used.

    Attributes:
        problems: Everything that is wrong with it.
    """

    def __init__(self, path: Path, problems: list[CameraFileProblem]) -> None:
        told = "\n  ".join(str(problem) for problem in problems[:_PROBLEMS_TOLD])
        more = len(problems) - _PROBLEMS_TOLD
        rest = f"\n  … and {more} more" if more > 0 else ""
        super().__init__(
            f"{str(path)!r} cannot be used, nothing of it was read in:\n  {told}{rest}"
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the file says of one camera, not yet checked."""

    place: str
    fields: dict[str, Any]
    problems: list[FieldProblem] = field(default_factory=list)


def read_cameras(path: Path) -> list[Camera]:
    """Read all cameras of a CSV or GeoJSON file; docs/cameras.md describes both.

    Args:
        path: A file ending in .csv, .geojson or .json.

    Raises:
        CameraFileError: Something is wrong with it; every problem is listed with its row, field
            and value. Stream addresses are shown without credentials.
    """
    text = _read_text(path)
    entries = _geojson_entries(path, text) if _is_geojson(path, text) else _csv_entries(path, text)
    cameras: list[Camera] = []
    problems: list[CameraFileProblem] = []
    places: dict[str, str] = {}
    for entry in entries:
        found = list(entry.problems)
        camera_id = entry.fields.get("camera_id")
        if isinstance(camera_id, str) and camera_id in places:
            found.append(
                FieldProblem("camera_id", f"is used by {places[camera_id]} too", shown(camera_id))
            )
        elif isinstance(camera_id, str):
            places[camera_id] = entry.place
        try:
            cameras.append(Camera.model_validate(entry.fields))
        except ValidationError as error:
            known = {one.field for one in found}
            found += [one for one in field_problems(error) if one.field not in known]
        problems += [CameraFileProblem(entry.place, one) for one in found]
    if problems:
        raise CameraFileError(path, problems)
    return cameras


def _failed(path: Path, message: str, place: str = "", name: str = "") -> CameraFileError:
    return CameraFileError(path, [CameraFileProblem(place, FieldProblem(name, message, None))])


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _failed(path, error.strerror or type(error).__name__) from error
    # Excel writes UTF-8 with a mark at the front, or GBK in China.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8-sig" and any(unicodedata.category(sign) == "Co" for sign in text):
            # GBK takes nearly any bytes, and gives those of other encodings a private meaning.
            break
        return text
    raise _failed(path, "is text neither in UTF-8 nor in GBK; save it as CSV UTF-8")


def _is_geojson(path: Path, text: str) -> bool:
    return path.suffix.lower() in (".geojson", ".json") or text.lstrip()[:1] == "{"


def _csv_entries(path: Path, text: str) -> Iterator[_Entry]:
    header_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        # Some have no name: a spreadsheet saves columns that once held something.
        columns = [cell.strip() for cell in next(rows, [])]
        _check_columns(path, columns)
        for number, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                yield _csv_entry(f"row {number}", columns, cells)
    except csv.Error as error:
        raise _failed(path, f"is no CSV: {error}", f"line {rows.line_num}") from error


def _check_columns(path: Path, columns: list[str]) -> None:
    known = list(Camera.model_fields)
    required = [name for name, info in Camera.model_fields.items() if info.is_required()]
    problems = [
        CameraFileProblem("row 1", FieldProblem(name, message, None))
        for name, message in (
            *(
                (shown(name), f"is no known column; known are {', '.join(known)}")
                for name in columns
                if name and name not in known
            ),
            *((name, "is there twice") for name in known if columns.count(name) > 1),
            *((name, "column is missing") for name in required if name not in columns),
        )
    ]
    if problems:
        raise CameraFileError(path, problems)


def _csv_entry(place: str, columns: list[str], cells: list[str]) -> _Entry:
    entry = _Entry(place, {})
    if len(cells) > len(columns):
        surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
        if surplus:
            message = f"has {len(cells)} cells, but there are {len(columns)} columns"
            entry.problems.append(FieldProblem("", message, None))
    for number, (name, raw) in enumerate(zip(columns, cells, strict=False), start=1):
        cell = raw.strip()
        if not cell:
            continue  # left out: the default counts, or the field is missing
        if not name:
            message = f"column {number} has no name in row 1, but a cell here"
            entry.problems.append(FieldProblem("", message, shown(cell)))
            continue
        if name not in JSON_COLUMNS:
            entry.fields[name] = cell
            continue
        try:
            value = json.loads(cell)
        except (ValueError, RecursionError) as error:
            entry.problems.append(FieldProblem(name, f"is no JSON ({error})", shown(cell)))
            continue
        if value is not None:
            entry.fields[name] = value
    return entry


def _geojson_entries(path: Path, text: str) -> Iterator[_Entry]:
    try:
        collection = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _failed(path, f"is no JSON: {error}") from None
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise _failed(path, "is no GeoJSON FeatureCollection; it needs type and features")
    crs = foreign_crs(collection)
    if crs is not None:
        raise _failed(path, crs_problem(crs))
    for number, feature in enumerate(features, start=1):
        yield _geojson_entry(f"feature {number}", feature)


def _geojson_entry(place: str, feature: object) -> _Entry:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        problem = FieldProblem("properties", "are missing; they hold the camera's fields", None)
        return _Entry(place, {}, [problem])
    # Map programs write null where nothing was entered.
    given = {name: value for name, value in feature["properties"].items() if value is not None}
    entry = _Entry(place, given)
    if feature.get("id") is not None:
        entry.fields.setdefault("camera_id", feature["id"])
    match feature.get("geometry"):
        case {"type": "Point", "coordinates": [lon, lat, *_]}:
            entry.fields.update(lon=lon, lat=lat)
        case None if {"lon", "lat"} <= entry.fields.keys():
            pass
        case geometry:
            entry.problems.append(
                FieldProblem("geometry", "must be a Point of lon and lat", shown(geometry))
            )
    return entry
