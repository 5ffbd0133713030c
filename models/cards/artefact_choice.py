"""Choosing the artefact of a model version that a device should run."""

from collections.abc import Sequence
from statistics import fmean

from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelCard, ModelFileError
from models.cards.training_record import SetResult

# OpenVINO's own form starts without conversion.
_RUNNABLE_FORMATS = (ArtefactFormat.OPENVINO, ArtefactFormat.ONNX)
_FLOAT_PRECISIONS = (ArtefactPrecision.FLOAT32, ArtefactPrecision.FLOAT16)

# INT8 is twice as fast as float32 on a CPU, and a tenth faster than bfloat16 where a CPU has it;
# for that a model may lose one point, not more.
MOST_LOST_MAP50_95 = 0.01
# A class of one box has an AP of 1 or of a third, whatever the numbers are made of.
LEAST_BOXES = 10


def chosen_artefact(card: ModelCard, device: str = "CPU") -> Artefact:
    """The artefact that OpenVINO should run.

    On a CPU that is the INT8 one where the card's own results show that its mAP50-95, the
    mean over the sets on which both were measured, is at most one point below the float
    model's; classes of which a set has fewer than ten boxes do not count. Otherwise it is a
    float one, and INT8 only where there is nothing else.

    Args:
        card: The model version.
        device: OpenVINO's name of the device.

    Raises:
        ModelFileError: The version has no artefact that OpenVINO runs.
    """
    floats, integers = (
        _runnable(card, _FLOAT_PRECISIONS),
        _runnable(card, (ArtefactPrecision.INT8,)),
    )
    if not floats and not integers:
        there = ", ".join(f"{one.format} {one.precision}" for one in card.artefacts)
        raise ModelFileError(
            f"model {card.model_version} has only {there}: OpenVINO runs onnx and openvino; "
            "add the model as one of these with `citypatrol models add`"
        )
    if device.upper().startswith("CPU"):
        for integer in integers:
            if _is_as_good(card, integer, floats):
                return integer
    return [*floats, *integers][0]


def _runnable(card: ModelCard, precisions: Sequence[ArtefactPrecision]) -> list[Artefact]:
    found = (card.artefact(form, one) for form in _RUNNABLE_FORMATS for one in precisions)
    return [artefact for artefact in found if artefact is not None]


def _is_as_good(card: ModelCard, integer: Artefact, floats: Sequence[Artefact]) -> bool:
    measured = _scores(card, integer)
    for artefact in floats:
        against = _scores(card, artefact)
        both = measured.keys() & against.keys()
        if both:
            lost = fmean(against[key] for key in both) - fmean(measured[key] for key in both)
            return lost <= MOST_LOST_MAP50_95
    return False


def _scores(card: ModelCard, artefact: Artefact) -> dict[tuple[str, str, int], float]:
    scores = {
        (result.set_name, result.split, result.pictures): _score(result)
        for result in card.results
        if (result.format, result.precision) == (artefact.format, artefact.precision)
        # A stand-in's files are not this version's.
        and not result.by_stand_in
    }
    return {key: score for key, score in scores.items() if score is not None}


def _score(result: SetResult) -> float | None:
    """The mean over the classes with boxes enough; None if there is none."""
    if not result.classes:
        return result.map50_95
    told = [one.ap50_95 for one in result.classes if one.boxes >= LEAST_BOXES]
    return fmean(told) if told else None
