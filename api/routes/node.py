"""How this API node is doing."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api.database.data_folder_room import DataFolderFullError, check_room
from api.database.database import latest_migration
from api.http.problems import ProblemError
from api.routes.access import Shared
from api.routes.answers import example, problem

router = APIRouter(tags=["node"])


class Health(BaseModel):
    """A node that can serve.

    Attributes:
        status: Always ``ok``; a node that cannot serve answers 503.
        migration: Where the database's tables stand.
    """

    status: str
    migration: str


@router.get(
    "/health",
    summary="Can this node serve?",
    responses={
        200: example({"status": "ok", "migration": "0001"}),
        **problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The database is away or not migrated, or the data folder is full.",
            "the database does not answer",
        ),
    },
)
async def health(services: Shared) -> Health:
    """Ask the database and the data folder.

    503 if the database does not answer, if its tables are of another version, or if the folder
    has no room for more evidence.
    """
    found, wanted = await services.database.migration(), latest_migration()
    if found is None or found != wanted:
        raise ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"the database stands at migration {found!r}, this node needs {wanted!r}; "
            "restart it to migrate",
        )
    try:
        await asyncio.to_thread(check_room, services.settings.data_dir)
    except DataFolderFullError as error:
        raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None
    return Health(status="ok", migration=found)


@router.get(
    "/metrics",
    summary="Counters for Prometheus",
    response_class=Response,
    responses={200: {"description": "Prometheus text format.", "content": {"text/plain": {}}}},
)
async def metrics(services: Shared) -> Response:
    """Give the counters of this process."""
    return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)
