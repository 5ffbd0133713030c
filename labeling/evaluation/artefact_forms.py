"""The forms of a model: which of them run here, and which one is meant."""

from dataclasses import replace

from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.artefact_choice import chosen_artefact
from models.cards.model_card import ModelCard, ModelFileError
from models.cards.stored_model import InstalledModel

# What OpenVINO runs, its own form first: it is what a worker would take.
_RUNNABLE_FORMATS = (ArtefactFormat.OPENVINO, ArtefactFormat.ONNX)


def only_with(model: InstalledModel, artefact: Artefact) -> InstalledModel:
    """The same model as if ``artefact`` were all there is, so that a backend takes that."""
    return replace(model, card=model.card.model_copy(update={"artefacts": (artefact,)}))


def runnable_artefacts(card: ModelCard) -> list[Artefact]:
    """Every artefact that OpenVINO runs, each precision in one form only, float ones first."""
    chosen: dict[ArtefactPrecision, Artefact] = {}
    for form in _RUNNABLE_FORMATS:
        for artefact in card.artefacts:
            if artefact.format is form:
                chosen.setdefault(artefact.precision, artefact)
    return [chosen[precision] for precision in ArtefactPrecision if precision in chosen]


def asked_artefact(card: ModelCard, wanted: str | None, device: str) -> Artefact:
    """The artefact of a card that a user named, or what a worker would run on ``device``.

    Args:
        card: The model.
        wanted: "FORMAT:PRECISION", or None.
        device: OpenVINO's name of the device.

    Raises:
        ModelFileError: The card has none like that, or none that OpenVINO runs.
    """
    if wanted is None:
        return chosen_artefact(card, device)
    runnable = {
        f"{artefact.format}:{artefact.precision}": artefact
        for artefact in card.artefacts
        if artefact.format in _RUNNABLE_FORMATS
    }
    if wanted not in runnable:
        raise ModelFileError(
            f"--artefact {wanted}: model {card.model_version} has no such form that runs "
            f"here; it has {', '.join(runnable) or 'none'}"
        )
    return runnable[wanted]
