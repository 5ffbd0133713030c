"""Live models: keeps the models that a worker runs those that are live."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from api.contract.models import LiveModel
from detector.delivery.api_client import ApiClient, ApiRefusedError, ApiUnavailableError
from detector.live_models.model_opener import ModelOpener
from detector.live_models.model_set import ModelSet
from detector.live_models.running_model import RunningModel
from models.cards.model_card import ModelCard, ModelFileError
from models.cards.stored_model import files_of
from models.intake.installed_model import find_model
from models.model_version import ModelVersion
from models.registry.registry_access import open_registry
from models.registry.settings import ModelSettings
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# A refused model is tried again after this: its registry may have been away. Opening one costs
# seconds of CPU time, so not at each look at the list.
RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A live version that could not be opened.

    Attributes:
        fault: Why, in one line.
        retry_at: Monotonic time of the next try.
    """

    fault: str
    retry_at: float


class LiveModels:
    """Fills a ``ModelSet`` with the live model versions of an API, and keeps it up to date.

    A version is fetched from the registry, compared with the hashes that were promoted, loaded
    and tried on its self-test before it takes over. One that does not get through is refused: the
    version of that model that ran before goes on, and the refusal stands in ``faults``. Where
    none ran before, the worker's own model stands in.

    The worker's own model, which is the shipped one, also runs where nothing is live. With
    ``--weights`` it is that one, always runs, and the API is not asked.

    Belongs to the thread that calls ``follow``; ``faults`` may be read from any.

    Args:
        models: Where the models serve.
        opener: Opens them.
        settings: The registry, and the worker's own model.
        client: The API.
    """

    def __init__(
        self, models: ModelSet, opener: ModelOpener, settings: ModelSettings, client: ApiClient
    ) -> None:
        self._models = models
        self._opener = opener
        self._settings = settings
        self._client = client
        self._own: RunningModel | None = None
        self._own_refusal: _Refusal | None = None
        self._refused: dict[LiveModel, _Refusal] = {}
        self._api_fault = ""
        self._has_served = False

    @property
    def faults(self) -> list[str]:
        """Why which models do not run, one line each."""
        own = [] if self._own_refusal is None else [self._own_refusal]
        return [refusal.fault for refusal in (*self._refused.values(), *own)]

    def follow(self) -> None:
        """Run what is live now. What ran before goes on while the API does not answer.

        Raises:
            CityPatrolError: Nothing is live, the worker's own model cannot be opened, and
                nothing ran yet.
        """
        live = () if self._settings.weights is not None else self._live()
        if live is None:
            return
        self._refused = {
            wanted: self._refused[wanted] for wanted in live if wanted in self._refused
        }
        serving = [model for wanted in live if (model := self._version(wanted)) is not None]
        if not live or len(serving) < len(live):
            own = self._own_model()
            if own is not None and own not in serving:
                serving.append(own)
        self._change(serving)

    def _live(self) -> Sequence[LiveModel] | None:
        try:
            live = self._client.live_models()
        except (ApiUnavailableError, ApiRefusedError) as error:
            if str(error) != self._api_fault:
                log.warning("live_models_not_read", reason=str(error))
            self._api_fault = str(error)
            return None
        self._api_fault = ""
        return live

    def _version(self, wanted: LiveModel) -> RunningModel | None:
        """The wanted version if it runs or can be opened, else the one that ran before."""
        running = next((one for one in self._models.models if one.card.name == wanted.name), None)
        if running is not None and _is_version(running.card, wanted):
            return running
        refused = self._refused.get(wanted)
        if refused is not None and time.monotonic() < refused.retry_at:
            return running
        try:
            opened = self._open(wanted)
        except Exception as error:  # noqa: BLE001 - no model may end a worker that runs others
            self._refused[wanted] = self._refuse(f"{wanted.name}@{wanted.version}", error, refused)
            return running
        self._refused.pop(wanted, None)
        return opened

    def _open(self, wanted: LiveModel) -> RunningModel:
        registry = open_registry(self._settings)
        installed = registry.fetch(ModelVersion(name=wanted.name, version=wanted.version))
        if not _is_version(installed.card, wanted):
            raise ModelFileError(
                f"{installed.card.model_version} in {registry.address} has other files than the "
                "version that was promoted: bring that one there, or promote this one under a "
                "new version"
            )
        return self._opener.open(installed)

    def _own_model(self) -> RunningModel | None:
        refused = self._own_refusal
        if self._own is None and (refused is None or time.monotonic() >= refused.retry_at):
            try:
                self._own = self._opener.open(find_model(self._settings))
                self._own_refusal = None
            except CityPatrolError as error:
                if not self._has_served and not self._refused:
                    raise
                self._own_refusal = self._refuse("the worker's own", error, refused)
        return self._own

    def _change(self, serving: Sequence[RunningModel]) -> None:
        self._has_served = True
        if tuple(serving) == self._models.models:
            return
        self._models.replace(serving)
        if self._own not in serving:
            self._own = None
        log.info("models_changed", models=[str(model) for model in serving])

    @staticmethod
    def _refuse(what: str, error: Exception, earlier: _Refusal | None) -> _Refusal:
        fault = f"model {what} is refused: {error or type(error).__name__}"
        if earlier is None or fault != earlier.fault:
            unexpected = None if isinstance(error, CityPatrolError) else error
            log.error("model_refused", model=what, reason=str(error), exc_info=unexpected)
        return _Refusal(fault, time.monotonic() + RETRY_SECONDS)


def _is_version(card: ModelCard, wanted: LiveModel) -> bool:
    promoted = {file.path: file.sha256 for file in wanted.files}
    there = {file.path: file.sha256 for file in files_of(card)}
    return card.version == wanted.version and promoted == there
