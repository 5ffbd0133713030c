"""The OpenAPI description, completed with the bodies that routes read themselves."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import RootModel
from pydantic.json_schema import models_json_schema

from api.contract.accounts import UserChange, UserToMake
from api.contract.cases import CaseAction, CaseReport
from api.contract.conditions import CameraCondition
from api.contract.events import ErrorReport, EventBatch, EventFeature
from api.contract.memories import CameraMemoryUpdate
from api.contract.merges import MergeVerdict
from api.contract.models import Promotion, Rollback, WorkerModels
from api.contract.verdicts import Verdict
from api.grids.grid import GridCollection
from streams.camera import Camera

TAGS = [
    {"name": "events", "description": "Issues at a place, as GeoJSON features."},
    {"name": "evidence", "description": "The pictures that show them."},
    {"name": "cameras", "description": "Where the pictures come from."},
    {"name": "grids", "description": "Management cells."},
    {"name": "models", "description": "Which model versions workers run."},
    {"name": "cases", "description": "Matters, from their report to their closing."},
    {"name": "verdicts", "description": "What people said of events."},
    {"name": "accounts", "description": "Who may do what, and who did."},
    {"name": "node", "description": "How this API node is doing."},
]


class CameraOrCameras(RootModel[Camera | list[Camera]]):
    """One camera, or a list of up to 1,000."""


def complete_openapi(app: FastAPI) -> None:
    """Make ``app`` describe the bodies that its routes read themselves."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    # FastAPI's documented way to complete the description.
    app.openapi = describe  # type: ignore[method-assign]


def _description(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=TAGS,
    )
    _, bodies = models_json_schema(
        [
            (model, "validation")
            for model in (
                ErrorReport,
                EventBatch,
                EventFeature,
                GridCollection,
                CameraOrCameras,
                Promotion,
                Rollback,
                MergeVerdict,
                CameraCondition,
                CameraMemoryUpdate,
                WorkerModels,
                UserToMake,
                UserChange,
                CaseReport,
                CaseAction,
                Verdict,
            )
        ],
        ref_template="#/components/schemas/{model}",
    )
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in bodies["$defs"].items():
        schemas.setdefault(name, schema)
    batch = schemas[EventBatch.__name__]["properties"]["features"]
    batch["items"] = {"$ref": f"#/components/schemas/{EventFeature.__name__}"}
    return description
