"""Reference pictures: what each view of a camera should show."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Response

from api.cameras.camera_store import camera_of
from api.contract.references import CameraReference
from api.http.problems import invalid, not_found
from api.routes import examples
from api.routes.access import Audited, KnownActor, Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    example,
    jpeg_answer,
    jpeg_body,
    jpeg_response,
)
from api.routes.bodies import JpegBody
from api.routes.reached import Reached, check_camera
from models.words import CameraId
from streams.zone import PresetName

router = APIRouter(prefix="/v1", tags=["cameras"])
Id = Annotated[CameraId, Path()]
Preset = Annotated[
    PresetName, Path(description="A preset of the camera, or `first` where it has none.")
]


@router.get(
    "/camera-references",
    summary="Which views have a reference picture",
    responses={200: example([examples.CAMERA_REFERENCE])},
)
async def list_references(services: Shared, reach: Reached) -> list[CameraReference]:
    """Give all pictures that operators gave, by camera and preset; views learnt are not there."""
    return await services.references.all(reach)


@router.put(
    "/cameras/{camera_id}/references/{preset}",
    summary="Give the reference picture of a view",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**UNAUTHORIZED, **BODY_PROBLEMS, **MISSING, **INVALID},
    openapi_extra=jpeg_body(),
)
async def put_reference(  # noqa: PLR0913, PLR0917 - one parameter per part of the request
    services: Shared,
    camera_id: Id,
    preset: Preset,
    jpeg: JpegBody,
    actor: KnownActor,
    reach: Reached,
    audit: Audited,
) -> None:
    """Make a JPEG what the view is held to; the camera's worker takes it up within seconds."""
    await check_camera(services, reach, camera_id)
    row = await services.cameras.row(camera_id)
    if row is None:
        raise not_found("camera_id", camera_id)
    camera = camera_of(row)
    if preset not in camera.view_names:
        raise invalid("preset", f"is none of the camera's: {', '.join(camera.view_names)}", preset)
    await services.references.put(camera_id, preset, jpeg, actor.name)
    await audit.record("give_reference", camera_id, {"preset": preset})


@router.get(
    "/cameras/{camera_id}/references/{preset}",
    summary="The reference picture of a view",
    response_class=Response,
    responses={
        200: jpeg_answer("The picture."),
        304: {"description": "As in If-None-Match."},
        **MISSING,
        **INVALID,
    },
)
async def get_reference(
    services: Shared,
    reach: Reached,
    camera_id: Id,
    preset: Preset,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give the picture that an operator gave."""
    await check_camera(services, reach, camera_id)
    found = await services.references.get(camera_id, preset)
    if found is None:
        raise not_found("preset", preset)
    jpeg, sha256 = found
    headers = {"ETag": f'"{sha256[:32]}"', "Cache-Control": "no-cache"}
    return jpeg_response(jpeg, headers, if_none_match)


@router.delete(
    "/cameras/{camera_id}/references/{preset}",
    summary="Forget the reference picture of a view",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[Depends(require_key)],
    responses={**UNAUTHORIZED, **MISSING, **INVALID},
)
async def delete_reference(
    services: Shared, audit: Audited, reach: Reached, camera_id: Id, preset: Preset
) -> None:
    """Forget it: a camera without presets learns its view anew."""
    await check_camera(services, reach, camera_id)
    if not await services.references.delete(camera_id, preset):
        raise not_found("preset", preset)
    await audit.record("forget_reference", camera_id, {"preset": preset})
