"""Model versions in a registry, for tests."""

from datetime import datetime
from pathlib import Path

from models.cards.model_card import CARD_FILE_NAME, ModelCard, read_card, write_card
from models.cards.stored_model import InstalledModel
from models.model_version import parse_model_version
from models.registry.folder_registry import FolderRegistry
from tests.colour_model import write_colour_model


def write_draft(folder: Path, version: str, **changes: object) -> Path:
    """Write the colour model under another name and version, with changes to its card."""
    write_colour_model(folder)
    named = parse_model_version(version)
    card = read_card(folder / CARD_FILE_NAME)
    fields = {**card.model_dump(), "name": named.name, "version": named.version, **changes}
    write_card(ModelCard.model_validate(fields), folder / CARD_FILE_NAME)
    return folder


def install(folder: Path, version: str, created_at: datetime | None = None) -> InstalledModel:
    """Add the colour model to the registry in ``folder``."""
    draft = write_draft(
        folder.parent / f"draft-{version}-{folder.name}", version, created_at=created_at
    )
    return FolderRegistry(folder).add(draft)
