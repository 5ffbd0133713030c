"""The model set: several models over one decoded frame, changed while frames flow."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from api.contract.events import ModelReference
from detector.detections import Detections
from detector.live_models.class_owners import class_owners
from detector.live_models.merged_detections import DetectionMerger
from detector.live_models.running_model import RunningModel
from streams.frame import Frame


@dataclass(frozen=True, slots=True)
class AnalysedFrame:
    """A frame and what the models found in it.

    Attributes:
        frame: The frame.
        detections: Of every model that looked at it; ``class_names`` are those that they own.
        found_by: The model version that finds each of these classes.
    """

    frame: Frame
    detections: Detections
    found_by: Mapping[str, ModelReference]


@dataclass(frozen=True, slots=True)
class _Share:
    """The part of a batch that one model infers."""

    places: Sequence[int]
    found: "Future[list[Detections]]"


class FramesUnderWay:
    """A batch that the models are at work on; made by ``ModelSet.detect``.

    Attributes:
        frames: The batch.
    """

    def __init__(
        self, frames: Sequence[Frame], mergers: Sequence[DetectionMerger], shares: Sequence[_Share]
    ) -> None:
        self.frames = frames
        self._mergers = mergers
        self._shares = shares

    def result(self) -> list[AnalysedFrame]:
        """Wait for all models and return the frames in their order.

        Raises:
            Exception: A model failed; the error that came first, in the models' order.
        """
        found: list[list[Detections]] = [[] for _ in self.frames]
        # Shares stand in the models' order, and so each frame's detections do.
        for share in self._shares:
            for place, detections in zip(share.places, share.found.result(), strict=True):
                found[place].append(detections)
        return [
            AnalysedFrame(frame, merger.merge(several), merger.found_by)
            for frame, merger, several in zip(self.frames, self._mergers, found, strict=True)
        ]


class _Serving:
    """The models that serve at one time. Belongs to whoever holds the set's lock."""

    def __init__(self, models: Sequence[RunningModel]) -> None:
        self.models = tuple(models)
        known = [model.card.class_names for model in self.models]
        self.owners = class_owners(known)
        self._owned = [
            frozenset(name for name, owner in self.owners.items() if owner == index)
            for index in range(len(known))
        ]
        self._mergers: dict[tuple[int, ...], DetectionMerger] = {}

    def indices_for(self, needed: Iterable[str]) -> tuple[int, ...]:
        """Which models have to look where these classes are needed."""
        return tuple(sorted({self.owners[name] for name in needed if name in self.owners}))

    def merger(self, indices: tuple[int, ...]) -> DetectionMerger:
        """What merges the detections of these models."""
        if indices not in self._mergers:
            self._mergers[indices] = DetectionMerger(
                [self.models[index] for index in indices], [self._owned[index] for index in indices]
            )
        return self._mergers[indices]


class ModelSet:
    """Runs on each frame the models that its camera needs, and no others.

    A camera names the visual classes that its issue types look for. Each class belongs to the
    first model of the set that knows it (see ``class_owners``), so a camera whose classes belong
    to one model costs one inference. A camera that needs nothing costs none; its frames come
    back without boxes.

    The models may be changed at any time. A lock lets each batch be handed over whole, either to
    the models before or to those after. The models that left are closed when they have finished
    what was handed to them, so no frame is lost and none is analysed twice.

    One thread calls ``detect``; any thread may call the rest. Use it in ``with``; leaving closes
    the models.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._serving = _Serving(())
        self._needs: Mapping[str, frozenset[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.replace(())

    @property
    def models(self) -> tuple[RunningModel, ...]:
        """The models that serve now, in the order in which they own classes."""
        return self._serving.models

    @property
    def class_names(self) -> frozenset[str]:
        """Every visual class that one of them finds."""
        return frozenset(self._serving.owners)

    def follow(self, needs: Mapping[str, frozenset[str]]) -> None:
        """From now on, these cameras need these visual classes, by camera id."""
        self._needs = dict(needs)

    def replace(self, models: Sequence[RunningModel]) -> None:
        """Let exactly these models serve from the next batch on, and close those that left.

        Returns when the models that left have finished what they had been handed.
        """
        with self._lock:
            earlier, self._serving = self._serving, _Serving(models)
        for model in earlier.models:
            if model not in self._serving.models:
                model.backend.close()

    def detect(self, frames: Sequence[Frame]) -> FramesUnderWay:
        """Hand a batch to the models; waits until they have room for it.

        Raises:
            InferenceError: A backend was closed by someone else.
        """
        needs = self._needs
        with self._lock:
            serving = self._serving
            chosen = [
                serving.indices_for(needs.get(frame.camera_id, frozenset())) for frame in frames
            ]
            shares = []
            for index, model in enumerate(serving.models):
                places = [place for place, indices in enumerate(chosen) if index in indices]
                if places:
                    pictures = [frames[place].picture for place in places]
                    shares.append(_Share(places, model.backend.detect(pictures)))
            mergers = [serving.merger(indices) for indices in chosen]
        return FramesUnderWay(frames, mergers, shares)
