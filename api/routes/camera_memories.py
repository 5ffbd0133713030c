"""What the worker of a camera knows of it, so that another may go on where it stopped."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.cameras.camera_memory_store import HeldMemory, UnknownCameraError
from api.contract.memories import CameraMemory, CameraMemoryUpdate
from api.http.problems import ProblemError, not_found, read_document
from api.routes import examples
from api.routes.access import Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    example,
    json_body,
    problem,
)
from api.routes.bodies import JsonBody
from models.words import CameraId

router = APIRouter(prefix="/v1/cameras", tags=["cameras"])

HELD = problem(
    HTTPStatus.CONFLICT,
    "Another worker watches the camera.",
    "the memory of camera 'north-gate' is held by worker 01JD8Z6Q3V5W7X9Y1A3C5E7G9J",
)


@router.put(
    "/{camera_id}/memory",
    summary="Keep what a worker knows of a camera",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**UNAUTHORIZED, **BODY_PROBLEMS, **MISSING, **HELD, **INVALID},
    openapi_extra=json_body("CameraMemoryUpdate", examples.CAMERA_MEMORY),
)
async def put_memory(
    services: Shared,
    camera_id: Annotated[CameraId, Path()],
    body: JsonBody,
    key: Annotated[str, Depends(require_key)],
) -> None:
    """Keep it for the next worker; 409 if one holds it that this worker did not take over from."""
    update = read_document(CameraMemoryUpdate, body)
    try:
        held = await services.memories.put(camera_id, update, key)
    except UnknownCameraError:
        raise not_found("camera_id", camera_id) from None
    if held is not None:
        raise ProblemError(HTTPStatus.CONFLICT, _held_by(camera_id, held))


@router.get(
    "/{camera_id}/memory",
    summary="What a worker knows of a camera",
    dependencies=[Depends(require_key)],
    responses={200: example(examples.CAMERA_MEMORY), **UNAUTHORIZED, **MISSING, **INVALID},
)
async def get_memory(services: Shared, camera_id: Annotated[CameraId, Path()]) -> CameraMemory:
    """Give what the worker that watches the camera has kept last."""
    memory = await services.memories.get(camera_id)
    if memory is None:
        raise not_found("camera_id", camera_id)
    return memory


def _held_by(camera_id: str, held: HeldMemory) -> str:
    return (
        f"the memory of camera {camera_id!r} is held by worker {held.holder} (key "
        f"{held.kept_by!r}), which last looked at {held.latest_look.isoformat()}; a worker that "
        "takes up the camera reads it first and names that holder as takes_over_from"
    )
