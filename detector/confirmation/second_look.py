"""The second look: another model of the registry looks at a reported place again."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from api.contract.confirmations import ConfirmationStatus
from detector.confirmation.verdict import Verdict
from detector.delivery.open_question import OpenQuestion
from detector.detections import Detections
from detector.geometry.boxes import overlaps
from detector.geometry.picture_crop import PictureCrop
from detector.live_models.running_model import RunningModel
from models.cards.model_card import ModelCard
from models.rules.confirmation import Confirmation
from models.rules.rule import DEFAULT_MINIMUM_SCORE
from streams.kit.errors import CityPatrolError

# Enough around the place for a model to see what the thing stands on.
CROP_MARGIN = 0.5
LEAST_CROP_PIXELS = 160
# Two models seldom draw the same box: most of the smaller one must lie in the larger.
LEAST_SHARED = 0.5
# A model that could not be opened is tried again after this; a registry comes back.
RETRY_SECONDS = 300.0
# The lowest priority that Linux knows.
_LOWEST = 19

OpenModel = Callable[[str], RunningModel]
"""Opens a model by NAME or NAME@VERSION; raises a ``CityPatrolError`` that says why not."""


class SecondModelError(CityPatrolError):
    """The second model cannot be asked."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: str
    retry_at: float


class SecondLook:
    """Confirms an event if a second model finds one of its classes where it was reported.

    The place is cut out of the event's frame at full resolution and enlarged to the model's
    input. A model is opened with its first question and stays open: a newer version under its
    name is taken up by the next run. The thread that enters gets the lowest priority, and so do
    the threads of the models that it opens, so that cameras go first (on Linux).

    Args:
        open_model: Opens the models.
    """

    def __init__(self, open_model: OpenModel) -> None:
        self._open_model = open_model
        self._opened: dict[str, RunningModel] = {}
        self._refused: dict[str, _Refusal] = {}

    async def __aenter__(self) -> Self:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)
        return self

    async def __aexit__(self, *exception: object) -> None:
        for model in self._opened.values():
            model.backend.close()

    async def answer(self, question: OpenQuestion) -> Verdict:
        """Look at the place of a question again.

        Raises:
            CityPatrolError: The model cannot be opened or fails, knows none of the classes, or
                the frame cannot be decoded.
        """
        asks = question.record.asks
        model = self._model(asks.model or "")
        card = model.card
        known = [name for name in asks.classes if name in card.class_names]
        if not known:
            raise SecondModelError(f"{card.model_version} knows none of {', '.join(asks.classes)}")
        picture = question.picture()
        crop = PictureCrop.around(picture, question.boxes, CROP_MARGIN, LEAST_CROP_PIXELS)
        (found,) = await asyncio.wrap_future(model.backend.detect([crop.of(picture)]))
        scores = _scores_there(found, crop.in_picture(picture, found.boxes), question.boxes)
        return _verdict(asks, card, [(name, scores[name]) for name in known if name in scores])

    def _model(self, name: str) -> RunningModel:
        opened = self._opened.get(name)
        if opened is not None:
            return opened
        refused = self._refused.get(name)
        if refused is not None and time.monotonic() < refused.retry_at:
            raise SecondModelError(refused.reason)
        try:
            opened = self._opened[name] = self._open_model(name)
        except CityPatrolError as error:
            reason = f"second model {name} cannot be opened: {error}"
            self._refused[name] = _Refusal(reason, time.monotonic() + RETRY_SECONDS)
            raise SecondModelError(reason) from error
        return opened


def _scores_there(
    found: Detections, boxes: npt.NDArray[np.float32], sighted: npt.NDArray[np.float32]
) -> dict[str, float]:
    """The highest score of each class among the boxes that lie where something was sighted."""
    there = (overlaps(boxes, sighted).inside >= LEAST_SHARED).any(axis=1)
    scores: dict[str, float] = {}
    for index in np.flatnonzero(there):
        name, score = found.class_name(int(index)), float(found.scores[index])
        scores[name] = max(score, scores.get(name, 0.0))
    return scores


def _verdict(asks: Confirmation, card: ModelCard, found: Sequence[tuple[str, float]]) -> Verdict:
    said = ", ".join(f"{name} with score {score:.2f}" for name, score in found) or "nothing"
    reason, model = f"found there: {said}", str(card.model_version)
    if any(score >= _least_score(asks, card, name) for name, score in found):
        return Verdict(ConfirmationStatus.CONFIRMED, reason, model=model)
    unknown = [name for name in asks.classes if name not in card.class_names]
    if unknown:
        reason = f"{reason}; the model does not know {', '.join(unknown)}"
        return Verdict(ConfirmationStatus.UNSURE, reason, model=model)
    return Verdict(ConfirmationStatus.REFUTED, reason, model=model)


def _least_score(asks: Confirmation, card: ModelCard, name: str) -> float:
    if asks.minimum_score is not None:
        return asks.minimum_score
    return card.thresholds.get(name, DEFAULT_MINIMUM_SCORE)
