"""Which model versions workers run: read by everyone, changed with a key."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.contract.models import LiveModel, LiveModels, ModelHistory, Promotion, Rollback
from api.http.problems import ProblemError, not_found, read_document
from api.live_models.model_store import ModelChangeError, UnknownLiveModelError
from api.routes import examples
from api.routes.access import Audited, Shared
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
from models.words import ModelName

router = APIRouter(prefix="/v1/models", tags=["models"])

LONGEST_HISTORY = 1000
Name = Annotated[ModelName, Path()]
_CONTRADICTION = problem(
    HTTPStatus.CONFLICT,
    "It contradicts how the model stands.",
    "no version of model 'street' was live before street@2026.11",
)


@router.get(
    "/live",
    summary="The live model versions",
    responses={200: example(examples.LIVE_MODELS)},
)
async def get_live_models(services: Shared) -> LiveModels:
    """Give the version of each model that workers run, the model longest in service first.

    Each visual class is found by the first of them that knows it.
    """
    return LiveModels(models=tuple(await services.models.live()))


@router.get(
    "/history",
    summary="How the live model versions changed",
    responses={200: example(examples.MODEL_HISTORY), **INVALID},
)
async def get_model_history(
    services: Shared,
    name: Annotated[ModelName | None, Query(description="Only this model.")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_HISTORY, description="At most so many.")] = 100,
) -> ModelHistory:
    """Give promotions, rollbacks and withdrawals, the newest first."""
    return ModelHistory(changes=tuple(await services.models.history(name, limit)))


@router.post(
    "/{name}/promotions",
    summary="Make a model version live",
    status_code=HTTPStatus.CREATED,
    responses={
        200: {
            "model": LiveModel,
            "description": "It was live already.",
            **example(examples.LIVE_MODEL),
        },
        201: example(examples.LIVE_MODEL),
        **_CONTRADICTION,
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **INVALID,
    },
    openapi_extra=json_body("Promotion", examples.PROMOTION),
)
async def post_promotion(
    services: Shared, audit: Audited, name: Name, body: JsonBody, response: Response
) -> LiveModel:
    """Make this the model's one live version; workers change to it while they run."""
    promotion = read_document(Promotion, body)
    try:
        promoted = await services.models.promote(name, promotion, audit.name)
    except ModelChangeError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    await audit.record("promote_model", name, {"version": promotion.version})
    if not promoted.is_change:
        response.status_code = HTTPStatus.OK
    return promoted.live


@router.post(
    "/{name}/rollbacks",
    summary="Return to the version before",
    status_code=HTTPStatus.CREATED,
    responses={
        201: example(examples.LIVE_MODEL),
        **_CONTRADICTION,
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **MISSING,
        **INVALID,
    },
    openapi_extra=json_body("Rollback", examples.ROLLBACK),
)
async def post_rollback(services: Shared, audit: Audited, name: Name, body: JsonBody) -> LiveModel:
    """Make the version live that was so before; twice goes two versions back."""
    rollback = read_document(Rollback, body)
    try:
        live = await services.models.roll_back(name, rollback.note, audit.name)
    except UnknownLiveModelError:
        raise not_found("live model", name) from None
    except ModelChangeError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    await audit.record("roll_back_model", name, {"version": live.version})
    return live


@router.delete(
    "/{name}/live",
    summary="Take a model out of service",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**UNAUTHORIZED, **MISSING, **INVALID},
)
async def delete_live_model(services: Shared, audit: Audited, name: Name) -> None:
    """Let workers run no version of the model; a rollback brings it back."""
    try:
        await services.models.withdraw(name, audit.name)
    except UnknownLiveModelError:
        raise not_found("live model", name) from None
    await audit.record("withdraw_model", name)
