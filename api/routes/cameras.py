"""The cameras: read without their credentials, but by the workers that open them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy import RowMapping

from api.accounts.actor import Actor
from api.accounts.role import KeyScope
from api.cameras.address_cipher import SealedAddressError
from api.cameras.camera_document import full_document, public_document
from api.cameras.camera_map import map_features
from api.cameras.camera_store import Saved, camera_of
from api.cameras.sent_camera import CameraFieldsError, read_camera
from api.contract.cameras import CameraReceipt, CameraReceipts, CameraStatus
from api.contract.events import FieldError
from api.grids.ground_reach import GroundReach
from api.http.problems import ProblemError, invalid, not_found
from api.routes import examples
from api.routes.access import Audit, Audited, KnownActor, Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    CONFLICT,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    GeoJsonResponse,
    example,
    json_body,
)
from api.routes.bodies import JsonBody
from api.routes.reached import Reached, check_camera, placed_outside
from api.services import Services
from models.catalogue.issue_catalogue import IssueCatalogue
from models.words import CameraId
from streams.camera import Camera

router = APIRouter(prefix="/v1", tags=["cameras"])

LARGEST_LIST = 1000
_OUTSIDE = "lies, or the camera of this id does, outside the ground of your unit"
_ACTIONS = {Saved.CREATED: "make_camera", Saved.UPDATED: "replace_camera"}


@router.get(
    "/cameras",
    summary="All cameras",
    response_model=list[Camera],
    responses={200: example([examples.CAMERA]), **UNAUTHORIZED},
)
async def list_cameras(services: Shared, actor: KnownActor, reach: Reached) -> Response:
    """Give all cameras by their ids; stream addresses are whole only for a worker.

    Users see those at or below their unit.
    """
    opens = _opens_streams(actor)
    document = full_document if opens else public_document
    camera = services.cameras.opened if opens else camera_of
    try:
        found = await _written(
            services,
            services.cameras.parts(reach),
            lambda rows: [document(camera(row)) for row in rows],
        )
    except SealedAddressError as error:
        raise _unreadable(error) from None
    return Response(b"[" + found + b"]", media_type=JSONResponse.media_type)


@router.post(
    "/cameras",
    summary="Add a camera, or a list of them",
    status_code=HTTPStatus.CREATED,
    response_model=Camera,
    dependencies=[Depends(require_key)],
    responses={
        200: {"model": CameraReceipts, **example(examples.CAMERA_RECEIPTS)},
        201: example(examples.CAMERA),
        **CONFLICT,
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **INVALID,
    },
    openapi_extra=json_body("CameraOrCameras", examples.CAMERA),
)
async def post_cameras(
    services: Shared, audit: Audited, reach: Reached, body: JsonBody
) -> JSONResponse:
    """Add one camera (201; 409 if its id is taken), or add and replace up to 1,000 (200).

    In a list each camera is judged alone, and the receipts stand in its order.
    """
    if isinstance(body, list):
        receipts = await _save_list(_Saving(services, audit, reach), body)
        return JSONResponse(CameraReceipts(receipts=receipts).model_dump(mode="json"))
    camera = await _read(body, services)
    await _check_place(services, reach, camera)
    if not await services.cameras.create(camera):
        raise ProblemError(
            HTTPStatus.CONFLICT,
            f"camera {camera.camera_id!r} exists; PUT /v1/cameras/{camera.camera_id} replaces it",
        )
    await audit.record("make_camera", camera.camera_id)
    return _created(camera)


@router.get(
    "/cameras.geojson",
    summary="Cameras and zones for a map",
    response_class=GeoJsonResponse,
    response_model=None,
    responses={200: example(examples.CAMERA_MAP, GeoJsonResponse.media_type)},
)
async def get_camera_map(services: Shared, reach: Reached) -> Response:
    """Give a point per camera and the ground each zone covers, where that can be told."""
    features = await _written(services, services.cameras.map_parts(reach), map_features)
    return Response(
        b'{"type":"FeatureCollection","features":[' + features + b"]}",
        media_type=GeoJsonResponse.media_type,
    )


@router.get(
    "/cameras/{camera_id}",
    summary="One camera",
    response_model=Camera,
    responses={200: example(examples.CAMERA), **UNAUTHORIZED, **MISSING, **INVALID},
)
async def get_camera(
    services: Shared, actor: KnownActor, reach: Reached, camera_id: Annotated[CameraId, Path()]
) -> JSONResponse:
    """Give one camera; its stream address is whole only for a worker."""
    row = await services.cameras.row(camera_id)
    if row is None or not reach.covers(row["unit_grid"]):
        raise not_found("camera_id", camera_id)
    if not _opens_streams(actor):
        return JSONResponse(public_document(camera_of(row)))
    try:
        return JSONResponse(full_document(services.cameras.opened(row)))
    except SealedAddressError as error:
        raise _unreadable(error) from None


@router.put(
    "/cameras/{camera_id}",
    summary="Add or replace a camera",
    response_model=Camera,
    dependencies=[Depends(require_key)],
    responses={
        200: example(examples.CAMERA),
        201: {"description": "It is new.", **example(examples.CAMERA)},
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **INVALID,
    },
    openapi_extra=json_body("Camera", examples.CAMERA),
)
async def put_camera(
    services: Shared,
    audit: Audited,
    reach: Reached,
    camera_id: Annotated[CameraId, Path()],
    body: JsonBody,
) -> JSONResponse:
    """Make this the camera, whether it was there or not."""
    camera = await _read(body, services)
    if camera.camera_id != camera_id:
        raise invalid("camera_id", f"is not the {camera_id!r} of the address", camera.camera_id)
    await _check_place(services, reach, camera)
    (saved,) = await services.cameras.save([camera])
    await audit.record(_ACTIONS[saved], camera_id)
    if saved is Saved.CREATED:
        return _created(camera)
    return JSONResponse(public_document(camera))


@router.delete(
    "/cameras/{camera_id}",
    summary="Remove a camera",
    status_code=HTTPStatus.NO_CONTENT,
    dependencies=[Depends(require_key)],
    responses={**UNAUTHORIZED, **MISSING, **INVALID},
)
async def delete_camera(
    services: Shared, audit: Audited, reach: Reached, camera_id: Annotated[CameraId, Path()]
) -> None:
    """Remove a camera; its events stay."""
    await check_camera(services, reach, camera_id)
    if not await services.cameras.delete(camera_id):
        raise not_found("camera_id", camera_id)
    await audit.record("delete_camera", camera_id)


async def _written(
    services: Services,
    parts: AsyncIterator[Sequence[RowMapping]],
    describe: Callable[[Sequence[RowMapping]], list[dict[str, Any]]],
) -> bytes:
    """Write what there is to say of many cameras as the items of a JSON array."""
    written = [
        await services.heavy.run(lambda part=part: to_json(describe(part))[1:-1])  # type: ignore[misc]
        async for part in parts
    ]
    return b",".join(written)


def _created(camera: Camera) -> JSONResponse:
    location = {"Location": f"/v1/cameras/{camera.camera_id}"}
    return JSONResponse(public_document(camera), HTTPStatus.CREATED, headers=location)


async def _read(body: JsonValue, services: Services) -> Camera:
    try:
        camera = read_camera(body, services.catalogue)
    except CameraFieldsError as error:
        raise _no_camera(error) from None
    (fault,) = await services.camera_addresses.faults([camera])
    if fault is not None:
        raise _no_camera(CameraFieldsError([fault]))
    return camera


def _no_camera(error: CameraFieldsError) -> ProblemError:
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=error.errors)


async def _check_place(services: Services, reach: GroundReach, camera: Camera) -> None:
    """See to it that a camera is, and will be, on the ground of whoever sends it.

    Raises:
        ProblemError: 422, it is not.
    """
    if await placed_outside(services, reach, [camera]):
        raise invalid("lon", _OUTSIDE, f"{camera.lon}, {camera.lat}")


@dataclass(frozen=True, slots=True)
class _Saving:
    """How a list of cameras is saved: where, kept by which log, and on whose ground."""

    services: Services
    audit: Audit
    reach: GroundReach


async def _save_list(saving: _Saving, documents: list[Any]) -> list[CameraReceipt]:
    services, audit = saving.services, saving.audit
    if len(documents) > LARGEST_LIST:
        raise invalid("body", f"lists more than {LARGEST_LIST} cameras; send parts", documents)
    catalogue = services.catalogue
    good: dict[str, Camera] = {}
    receipts: list[CameraReceipt | None] = []
    read = await services.heavy.in_parts(
        documents, lambda part: [_judged(document, catalogue) for document in part]
    )
    for judged in await _where_they_may_be(services, read):
        if isinstance(judged, CameraReceipt):
            receipts.append(judged)
        elif judged.camera_id in good:
            message = "comes twice in the list"
            twice = FieldError(field="camera_id", message=message, value=judged.camera_id)
            receipts.append(_rejected(judged.camera_id, [twice]))
        else:
            good[judged.camera_id] = judged
            receipts.append(None)
    outside = await placed_outside(services, saving.reach, list(good.values()))
    ordered = list(good)
    refused = {one: _rejected(one, [_lies_outside(good.pop(one))]) for one in outside}
    saved = await services.cameras.save(list(good.values()))
    # All at once, so that they are written as one group.
    await asyncio.gather(
        *(
            audit.record(_ACTIONS[one], camera_id)
            for camera_id, one in zip(good, saved, strict=True)
        )
    )
    accepted = {
        camera_id: CameraReceipt(camera_id=camera_id, status=CameraStatus(one.value))
        for camera_id, one in zip(good, saved, strict=True)
    }
    judged_ones = iter({**accepted, **refused}[camera_id] for camera_id in ordered)
    return [next(judged_ones) if receipt is None else receipt for receipt in receipts]


def _lies_outside(camera: Camera) -> FieldError:
    return FieldError(field="lon", message=_OUTSIDE, value=f"{camera.lon}, {camera.lat}")


async def _where_they_may_be(
    services: Services, judged: Sequence[Camera | CameraReceipt]
) -> list[Camera | CameraReceipt]:
    """Reject those of a list that lead to where no camera may be."""
    read = [one for one in judged if isinstance(one, Camera)]
    faults = iter(await services.camera_addresses.faults(read))
    kept: list[Camera | CameraReceipt] = []
    for one in judged:
        fault = next(faults) if isinstance(one, Camera) else None
        kept.append(one if fault is None else _rejected(one.camera_id, [fault]))
    return kept


def _judged(document: JsonValue, catalogue: IssueCatalogue) -> Camera | CameraReceipt:
    try:
        return read_camera(document, catalogue)
    except CameraFieldsError as error:
        camera_id = document.get("camera_id") if isinstance(document, dict) else None
        return _rejected(camera_id, error.errors)


def _rejected(camera_id: object, errors: list[FieldError]) -> CameraReceipt:
    return CameraReceipt(
        camera_id=camera_id[:64] if isinstance(camera_id, str) else None,
        status=CameraStatus.REJECTED,
        errors=errors,
    )


def _unreadable(error: SealedAddressError) -> ProblemError:
    return ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


def _opens_streams(actor: Actor) -> bool:
    """Whether somebody is a worker: nobody else is told a stream's address."""
    return KeyScope.WORKER in actor.scopes
