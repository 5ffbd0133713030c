"""Merged detections: what several models found in one frame, as if one had found it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from api.contract.events import ModelReference
from detector.detections import Detections
from detector.live_models.running_model import RunningModel
from models.rules.rule import DEFAULT_MINIMUM_SCORE


class DetectionMerger:
    """Merges what certain models found in a frame; of each model only the classes it owns.

    Args:
        models: The models that look at the frame.
        owned: The classes that each of them owns; no class stands twice.

    Attributes:
        class_names: Every class that they would have found.
        found_by: The model version that finds each of these.
    """

    def __init__(self, models: Sequence[RunningModel], owned: Sequence[frozenset[str]]) -> None:
        found_by: dict[str, ModelReference] = {}
        thresholds: list[float] = []
        self._places: list[npt.NDArray[np.int64]] = []
        self._least_scores: list[npt.NDArray[np.float32]] = []
        for model, own in zip(models, owned, strict=True):
            places = np.full(len(model.card.class_names), -1, np.int64)
            for index, name in enumerate(model.card.class_names):
                if name in own:
                    places[index] = len(found_by)
                    found_by[name] = model.reference
                    thresholds.append(model.card.thresholds.get(name, DEFAULT_MINIMUM_SCORE))
            self._places.append(places)
            least = [model.least_score(name) for name in model.card.class_names]
            self._least_scores.append(np.array(least, np.float32))
        self._class_thresholds = tuple(thresholds)
        self.class_names = tuple(found_by)
        self.found_by: Mapping[str, ModelReference] = MappingProxyType(found_by)

    def merge(self, found: Sequence[Detections]) -> Detections:
        """Merge the detections of one frame, one per model in the models' order."""
        boxes = [np.zeros((0, 4), np.float32)]
        scores = [np.zeros(0, np.float32)]
        class_ids = [np.zeros(0, np.int64)]
        for places, least, detections in zip(self._places, self._least_scores, found, strict=True):
            placed = places[detections.class_ids]
            kept = (placed >= 0) & (detections.scores >= least[detections.class_ids])
            boxes.append(detections.boxes[kept])
            scores.append(detections.scores[kept])
            class_ids.append(placed[kept])
        return Detections(
            boxes=np.concatenate(boxes),
            scores=np.concatenate(scores),
            class_ids=np.concatenate(class_ids),
            class_names=self.class_names,
            class_thresholds=self._class_thresholds,
        )
