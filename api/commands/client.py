"""An operator's side of the API: what the commands ask it and send it."""

from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from api.cameras.camera_document import full_document
from api.commands.client_settings import ClientSettings
from api.contract.accounts import Me
from api.contract.cameras import CameraReceipt, CameraReceipts
from api.contract.events import ErrorReport
from api.contract.models import (
    LiveModel,
    LiveModels,
    ModelChange,
    ModelHistory,
    Promotion,
    Rollback,
)
from api.contract.references import CAMERA_REFERENCES, CameraReference
from streams.camera import Camera
from streams.kit.errors import CityPatrolError

# A thousand cameras with zones stay well under the largest body.
CAMERAS_PER_REQUEST = 500


class ApiCallError(CityPatrolError):
    """The API does not answer or refuses."""


class OperatorClient:
    """HTTP calls to one API; use it in ``with``."""

    def __init__(self, settings: ClientSettings) -> None:
        self._address = settings.api.rstrip("/")
        headers = {}
        if settings.key is not None:
            headers["Authorization"] = f"Bearer {settings.key.get_secret_value()}"
        self._http = httpx.Client(
            base_url=self._address,
            headers=headers,
            timeout=settings.timeout_seconds,
            trust_env=False,
        )

    def __enter__(self) -> Self:
        """Go on with a client that will be closed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    def cameras(self) -> list[Camera]:
        """Return all cameras; but for a worker's key, with redacted stream addresses.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        return [Camera.model_validate(item) for item in self._call("GET", "/v1/cameras").json()]

    def scopes(self) -> frozenset[str]:
        """Return what the key may be used for.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        return frozenset(Me.model_validate_json(self._call("GET", "/v1/me").content).scopes)

    def save_cameras(self, cameras: Sequence[Camera]) -> Iterator[CameraReceipt]:
        """Add or replace cameras; gives a receipt each, in order.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        for start in range(0, len(cameras), CAMERAS_PER_REQUEST):
            part = cameras[start : start + CAMERAS_PER_REQUEST]
            answer = self._call("POST", "/v1/cameras", [full_document(camera) for camera in part])
            yield from CameraReceipts.model_validate_json(answer.content).receipts

    def references(self) -> list[CameraReference]:
        """Return which views of cameras have a reference picture.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        return CAMERA_REFERENCES.validate_json(self._call("GET", "/v1/camera-references").content)

    def give_reference(self, camera_id: str, preset: str, jpeg: bytes) -> None:
        """Make a picture the reference of a view.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        self._call("PUT", _reference_path(camera_id, preset), jpeg=jpeg)

    def forget_reference(self, camera_id: str, preset: str) -> None:
        """Forget the reference picture of a view.

        Raises:
            ApiCallError: The API does not answer, or there is no such picture.
        """
        self._call("DELETE", _reference_path(camera_id, preset))

    def replace_grids(self, collection: object) -> int:
        """Replace the management cells and return how many there are now.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        return int(self._call("PUT", "/v1/grids", collection).json()["grids"])

    def live_models(self) -> tuple[LiveModel, ...]:
        """Return the live version of each model, the model longest in service first.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        answer = self._call("GET", "/v1/models/live")
        return LiveModels.model_validate_json(answer.content).models

    def model_history(self, name: str | None = None) -> tuple[ModelChange, ...]:
        """Return the newest changes of one model or of all, newest first.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        query = "" if name is None else f"?name={quote(name, safe='')}"
        answer = self._call("GET", f"/v1/models/history{query}")
        return ModelHistory.model_validate_json(answer.content).changes

    def promote_model(self, name: str, promotion: Promotion) -> LiveModel:
        """Make a version live and return how the model stands.

        Raises:
            ApiCallError: The API does not answer or refuses.
        """
        path = f"/v1/models/{quote(name, safe='')}/promotions"
        answer = self._call("POST", path, promotion.model_dump(mode="json"))
        return LiveModel.model_validate_json(answer.content)

    def roll_back_model(self, name: str, rollback: Rollback) -> LiveModel:
        """Return to the version before and return how the model stands.

        Raises:
            ApiCallError: The API does not answer, or there is no version before.
        """
        path = f"/v1/models/{quote(name, safe='')}/rollbacks"
        answer = self._call("POST", path, rollback.model_dump(mode="json"))
        return LiveModel.model_validate_json(answer.content)

    def withdraw_model(self, name: str) -> None:
        """Take a model out of service.

        Raises:
            ApiCallError: The API does not answer, or the model is not in service.
        """
        self._call("DELETE", f"/v1/models/{quote(name, safe='')}/live")

    def _call(
        self, method: str, path: str, body: object = None, jpeg: bytes | None = None
    ) -> httpx.Response:
        headers = {} if jpeg is None else {"Content-Type": "image/jpeg"}
        try:
            answer = self._http.request(method, path, json=body, content=jpeg, headers=headers)
        except httpx.HTTPError as error:
            raise ApiCallError(
                f"API {self._address} does not answer ({error or type(error).__name__}); "
                "check --api and that `citypatrol serve` runs there"
            ) from error
        if not answer.is_success:
            raise ApiCallError(
                f"API {self._address}{path} answered {answer.status_code}: {_detail(answer)}"
            )
        return answer


def _reference_path(camera_id: str, preset: str) -> str:
    return f"/v1/cameras/{quote(camera_id, safe='')}/references/{quote(preset, safe='')}"


def _detail(answer: httpx.Response) -> str:
    try:
        return ErrorReport.model_validate_json(answer.content).detail
    except ValidationError:
        return answer.reason_phrase
