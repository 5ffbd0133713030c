"""A stored model: a card and, beside it, the files that the card describes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.cards.artefact import Artefact, ArtefactFile
from models.cards.model_card import CARD_FILE_NAME, ModelCard, ModelFileError, read_card, sha256_of


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model version on this machine's disk.

    No file of it is handed out unchecked: whoever asks for a path gets it after the content
    was compared with the card, which takes about 1 ms per megabyte.

    Attributes:
        card: What it is.
        folder: Where its files are.
    """

    card: ModelCard
    folder: Path

    def path_of(self, artefact: Artefact) -> Path:
        """The file of ``artefact`` to open first; all its files are checked.

        Raises:
            ModelFileError: One is missing, or is not what the card says.
        """
        first, *_ = [self.checked(file) for file in artefact.files]
        return first

    def checked(self, file: ArtefactFile) -> Path:
        """The path of one file of the card: of an artefact or of the self-test.

        Raises:
            ModelFileError: It is missing, or is not what the card says.
        """
        path = self.folder / file.path
        try:
            sha256 = sha256_of(path)
        except OSError as error:
            raise ModelFileError(
                f"model file {path} cannot be read: {error.strerror or error}; "
                f"{self.card.model_version} needs it: add the model again"
            ) from None
        if sha256 != file.sha256:
            raise ModelFileError(
                f"model file {path} has SHA-256 {sha256}, but its card "
                f"{self.folder / CARD_FILE_NAME} says {file.sha256}: the file was changed or "
                "torn; delete its folder and add the model again"
            )
        return path

    def check(self) -> None:
        """Compare every file with the card.

        Raises:
            ModelFileError: One is missing, or is not what the card says.
        """
        for file in files_of(self.card):
            self.checked(file)


def files_of(card: ModelCard) -> Iterator[ArtefactFile]:
    """Every file that a card describes, each path once."""
    files = [file for artefact in card.artefacts for file in artefact.files]
    if card.self_test is not None:
        files.append(card.self_test.picture)
    yield from {file.path: file for file in files}.values()


def load_model(folder: Path) -> InstalledModel:
    """Read the card of a folder; the files are checked as they are used.

    Raises:
        ModelCardError: The card is missing or unreadable.
    """
    return InstalledModel(read_card(folder / CARD_FILE_NAME), folder)
