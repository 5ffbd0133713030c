"""The worker's side of the API: what it asks for and what it sends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Self, TypeVar

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError

from api.contract.conditions import CameraCondition
from api.contract.events import (
    BatchReceipt,
    ErrorReport,
    EventFeature,
    EventReceipt,
    StoredEventFeature,
)
from api.contract.memories import CameraMemory, CameraMemoryUpdate
from api.contract.models import LiveModel, LiveModels, WorkerModels
from api.contract.references import CAMERA_REFERENCES, CameraReference
from api.contract.repair_checks import REPAIR_CHECKS, LookReceipt, RepairCheck, RepairLook
from detector.delivery.api_clock import ApiClock
from detector.delivery.worker_settings import WorkerSettings
from streams.camera import Camera
from streams.kit.errors import CityPatrolError

_CAMERAS = TypeAdapter(list[Camera])
Answer = TypeVar("Answer")
Found = TypeVar("Found", bound=BaseModel)


class ApiUnavailableError(CityPatrolError):
    """The API cannot be reached or cannot serve at the moment; trying again may help."""


class ApiRefusedError(CityPatrolError):
    """The API understood the request and will not take it, now or later."""


class BadKeyError(ApiRefusedError):
    """The API does not know the worker's key."""


class MissingError(ApiRefusedError):
    """The API has no such thing."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    content: bytes | None = None
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class ApiClient:
    """HTTP calls to one API with one worker key.

    Safe to use from several threads. Use it in ``with``.

    Attributes:
        clock: How far this machine's clock is off, by the API's answers.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        self._url = settings.api_url
        self.clock = ApiClock()
        self._http = httpx.Client(
            base_url=self._url,
            timeout=settings.request_timeout_seconds,
            headers={"Authorization": f"Bearer {settings.key.get_secret_value()}"},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.close()

    def cameras(self) -> list[Camera]:
        """Every camera, with its stream address.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no list of cameras.
        """
        return self._read("/v1/cameras", _CAMERAS.validate_json)

    def live_models(self) -> tuple[LiveModel, ...]:
        """The live version of each model, the model longest in service first.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no list of models.
        """
        return self._read("/v1/models/live", LiveModels.model_validate_json).models

    def report_models(self, worker: str, report: WorkerModels) -> None:
        """Say which models this worker runs.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It does not take the report.
        """
        path = f"/v1/models/running/{worker}"
        self._call(_Request("PUT", path, report.model_dump_json().encode()))

    def event(self, event_id: str) -> StoredEventFeature | None:
        """An event as the API has it; None if it has none of that id.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no event.
        """
        return self._find(f"/v1/events/{event_id}", StoredEventFeature)

    def camera_memory(self, camera_id: str) -> CameraMemory | None:
        """What the worker that watched a camera last knew of it; None if nothing is kept.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no memory.
        """
        return self._find(f"/v1/cameras/{camera_id}/memory", CameraMemory)

    def keep_memory(self, camera_id: str, update: CameraMemoryUpdate) -> None:
        """Keep what is known of a camera for the worker that takes it up next.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: Another worker has taken up the camera, or it is gone.
        """
        path = f"/v1/cameras/{camera_id}/memory"
        self._call(_Request("PUT", path, update.model_dump_json().encode()))

    def report_condition(self, camera_id: str, condition: CameraCondition) -> None:
        """Say what is wrong with a camera.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It does not take the report, or the camera is gone.
        """
        path = f"/v1/cameras/{camera_id}/condition"
        self._call(_Request("PUT", path, condition.model_dump_json().encode()))

    def camera_references(self) -> list[CameraReference]:
        """Which views of cameras have a reference picture that an operator gave.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no list of references.
        """
        return self._read("/v1/camera-references", CAMERA_REFERENCES.validate_json)

    def reference_picture(self, camera_id: str, preset: str) -> bytes:
        """The reference picture of a view, a JPEG.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or has no such picture.
        """
        path = f"/v1/cameras/{camera_id}/references/{preset}"
        return self._call(_Request("GET", path)).content

    def repair_checks(self) -> list[RepairCheck]:
        """Which spots are to be looked at again, as they are said to be handled.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It refuses, or answers with what is no list of checks.
        """
        return self._read("/v1/repair-checks", REPAIR_CHECKS.validate_json)

    def post_repair_look(self, check_id: str, look: RepairLook) -> LookReceipt:
        """Say what a look at a handled spot showed.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It does not take the look, or the check is gone.
        """
        path = f"/v1/repair-checks/{check_id}/looks"
        answer = self._call(_Request("POST", path, look.model_dump_json().encode()))
        try:
            return LookReceipt.model_validate_json(answer.content)
        except ValidationError as error:
            raise self._not_understood(path, error) from None

    def upload_evidence(self, sha256: str, jpeg: bytes) -> None:
        """Store a picture under its hash; storing it again does nothing.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It does not take the picture.
        """
        self._call(_Request("PUT", f"/v1/evidence/{sha256}", jpeg, "image/jpeg"))

    def post_events(self, features: Sequence[EventFeature]) -> list[EventReceipt]:
        """Post a batch of events; returns one receipt each, in order.

        Raises:
            ApiUnavailableError: The API does not answer; some may have been stored.
            ApiRefusedError: It does not take the batch as a whole.
        """
        listed = b",".join(feature.model_dump_json().encode() for feature in features)
        body = b'{"type":"FeatureCollection","features":[' + listed + b"]}"
        answer = self._call(_Request("POST", "/v1/events", body))
        try:
            receipts = BatchReceipt.model_validate_json(answer.content).receipts
        except ValidationError:
            raise ApiUnavailableError(f"{self._url}/v1/events answered no batch receipt") from None
        if len(receipts) != len(features):
            raise ApiUnavailableError(
                f"{self._url}/v1/events answered {len(receipts)} receipts to {len(features)} events"
            )
        return receipts

    def send_preview(self, camera_id: str, jpeg: bytes, captured_at: datetime) -> None:
        """Show a camera's newest picture; an older one than shown is ignored.

        Raises:
            ApiUnavailableError: The API does not answer.
            ApiRefusedError: It does not take the picture.
        """
        header = (("X-Captured-At", captured_at.isoformat()),)
        path = f"/v1/cameras/{camera_id}/preview"
        self._call(_Request("PUT", path, jpeg, "image/jpeg", header))

    def _find(self, path: str, kind: type[Found]) -> Found | None:
        try:
            return self._read(path, kind.model_validate_json)
        except MissingError:
            return None

    def _read(self, path: str, validate: Callable[[bytes], Answer]) -> Answer:
        answer = self._call(_Request("GET", path))
        try:
            return validate(answer.content)
        except ValidationError as error:
            raise self._not_understood(path, error) from None

    def _not_understood(self, path: str, error: ValidationError) -> ApiRefusedError:
        return ApiRefusedError(
            f"{self._url}{path} answered with {error.error_count()} faults, the first: "
            f"{error.errors(include_url=False, include_input=False)[0]['msg']}; "
            "do worker and API have the same version?"
        )

    def _call(self, request: _Request) -> httpx.Response:
        try:
            answer = self._http.request(
                request.method,
                request.path,
                content=request.content,
                headers={
                    "Content-Type": request.media_type,
                    # By which the API tells how far our clock is off.
                    "Date": format_datetime(datetime.now(UTC), usegmt=True),
                    **dict(request.headers),
                },
            )
        except httpx.TransportError as error:
            raise ApiUnavailableError(
                f"API {self._url} does not answer ({error or type(error).__name__})"
            ) from error
        self.clock.note(answer.headers.get("date"))
        if answer.is_success:
            return answer
        said = f"API {self._url}{request.path} answered {answer.status_code}: {_detail(answer)}"
        if answer.status_code in {401, 403}:
            raise BadKeyError(f"{said}; make a key with `citypatrol keys create NAME`")
        if answer.status_code in {408, 425, 429} or answer.status_code >= 500:
            raise ApiUnavailableError(said)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            raise MissingError(said)
        raise ApiRefusedError(said)


def _detail(answer: httpx.Response) -> str:
    try:
        report = ErrorReport.model_validate_json(answer.content)
    except ValidationError:
        return answer.reason_phrase
    named = "; ".join(f"{error.field}: {error.message}" for error in report.errors)
    return f"{report.detail} ({named})" if named else report.detail
