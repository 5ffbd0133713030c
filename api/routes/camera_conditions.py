"""What is wrong with cameras now: told by their workers, read by everyone."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.contract.conditions import CameraCondition, KnownCondition
from api.http.problems import not_found, read_document
from api.routes import examples
from api.routes.access import Shared, require_key
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, UNAUTHORIZED, example, json_body
from api.routes.bodies import JsonBody
from api.routes.reached import Reached, check_camera
from models.words import CameraId

router = APIRouter(prefix="/v1", tags=["cameras"])
Id = Annotated[CameraId, Path()]


@router.put(
    "/cameras/{camera_id}/condition",
    summary="Say what is wrong with a camera",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**UNAUTHORIZED, **BODY_PROBLEMS, **MISSING, **INVALID},
    openapi_extra=json_body("CameraCondition", examples.CAMERA_CONDITION),
)
async def put_condition(
    services: Shared,
    camera_id: Id,
    body: JsonBody,
    key: Annotated[str, Depends(require_key)],
) -> None:
    """Keep which faults show, suspected ones too, until the next report or until it is overdue."""
    condition = read_document(CameraCondition, body)
    if not await services.conditions.put(camera_id, condition, key):
        raise not_found("camera_id", camera_id)


@router.get(
    "/cameras/{camera_id}/condition",
    summary="What is wrong with a camera",
    responses={200: example(examples.KNOWN_CONDITION), **MISSING, **INVALID},
)
async def get_condition(services: Shared, reach: Reached, camera_id: Id) -> KnownCondition:
    """Give which faults show now; none where the camera is sound or no worker reports of it."""
    await check_camera(services, reach, camera_id)
    known = await services.conditions.of([camera_id])
    if not known and not await services.cameras.names([camera_id]):
        raise not_found("camera_id", camera_id)
    return known[0] if known else KnownCondition(camera_id=camera_id)


@router.get(
    "/camera-conditions",
    summary="The cameras with which something is wrong",
    responses={200: example([examples.KNOWN_CONDITION])},
)
async def list_conditions(services: Shared, reach: Reached) -> list[KnownCondition]:
    """Give every camera that has a fault, or may have one, by its id."""
    return await services.conditions.every(reach)
