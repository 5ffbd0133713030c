"""The processes of a small district on this machine: API, replayed cameras, worker."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from api.commands.client import OperatorClient
from api.commands.client_settings import ClientSettings
from demo.district_accounts import DistrictKeys, make_keys
from detector.worker.worker_report import WorkerReport
from streams.camera import Camera
from streams.camera_health.camera_fault import CameraFault
from streams.kit.child_process import ChildFailedError, ChildProcess
from streams.kit.errors import CityPatrolError

# An embedded PostgreSQL is created and migrated within this on a slow disk; usually 2 s.
API_READY_SECONDS = 60.0
# Loading and compiling the model on a busy machine; usually 2 s.
WORKER_READY_SECONDS = 90.0
STOP_SECONDS = 15.0

OVERLAYS_VARIABLE = "CITYPATROL_CATALOGUE_OVERLAYS"
NETWORKS_VARIABLE = "CITYPATROL_CAMERA_NETWORKS"
# Where cameras are replayed; of themselves neither API nor worker lets a camera be there.
LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """Where a running API is and the keys that open it."""

    url: str
    keys: DistrictKeys

    @property
    def headers(self) -> dict[str, str]:
        """Headers of what the district's operator asks."""
        return {"Authorization": f"Bearer {self.keys.own}"}


class DistrictApi:
    """An API of its own, with an embedded PostgreSQL, in a folder. Use it in ``with``.

    Args:
        folder: Where its data lies; made if need be.
        port: Port it listens at, 0 for any that is free.
        keys: What it knows already from an earlier run in the folder; else they are made.
        options: Further options of ``citypatrol serve``.
        overlays: Files for the catalogue, beneath those that the environment names.
        environment: Further variables of its environment.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        keys: DistrictKeys | None = None,
        options: Sequence[str] = (),
        overlays: Sequence[Path] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = folder
        self._child = ChildProcess(
            [*_citypatrol(), "serve", "--port", str(port), "--data-dir", str(folder), *options],
            name="API",
            ready_timeout_seconds=API_READY_SECONDS,
            stop_timeout_seconds=STOP_SECONDS,
            environment={**_environment(overlays), **(environment or {})},
        )
        self._keys = keys

    def __enter__(self) -> Self:
        self._child.start()
        try:
            self._keys = self._keys or make_keys(self._folder)
        except BaseException:
            self._child.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._child.stop()

    @property
    def access(self) -> ApiAccess:
        """Address and keys.

        Raises:
            CityPatrolError: It was not started.
        """
        if self._keys is None:
            raise CityPatrolError("the district's API has no keys before it has started")
        return ApiAccess(self._child.ready_message.split()[0], self._keys)

    @property
    def child(self) -> ChildProcess:
        """The process."""
        return self._child

    def put_cameras(self, cameras: Sequence[Camera]) -> None:
        """Make the API know these cameras.

        Raises:
            CityPatrolError: It does not take one.
        """
        with OperatorClient(self._client_settings()) as client:
            errors = [error for receipt in client.save_cameras(cameras) for error in receipt.errors]
        if errors:
            raise CityPatrolError(
                "; ".join(f"camera field {error.field}: {error.message}" for error in errors)
            )

    def put_grids(self, path: Path) -> None:
        """Make the API know the management cells of a GeoJSON file."""
        with OperatorClient(self._client_settings()) as client:
            client.replace_grids(json.loads(path.read_text(encoding="utf-8")))

    def _client_settings(self) -> ClientSettings:
        return ClientSettings(api=self.access.url, key=SecretStr(self.access.keys.own))


class DistrictWorker:
    """A worker process for a running API. Use it in ``with``; its report is there afterwards.

    Args:
        access: The API.
        folder: Where its outbox and its report lie.
        options: Further options of ``citypatrol worker``.
        overlays: Files for the catalogue, beneath those that the environment names; the same
            as the API's.

    Its cameras replay clips, some of which show a quiet place for minutes, or a single picture:
    a picture that stands still is no fault here.
    """

    def __init__(
        self,
        access: ApiAccess,
        folder: Path,
        options: Sequence[str] = (),
        overlays: Sequence[Path] = (),
    ) -> None:
        self._report = folder / "report.json"
        self._folder = folder
        self._child = ChildProcess(
            [
                *_citypatrol(),
                *("worker", "--api", access.url, "--data-dir", str(folder)),
                *("--report", str(self._report)),
                *("--unwatched-faults", str(CameraFault.FROZEN)),
                *options,
            ],
            name="worker",
            ready_timeout_seconds=WORKER_READY_SECONDS,
            stop_timeout_seconds=STOP_SECONDS,
            environment={**_environment(overlays), "CITYPATROL_WORKER_KEY": access.keys.worker},
        )

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._child.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._child.stop()

    @property
    def child(self) -> ChildProcess:
        """The process."""
        return self._child

    def report(self) -> WorkerReport:
        """What the worker did; there once it has been stopped.

        Raises:
            ChildFailedError: It left none.
        """
        try:
            return WorkerReport.model_validate_json(self._report.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ChildFailedError("worker ended without leaving a report; see its log") from None


def _environment(overlays: Sequence[Path]) -> dict[str, str]:
    """The environment of a child, which logs only what needs attention unless told otherwise."""
    environment = {"CITYPATROL_LOG_LEVEL": "warning", **os.environ}
    users_own = environment.get(OVERLAYS_VARIABLE, "")
    laid_over = ",".join([*map(str, overlays), users_own]).strip(",")
    return {NETWORKS_VARIABLE: LOOPBACK, **environment, OVERLAYS_VARIABLE: laid_over}


def _citypatrol() -> list[str]:
    return [sys.executable, "-m", "citypatrol"]
