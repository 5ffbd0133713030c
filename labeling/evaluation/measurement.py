"""Measuring one artefact of a model on one split of a data set."""

from collections.abc import Sequence
from dataclasses import dataclass

from detector.detections import Detections
from detector.inference.openvino_backend import OpenVinoBackend
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.labelled_picture import LabelledPicture
from labeling.evaluation.artefact_forms import only_with
from labeling.evaluation.evaluate import Examination, evaluate
from labeling.evaluation.examined_picture import REPEAT_IOU
from labeling.evaluation.picture_detection import DetectedPictures, detect_pictures
from labeling.evaluation.set_evaluation import SetEvaluation
from labeling.evaluation.settings import EvaluationSettings
from models.cards.artefact import Artefact
from models.cards.stored_model import InstalledModel
from streams.kit.stage_costs import StageCosts


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """What came out.

    Attributes:
        evaluation: How well it does.
        pictures_per_second: Pictures read and looked at per second.
    """

    evaluation: SetEvaluation
    pictures_per_second: float


def measure_model(
    model: InstalledModel,
    artefact: Artefact,
    data_set: DataSet,
    split: str,
    settings: EvaluationSettings,
) -> Measurement:
    """Run ``artefact`` of ``model`` over a split, as a worker would run it, and score it.

    Raises:
        EvaluationError: There is no such split, it is empty, or nothing can be scored in it.
        ModelFileError: The artefact is damaged or no detection model.
        InferenceError: The device is not there, or the model failed on a picture.
        PictureError: A picture cannot be read.
    """
    detected: list[DetectedPictures] = []

    def detect(pictures: Sequence[LabelledPicture]) -> Sequence[Detections]:
        title = f"{data_set.name} {split}, {artefact.format} {artefact.precision}"
        detector = settings.detector_settings(REPEAT_IOU)
        with OpenVinoBackend(only_with(model, artefact), detector, StageCosts()) as backend:
            detected.append(detect_pictures(backend, pictures, title))
        return detected[0].found

    examination = Examination(model.card.class_names, model.card.preprocessing, settings.precision)
    evaluation = evaluate(detect, data_set, split, examination)
    return Measurement(evaluation, detected[0].pictures_per_second)
