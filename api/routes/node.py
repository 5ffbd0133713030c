"""How this API node is doing."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

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
            "The database is away or not migrated.",
            "the database does not answer",
        ),
    },
)
async def health(services: Shared) -> Health:
    """Ask the database; 503 if it does not answer or its tables are of another version."""
    found, wanted = await services.database.migration(), latest_migration()
    if found is None or found != wanted:
        raise ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"the database stands at migration {found!r}, this node needs {wanted!r}; "
            "restart it to migrate",
        )
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
