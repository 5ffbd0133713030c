"""The OpenAPI description, completed with the bodies that routes read themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import RootModel
from pydantic.json_schema import models_json_schema

from api.contract.accounts import UserChange, UserToMake
from api.contract.cases import CaseAction, CaseReport
from api.contract.conditions import CameraCondition
from api.contract.events import ErrorReport, EventBatch, EventFeature
from api.contract.holds import HoldToSet
from api.contract.memories import CameraMemoryUpdate
from api.contract.merges import MergeVerdict
from api.contract.models import Promotion, Rollback, WorkerModels
from api.contract.repair_checks import RepairLook
from api.contract.verdicts import Verdict
from api.contract.webhooks import CaseEvent, WebhookChange, WebhookToMake
from api.grids.grid import GridCollection
from streams.camera import Camera

TAGS = [
    {"name": "events", "description": "Issues at a place, as GeoJSON features."},
    {"name": "holds", "description": "What must stay, whatever its period says."},
    {"name": "evidence", "description": "The pictures that show them."},
    {"name": "cameras", "description": "Where the pictures come from."},
    {"name": "grids", "description": "Management cells."},
    {"name": "models", "description": "Which model versions workers run."},
    {"name": "cases", "description": "Matters, from their report to their closing."},
    {"name": "verdicts", "description": "What people said of events."},
    {"name": "webhooks", "description": "Departments' systems that hear of their cases."},
    {"name": "open311", "description": "Matters as Open311 GeoReport v2 has them."},
    {"name": "accounts", "description": "Who may do what, and who did."},
    {"name": "node", "description": "How this API node is doing."},
]
SECURITY = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A machine's key, made with `citypatrol keys create`.",
    },
    "user": {
        "type": "oauth2",
        "description": "A user's access token.",
        "flows": {"password": {"tokenUrl": "/v1/tokens", "scopes": {}}},
    },
}


class CameraOrCameras(RootModel[Camera | list[Camera]]):
    """One camera, or a list of up to 1,000."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What the description says of who may use an endpoint.

    Attributes:
        public: ``METHOD /path`` of endpoints that are open to everybody.
        answers: How the others refuse, by status.
        everywhere: How every endpoint refuses, by status.
    """

    public: frozenset[str]
    answers: Mapping[int | str, dict[str, Any]]
    everywhere: Mapping[int | str, dict[str, Any]]

    def describe(self, paths: dict[str, dict[str, Any]]) -> None:
        """Write it into the description of each endpoint."""
        for path, methods in paths.items():
            for method, route in methods.items():
                _add_answers(route, self.everywhere)
                if f"{method.upper()} {path}" in self.public:
                    continue
                route["security"] = [{name: []} for name in SECURITY]
                _add_answers(route, self.answers)


def _add_answers(route: dict[str, Any], answers: Mapping[int | str, dict[str, Any]]) -> None:
    for status, answer in answers.items():
        route["responses"].setdefault(str(status), answer)


def complete_openapi(app: FastAPI, protection: Protection) -> None:
    """Make ``app`` describe the bodies that its routes read themselves, and who may use them."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
            app.openapi_schema["components"]["securitySchemes"] = SECURITY
            protection.describe(app.openapi_schema["paths"])
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
                RepairLook,
                CaseAction,
                Verdict,
                HoldToSet,
                WebhookToMake,
                WebhookChange,
                CaseEvent,
            )
        ],
        ref_template="#/components/schemas/{model}",
    )
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in bodies["$defs"].items():
        schemas.setdefault(name, schema)
    # An address is not shown where a camera is logged, but workers are told it.
    del schemas[Camera.__name__]["properties"]["stream_url"]["writeOnly"]
    batch = schemas[EventBatch.__name__]["properties"]["features"]
    batch["items"] = {"$ref": f"#/components/schemas/{EventFeature.__name__}"}
    return description
