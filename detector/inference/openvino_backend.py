"""Inference with OpenVINO: Intel and AMD CPUs, Intel GPUs and NPUs."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Self

import numpy as np
import openvino
import structlog
from openvino.preprocess import ColorFormat, PrePostProcessor

from detector.detections import Detections
from detector.inference.backend import InferenceError
from detector.inference.engine_threads import EngineThreads
from detector.inference.letterbox import PADDING_GREY, Letterbox
from detector.inference.pending_pictures import PendingPictures
from detector.inference.settings import DetectorSettings, Precision
from detector.inference.yolo_output import (
    FoundBoxes,
    ModelOutputError,
    Thresholds,
    read_output,
)
from models.cards.artefact import Artefact
from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import ModelCard, ModelFileError
from models.cards.stored_model import InstalledModel
from models.intake.openvino_graph import read_graph
from models.intake.output_layout import output_layout
from streams.frame import Picture
from streams.kit.stage_costs import Stage, StageCosts

log = structlog.get_logger(__name__)

# The CPU time of the engine's own threads is read at most this often; reading costs about
# 0.02 ms per thread of the process.
_BOOKING_INTERVAL_SECONDS = 1.0


class OpenVinoBackend:
    """Runs a model with OpenVINO.

    Each picture is one inference request, as many at a time as the engine wants for best
    throughput, plus one that is prepared or read meanwhile. On 2 cores of an AMD EPYC with
    YOLO11n at 640 pixels this gave 50 pictures/s, where batches of 4 gave 46 and the latency
    hint gave 42: a CPU gains nothing from a batch.

    A thread of a pool prepares the picture, infers and reads the output. OpenVINO's own queue
    of requests is not used: it loses the call-back of a request that fails and serves none
    after it.

    By default the engine chooses the precision: bfloat16 where the CPU has it, which gave 90
    pictures/s instead of 50 on that machine. On 128 COCO pictures AP50 was 0.640 both ways,
    every box of score 0.25 or more had its like with IoU > 0.9, and the scores differed by
    0.004 (median) and 0.08 (most).

    Any thread may call ``detect``.

    Args:
        installed: The model.
        settings: Thresholds and device.
        costs: Where CPU time is booked: PREPARE for fitting pictures, INFER for the rest.

    Raises:
        ModelFileError: The file is no detection model that matches its card.
        InferenceError: The device is not there or cannot run the model.
    """

    def __init__(
        self, installed: InstalledModel, settings: DetectorSettings, costs: StageCosts
    ) -> None:
        self.card: ModelCard = installed.card
        self.artefact: Artefact = chosen_artefact(installed.card, settings.device)
        self._thresholds = Thresholds(settings.confidence, settings.iou)
        self._costs = costs
        self._engine_threads = EngineThreads()
        self._booking = threading.Lock()
        self._booked_seconds = 0.0
        self._next_booking = 0.0
        path = installed.path_of(self.artefact)
        compiled = _compile(path, installed.card, settings)
        outputs = [output.get_partial_shape() for output in compiled.outputs]
        self._layout = output_layout(outputs, path, installed.card)
        count = compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS") + 1
        self._idle: SimpleQueue[openvino.InferRequest] = SimpleQueue()
        for _ in range(count):
            self._idle.put(_new_request(compiled))
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="inference")
        self._warm_up(count)
        log.info(
            "backend_ready",
            model=self.card.name,
            version=self.card.version,
            artefact=f"{self.artefact.format} {self.artefact.precision}",
            device=settings.device,
            precision=_precision(compiled),
            requests=count,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def detect(self, pictures: Sequence[Picture]) -> Future[list[Detections]]:
        """Start inference of ``pictures``; see ``Backend.detect``."""
        pending = PendingPictures(len(pictures))
        for index, picture in enumerate(pictures):
            request = self._idle.get()
            try:
                self._pool.submit(self._serve, request, picture, pending, index)
            except RuntimeError:
                self._idle.put(request)
                raise InferenceError(f"the backend of model {self.card.name!r} is closed") from None
        return pending.future

    def close(self) -> None:
        """Finish what is under way and end the threads. May be called twice."""
        self._pool.shutdown(wait=True)
        self._book_engine()

    def _warm_up(self, count: int) -> None:
        # The first inference of each request allocates its memory and starts engine threads. The
        # very first goes alone, see _new_request.
        size = self.card.preprocessing
        grey = np.full((size.input_height, size.input_width, 3), PADDING_GREY, np.uint8)
        try:
            self.detect([grey]).result()
            self.detect([grey] * count).result()
        except BaseException:
            self._pool.shutdown(wait=True)
            raise
        self._engine_threads.note_started()
        self._booked_seconds = self._engine_threads.cpu_seconds()

    def _serve(
        self,
        request: openvino.InferRequest,
        picture: Picture,
        pending: PendingPictures,
        index: int,
    ) -> None:
        try:
            detections = self._detections(request, picture)
        except BaseException as error:  # noqa: BLE001 - goes to whoever waits for the result
            self._idle.put(request)
            pending.failed(error)
        else:
            self._idle.put(request)
            pending.found(index, detections)
        if time.monotonic() >= self._next_booking:
            self._book_engine()

    def _detections(self, request: openvino.InferRequest, picture: Picture) -> Detections:
        with self._costs.measure(Stage.PREPARE):
            size = self.card.preprocessing
            letterbox = Letterbox.fitting(picture, size.input_width, size.input_height)
            network_picture = letterbox.apply(picture)
        with self._costs.measure(Stage.INFER):
            found = self._infer(request, network_picture)
            return Detections(
                boxes=letterbox.fractions(found.boxes),
                scores=np.clip(found.scores, 0.0, 1.0),
                class_ids=found.class_ids,
                class_names=self.card.class_names,
            )

    def _infer(self, request: openvino.InferRequest, network_picture: Picture) -> FoundBoxes:
        np.copyto(request.get_input_tensor().data[0], network_picture)
        try:
            request.start_async()
            request.wait()
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1].strip()
            raise InferenceError(
                f"model {self.card.name!r} failed on a picture: {reason}"
            ) from None
        try:
            return read_output(request.get_output_tensor().data[0], self._layout, self._thresholds)
        except ModelOutputError as error:
            raise ModelOutputError(f"model {self.card.name!r}: {error}") from None

    def _book_engine(self) -> None:
        with self._booking:
            self._next_booking = time.monotonic() + _BOOKING_INTERVAL_SECONDS
            spent = self._engine_threads.cpu_seconds()
            self._costs.add(Stage.INFER, spent - self._booked_seconds)
            self._booked_seconds = spent


def _compile(path: Path, card: ModelCard, settings: DetectorSettings) -> openvino.CompiledModel:
    options: dict[str, object] = {"PERFORMANCE_HINT": "THROUGHPUT"}
    if settings.precision is Precision.FLOAT32:
        options["INFERENCE_PRECISION_HINT"] = "f32"
    if settings.inference_threads:
        options["INFERENCE_NUM_THREADS"] = settings.inference_threads
    model = read_graph(path)
    size = card.preprocessing
    try:
        model.reshape([1, 3, size.input_height, size.input_width])
        model = _with_uint8_input(model, size.scale)
    except RuntimeError as error:
        raise ModelFileError(
            f"model {card.name!r} ({path}) takes no picture of "
            f"{size.input_width} x {size.input_height} pixels: {_last_line(error)}"
        ) from None
    try:
        return openvino.Core().compile_model(model, settings.device, options)
    except RuntimeError as error:
        raise InferenceError(
            f"OpenVINO cannot run model {card.name!r} on device {settings.device!r}; "
            f"it has {openvino.Core().available_devices}: {_last_line(error)}"
        ) from None


def _new_request(compiled: openvino.CompiledModel) -> openvino.InferRequest:
    # OpenVINO's binding sets itself up when it first hands out or takes an array. Two threads
    # that come to that at once wait for each other for ever (2026.4), one of them with Python's
    # lock in its hand. So both happen here, in the one thread that opens the backend.
    request = compiled.create_infer_request()
    request.get_input_tensor().data[...] = PADDING_GREY
    request.get_output_tensor().data.max()
    return request


def _with_uint8_input(model: openvino.Model, scale: float) -> openvino.Model:
    """Let the engine turn uint8 BGR pictures into the floats that the model was trained on."""
    steps = PrePostProcessor(model)
    picture = steps.input()
    picture.tensor().set_element_type(openvino.Type.u8)
    picture.tensor().set_layout(openvino.Layout("NHWC")).set_color_format(ColorFormat.BGR)
    picture.model().set_layout(openvino.Layout("NCHW"))
    picture.preprocess().convert_element_type(openvino.Type.f32)
    picture.preprocess().convert_color(ColorFormat.RGB).scale(1 / scale)
    return steps.build()


def _precision(compiled: openvino.CompiledModel) -> str:
    return str(compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name())


def _last_line(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip()
