"""Keeping what was measured in the card of a model version."""

import os
import tempfile
from pathlib import Path

from models.cards.model_card import CARD_FILE_NAME, ModelCard, write_card
from models.cards.training_record import SetResult
from models.model_version import ModelVersion
from models.registry.folder_registry import FolderRegistry
from models.registry.registry import RegistryError
from models.registry.shipped_weights import RegistryWithShipped


def folder_that_keeps(registry: RegistryWithShipped, version: ModelVersion) -> FolderRegistry:
    """The registry folder in which results of ``version`` can be kept.

    Raises:
        RegistryError: The version's card is not ours to write.
    """
    if registry.is_shipped(version):
        raise RegistryError(
            f"--record: model {version} came with CityPatrol and is never written; copy its folder "
            "into a registry of your own under another version to keep results"
        )
    if not isinstance(registry.own, FolderRegistry):
        raise RegistryError(
            f"--record: results can be kept in a registry folder only, not in {registry.address}; "
            "evaluate a version before it is added there"
        )
    return registry.own


def record_result(registry: FolderRegistry, version: ModelVersion, result: SetResult) -> None:
    """Put ``result`` into the card of ``version``.

    It takes the place of an earlier result of the same set, split and form. The version itself
    stays what it is: its files are not touched, and the card is replaced in one step.

    Raises:
        UnknownModelVersionError: The registry does not hold the version.
        RegistryError: The card cannot be written.
    """
    card = registry.card(version)
    others = [kept for kept in card.results if _measured(kept) != _measured(result)]
    folder = registry.folder / version.name / version.version
    try:
        _replace_card(card.model_copy(update={"results": (*others, result)}), folder)
    except OSError as error:
        raise RegistryError(
            f"--record: the card of {version} in {folder} cannot be written: "
            f"{error.strerror or error}"
        ) from None


def _measured(result: SetResult) -> tuple[str | bool, ...]:
    form = (result.format, result.precision)
    return (result.set_name, result.split, *form, result.by_stand_in)


def _replace_card(card: ModelCard, folder: Path) -> None:
    # Within the folder, so that the move is one step; a reader sees the old card or the new one.
    descriptor, name = tempfile.mkstemp(prefix=".card-", dir=folder)
    os.close(descriptor)
    written = Path(name)
    try:
        write_card(card, written)
        written.chmod((folder / CARD_FILE_NAME).stat().st_mode)
        written.replace(folder / CARD_FILE_NAME)
    finally:
        written.unlink(missing_ok=True)
