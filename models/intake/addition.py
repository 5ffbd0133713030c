"""Adding model files of any kind to the registry."""

import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from models.cards.artefact import ArtefactFormat
from models.cards.model_card import CARD_FILE_NAME, write_card
from models.cards.stored_model import InstalledModel, load_model
from models.intake.export import export_to_onnx
from models.intake.file_metadata import FileMetadata, metadata_of
from models.intake.model_file import GivenFacts, card_of_file
from models.registry.registry import Registry, RegistryError
from streams.kit.errors import CityPatrolError


class AdditionError(CityPatrolError):
    """What was given cannot be added as it was asked for."""


def add_to_registry(
    path: Path, registry: Registry, input_pixels: int, given: GivenFacts
) -> InstalledModel:
    """Add a model file, or a folder with a card, to ``registry``.

    Args:
        path: Trained weights (.pt), which are exported to ONNX and kept beside the export; an
            .onnx file; an OpenVINO .xml file with its .bin file; a TensorRT .engine file; or a
            folder with a ``card.yaml``.
        registry: Where to add it.
        input_pixels: Side of the input that .pt weights are exported for, and of a file that
            does not say its size.
        given: What the user says of it.

    Raises:
        AdditionError: Something was given that the folder's card or the weights say themselves.
        CityPatrolError: See ``Registry.add``, ``export_to_onnx`` and ``card_of_file``.
    """
    if path.is_dir():
        if given != GivenFacts():
            raise AdditionError(
                f"{path}: its {CARD_FILE_NAME} says all that there is to say; write name, "
                "version and the rest there"
            )
        _check_runs(load_model(path))
        return registry.add(path)
    if path.suffix.lower() == ".pt":
        if given.class_names:
            raise AdditionError(
                f"weights {path} name their classes themselves: leave out --classes"
            )
        return export_to_onnx(path, registry, input_pixels, given)
    return _add_file(path, _sized(metadata_of(path), input_pixels), registry, given)


def _sized(metadata: FileMetadata, input_pixels: int) -> FileMetadata:
    return replace(metadata, input_size=metadata.input_size or (input_pixels, input_pixels))


def _add_file(
    path: Path, metadata: FileMetadata, registry: Registry, given: GivenFacts
) -> InstalledModel:
    card = card_of_file(path, metadata, given)
    card = card.model_copy(update={"created_at": datetime.now(UTC)})
    _check_runs(InstalledModel(card, path.parent))
    with tempfile.TemporaryDirectory(prefix="citypatrol-add-") as folder:
        draft = Path(folder)
        try:
            for file in card.artefacts[0].files:
                shutil.copyfile(path.parent / file.path, draft / file.path)
            write_card(card, draft / CARD_FILE_NAME)
        except OSError as error:
            raise RegistryError(
                f"model file {path} cannot be copied to {draft}: {error.strerror or error}; "
                "name a folder with room in $TMPDIR"
            ) from None
        return registry.add(draft)


def _check_runs(model: InstalledModel) -> None:
    """Refuse what a worker could load and not read, rather than when it is first run."""
    # Late, since a command that lists models runs where OpenVINO is not installed.
    from models.intake.openvino_graph import read_graph  # noqa: PLC0415
    from models.intake.output_layout import check_output_layout  # noqa: PLC0415

    for artefact in model.card.artefacts:
        if artefact.format in {ArtefactFormat.ONNX, ArtefactFormat.OPENVINO}:
            path = model.path_of(artefact)
            check_output_layout(read_graph(path), path, model.card)
