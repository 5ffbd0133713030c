"""Which models workers say they run: told with a key, read by everyone."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from api.contract.memories import HolderId
from api.contract.models import ModelsAtWork, WorkerModels
from api.http.problems import read_document
from api.routes import examples
from api.routes.access import Shared, require_key
from api.routes.answers import BODY_PROBLEMS, INVALID, UNAUTHORIZED, example, json_body
from api.routes.bodies import JsonBody

router = APIRouter(prefix="/v1/models/running", tags=["models"])


@router.put(
    "/{worker}",
    summary="Say which models a worker runs",
    status_code=HTTPStatus.NO_CONTENT,
    responses={**UNAUTHORIZED, **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("WorkerModels", examples.WORKER_MODELS),
)
async def put_running_models(
    services: Shared,
    worker: Annotated[HolderId, Path(description="ULID of the worker's data folder.")],
    body: JsonBody,
    key: Annotated[str, Depends(require_key)],
) -> None:
    """Keep what the worker runs until it reports again, or is long overdue."""
    await services.model_reports.put(worker, read_document(WorkerModels, body), key)


@router.get(
    "",
    summary="The models that workers run",
    responses={200: example(examples.MODELS_AT_WORK)},
)
async def get_running_models(services: Shared) -> ModelsAtWork:
    """Give what each worker said last; one that is long overdue is left out."""
    return ModelsAtWork(workers=tuple(await services.model_reports.at_work()))
