"""Looks at what was handled: asked of workers, and what they saw."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.contract.repair_checks import CheckId, LookReceipt, RepairCheck, RepairLook
from api.http.problems import read_document
from api.routes import case_examples as examples
from api.routes.access import Shared, require_key
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, UNAUTHORIZED, example, json_body
from api.routes.bodies import JsonBody
from api.routes.case_problems import CASE_ERRORS, case_problem

router = APIRouter(prefix="/v1/repair-checks", tags=["cases"])


@router.get(
    "",
    summary="Which spots are to be looked at again",
    responses={200: example([examples.REPAIR_CHECK])},
)
async def list_checks(services: Shared) -> list[RepairCheck]:
    """Give every event whose spot its camera shall look at, as its matter is said to be handled."""
    return await services.desk.repair_looks.awaited()


@router.post(
    "/{check_id}/looks",
    summary="Say what a look at a handled spot showed",
    response_model=LookReceipt,
    responses={
        200: example(examples.LOOK_RECEIPT),
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **MISSING,
        **INVALID,
    },
    openapi_extra=json_body("RepairLook", examples.REPAIR_LOOK),
)
async def post_look(
    services: Shared,
    check_id: Annotated[CheckId, Path()],
    body: JsonBody,
    key: Annotated[str, Depends(require_key)],
) -> LookReceipt:
    """Count a look. One that is not after `look_after`, or comes once all is told, is not counted.

    Upload its picture to `/v1/evidence/{sha256}` before.
    """
    look = read_document(RepairLook, body)
    try:
        check = await services.desk.repair_looks.take(check_id, look, key)
    except CASE_ERRORS as error:
        raise case_problem(error) from None
    return LookReceipt(status=check.status, look_after=check.look_after)
