"""A model registry in a folder."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.cards.model_card import CARD_FILE_NAME, ModelCard, ModelCardError, read_card
from models.cards.stored_model import InstalledModel, files_of, load_model
from models.model_version import ModelVersion
from models.registry.registry import (
    RegistryContent,
    RegistryError,
    RegistryFault,
    misplaced,
    newest_first,
    same_model,
    taken,
    unknown,
)

_OUTDATED = (
    "outdated: it was exported by CityPatrol 0.1 before models had versions; add its weights "
    "again with `citypatrol models add`, then delete this folder"
)


@dataclass(frozen=True, slots=True)
class FolderRegistry:
    """A model registry in a folder; the folder is made when the first version is added.

    Attributes:
        folder: Where it lies.
        option: The command line's option that names it, for errors.
    """

    folder: Path
    option: str = "--registry"

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def content(self) -> RegistryContent:
        """Read every card; see ``Registry.content``."""
        cards, faults = [], []
        for path in self._card_paths():
            place = path.parent.relative_to(self.folder).as_posix()
            try:
                card = read_card(path)
            except ModelCardError as error:
                faults.append(RegistryFault(place, str(error)))
                continue
            if place == f"{card.name}/{card.version}":
                cards.append(card)
            else:
                faults.append(RegistryFault(place, misplaced(str(path), card)))
        faults += [RegistryFault(folder.name, _OUTDATED) for folder in self._outdated_folders()]
        return RegistryContent(newest_first(cards), tuple(faults))

    def versions(self) -> list[ModelVersion]:
        """The versions with a readable card; see ``Registry.versions``."""
        return [card.model_version for card in self.content().cards]

    def card(self, version: ModelVersion) -> ModelCard:
        """The card of one version; see ``Registry.card``."""
        path = self._folder_of(version) / CARD_FILE_NAME
        if not path.is_file():
            raise unknown(version, self.address)
        card = read_card(path)
        if card.model_version != version:
            raise ModelCardError(misplaced(str(path), card))
        return card

    def fetch(self, version: ModelVersion) -> InstalledModel:
        """One version, every file checked; see ``Registry.fetch``."""
        model = InstalledModel(self.card(version), self._folder_of(version))
        model.check()
        return model

    def add(self, draft: Path) -> InstalledModel:
        """Add a version; see ``Registry.add``."""
        model = load_model(draft)
        model.check()
        try:
            return self._add(model)
        except OSError as error:
            raise RegistryError(
                f"model registry {self.folder} cannot be written: {error.strerror or error}; "
                f"make room or choose another folder with {self.option}"
            ) from None

    def _add(self, draft: InstalledModel) -> InstalledModel:
        version = draft.card.model_version
        entry = self._folder_of(version)
        if not entry.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            # Within the registry, so that the last move is one step; hidden until it is complete.
            with tempfile.TemporaryDirectory(prefix=".adding-", dir=self.folder) as folder:
                copy = Path(folder) / "entry"
                _copy(draft, copy)
                entry.parent.mkdir(exist_ok=True)
                try:
                    copy.rename(entry)
                except OSError:
                    # Where another process was faster, its entry is compared below.
                    if not entry.is_dir():
                        raise
        if not same_model(self.card(version), draft.card):
            raise taken(version, self.address)
        return self.fetch(version)

    def _folder_of(self, version: ModelVersion) -> Path:
        return self.folder / version.name / version.version

    def _card_paths(self) -> Iterator[Path]:
        yield from sorted(self.folder.glob(f"[!.]*/[!.]*/{CARD_FILE_NAME}"))

    def _outdated_folders(self) -> Iterator[Path]:
        for path in sorted(self.folder.glob(f"[!.]*/{CARD_FILE_NAME}")):
            yield path.parent


def _copy(model: InstalledModel, folder: Path) -> None:
    folder.mkdir()
    for path in (CARD_FILE_NAME, *(file.path for file in files_of(model.card))):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(model.folder / path, target)
