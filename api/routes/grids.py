"""The management cells that events are told to lie in."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, JsonValue, ValidationError

from api.access import Shared, require_key
from api.grid import GridCollection
from api.problems import invalid, unprocessable
from api.request_body import read_json
from api.routes import examples
from api.routes.answers import BODY_PROBLEMS, INVALID, UNAUTHORIZED, example, json_body

router = APIRouter(prefix="/v1/grids", tags=["grids"])


class GridCount(BaseModel):
    """How many cells there are now."""

    grids: int


@router.get(
    "",
    summary="All cells",
    response_model=None,
    responses={200: {"model": GridCollection, **example(examples.GRIDS)}},
)
async def get_grids(services: Shared) -> GridCollection:
    """Give all cells as a GeoJSON feature collection."""
    return GridCollection.model_construct(
        type="FeatureCollection", features=await services.grids.all()
    )


@router.put(
    "",
    summary="Replace all cells",
    dependencies=[Depends(require_key)],
    responses={200: example({"grids": 1}), **UNAUTHORIZED, **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("GridCollection", examples.GRIDS, "application/geo+json"),
)
async def put_grids(services: Shared, body: Annotated[JsonValue, Depends(read_json)]) -> GridCount:
    """Make these the cells, all or none. Events stored from now on get the new codes."""
    try:
        given = GridCollection.model_validate(body)
    except ValidationError as error:
        raise unprocessable(error) from None
    codes = Counter(grid.properties.unit_grid for grid in given.features)
    for code, count in codes.most_common(1):
        if count > 1:
            raise invalid("properties.unit_grid", f"comes {count} times", code)
    await services.grids.replace(given.features)
    return GridCount(grids=len(given.features))
