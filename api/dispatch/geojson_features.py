"""The features of a GeoJSON file, with their places in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from api.dispatch.csv_table import read_utf8
from api.dispatch.given_place import GivenPlace
from api.dispatch.table_faults import FaultList
from streams.kit.geojson_crs import crs_problem, foreign_crs


@dataclass(frozen=True, slots=True)
class PointFeature:
    """A feature that is a point.

    Attributes:
        where: Where it stands, such as ``feature 3``, the first one being 1.
        point: Its place on earth.
        properties: What it says besides.
        feature_id: Its ``id``, or None.
    """

    where: str
    point: GivenPlace
    properties: Mapping[str, Any]
    feature_id: str | None


def read_points(path: Path, faults: FaultList) -> list[PointFeature]:
    """Read the points of a feature collection; what is none is noted and left out.

    Args:
        path: The file.
        faults: Where to note what is wrong.
    """
    points = []
    for number, feature in enumerate(read_collection(path, faults), start=1):
        where = f"feature {number}"
        match feature:
            case {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat, *_]},
                "properties": dict() as properties,
            }:
                point = GivenPlace.of_coordinates(lon, lat, where, faults)
                if point is not None:
                    name = feature.get("id")
                    feature_id = None if name is None else str(name)
                    points.append(PointFeature(where, point, properties, feature_id))
            case _:
                message = "is no Feature with a Point as geometry, and with properties"
                faults.add(where, "", None, message)
    return points


def read_collection(path: Path, faults: FaultList) -> Sequence[Any]:
    """Read the features of a collection, not yet looked at; none, and a note, if it is none.

    Args:
        path: The file.
        faults: Where to note what is wrong.
    """
    content = read_utf8(path, faults)
    if content is None:
        return ()
    try:
        collection = from_json(content, allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        faults.add("", "", None, f"is no GeoJSON: {error}")
        return ()
    match collection:
        case {"type": "FeatureCollection", "features": [*features]}:
            foreign = foreign_crs(collection)
            if foreign is None:
                return features
            faults.add("", "crs", foreign, crs_problem(foreign))
        case _:
            faults.add("", "", None, "is no GeoJSON FeatureCollection with features")
    return ()
