"""The management cells that events are told to lie in."""

from collections import Counter

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.grids.grid import GridCollection
from api.http.problems import invalid, read_document
from api.routes import examples
from api.routes.access import Audited, Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    UNAUTHORIZED,
    GeoJsonResponse,
    example,
    json_body,
)
from api.routes.bodies import JsonBody

router = APIRouter(prefix="/v1/grids", tags=["grids"])


class GridCount(BaseModel):
    """How many cells there are now."""

    grids: int


@router.get(
    "",
    summary="All cells",
    response_class=GeoJsonResponse,
    response_model=GridCollection,
    responses={200: example(examples.GRIDS, GeoJsonResponse.media_type)},
)
async def get_grids(services: Shared) -> Response:
    """Give all cells as a GeoJSON feature collection."""
    cells = GridCollection.model_construct(
        type="FeatureCollection", features=await services.grids.all()
    )
    # A city has 64,200 cells; FastAPI's own way to JSON would hold everyone up for seconds.
    return Response(cells.model_dump_json(), media_type=GeoJsonResponse.media_type)


@router.put(
    "",
    summary="Replace all cells",
    dependencies=[Depends(require_key)],
    responses={200: example({"grids": 1}), **UNAUTHORIZED, **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("GridCollection", examples.GRIDS, "application/geo+json"),
)
async def put_grids(services: Shared, audit: Audited, body: JsonBody) -> GridCount:
    """Make these the cells, all or none. Events stored from now on get the new codes."""
    given = read_document(GridCollection, body)
    codes = Counter(grid.properties.unit_grid for grid in given.features)
    for code, count in codes.most_common(1):
        if count > 1:
            raise invalid("properties.unit_grid", f"comes {count} times", code)
    await services.grids.replace(given.features)
    await audit.record("replace_grids", "grids", {"count": len(given.features)})
    return GridCount(grids=len(given.features))
