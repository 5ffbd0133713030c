"""Opening model versions: checked, loaded, and tried on their self-test."""

import structlog

from detector.inference.openvino_backend import OpenVinoBackend
from detector.inference.self_test import run_self_test
from detector.inference.settings import DetectorSettings
from detector.live_models.running_model import RunningModel
from models.cards.model_card import ModelCard
from models.cards.stored_model import InstalledModel
from streams.kit.stage_costs import StageCosts

log = structlog.get_logger(__name__)

# Below it a backend drowns in boxes that are none.
LEAST_CONFIDENCE = 0.01


class ModelOpener:
    """Makes running models of installed ones.

    Any thread may call it. The models that it opens are closed by whoever runs them.

    Args:
        settings: Device, precision and thresholds.
        costs: Where their CPU time is booked.
    """

    def __init__(self, settings: DetectorSettings, costs: StageCosts) -> None:
        self._settings = settings
        self._costs = costs

    def open(self, installed: InstalledModel) -> RunningModel:
        """Open a model, in the form that suits the device.

        Raises:
            ModelFileError: A file is missing, is not what the card says, or is no detection model.
            InferenceError: The device cannot run the model.
            SelfTestError: The model does not find what its card says.
        """
        backend = OpenVinoBackend(installed, self._settings_for(installed.card), self._costs)
        try:
            result = run_self_test(installed, backend)
        except BaseException:
            backend.close()
            raise
        log.info(
            "model_opened",
            model=str(installed.card.model_version),
            format=str(backend.artefact.format),
            precision=str(backend.artefact.precision),
            classes=len(installed.card.classes),
            self_test="none" if result is None else "passed",
        )
        return RunningModel(backend, self._settings.confidence)

    def _settings_for(self, card: ModelCard) -> DetectorSettings:
        # The backend must also give boxes that only the card's thresholds or its self-test take.
        scores = [self._settings.confidence, *card.thresholds.values()]
        if card.self_test is not None:
            scores += [expected.minimum_score for expected in card.self_test.expected]
        lowest = max(min(scores), LEAST_CONFIDENCE)
        return self._settings.model_copy(update={"confidence": lowest})
