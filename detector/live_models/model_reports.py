"""Model reports: tell the API which models this worker runs."""

import time
from collections.abc import Sequence

import structlog

from api.contract.models import ReportedClass, ReportedModel, WorkerModels
from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.live_models.class_owners import class_owners
from detector.live_models.model_set import ModelSet
from detector.live_models.running_model import RunningModel
from models.cards.class_figure import class_figure

log = structlog.get_logger(__name__)

# A worker that is gone is to be missed within minutes, and a thousand workers may report.
REPORT_SECONDS = 30.0


class ModelReports:
    """Reports what a worker runs: at the start, when it changes, and now and then.

    Belongs to the thread that calls ``send``.

    Args:
        client: The API.
        models: What runs.
        worker: The worker's id.
        pause_seconds: How far apart the calls of ``send`` are at most.
    """

    def __init__(
        self, client: ApiClient, models: ModelSet, worker: str, pause_seconds: float
    ) -> None:
        self._client = client
        self._models = models
        self._worker = worker
        self._next_seconds = max(REPORT_SECONDS, pause_seconds)
        self._sent: tuple[RunningModel, ...] | None = None
        self._sent_at = 0.0
        self._fault = ""

    def send(self) -> None:
        """Report if something changed or the next report is due.

        What cannot be sent is tried again at the next call; that the API is away stops no worker.
        """
        running, now = self._models.models, time.monotonic()
        if running == self._sent and now - self._sent_at < REPORT_SECONDS:
            return
        report = WorkerModels(models=reported(running), next_report_seconds=self._next_seconds)
        try:
            self._client.report_models(self._worker, report)
        except (ApiUnavailableError, ApiRefusedError) as error:
            if str(error) != self._fault:
                log.warning("models_not_reported", reason=str(error))
            self._fault = str(error)
            return
        self._sent, self._sent_at, self._fault = running, now, ""


def reported(running: Sequence[RunningModel]) -> tuple[ReportedModel, ...]:
    """What the API is told of models: each class with the one of them that finds it."""
    owners = class_owners([model.card.class_names for model in running])
    return tuple(
        ReportedModel(
            name=model.card.name,
            version=model.card.version,
            classes=tuple(
                ReportedClass(**class_figure(model.card, name).model_dump())
                for name in model.card.class_names
                if owners[name] == index
            ),
        )
        for index, model in enumerate(running)
    )
