"""Versions of the colour model in a registry, for tests that change models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import onnx

from api.contract.models import ModelFileHash, Promotion
from models.cards.artefact import ArtefactFile
from models.cards.model_card import CARD_FILE_NAME, ModelClass, read_card, sha256_of, write_card
from models.cards.self_test import ExpectedDetection, SelfTest
from models.cards.stored_model import InstalledModel, files_of
from models.registry.folder_registry import FolderRegistry
from tests.colour_model import (
    CLASS_NAMES,
    ColourSquare,
    colour_square_picture,
    square_side,
    write_colour_model,
)

WIDTH, HEIGHT = 640, 480
TEST_SQUARE = ColourSquare("car", 0.5, 0.5)
TEST_PICTURE = "self_test.png"


@dataclass(frozen=True)
class ColourVersion:
    """A version of the colour model.

    Attributes:
        name: Of the model.
        version: Its version; each has another file.
        renamed: Visual classes that it has in place of its own, by the own name.
        thresholds: As in the card.
        expected: What its self-test expects; empty for none.
        squares: What its self-test's picture shows.
    """

    name: str = "colour"
    version: str = "1"
    renamed: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    expected: tuple[ExpectedDetection, ...] = ()
    squares: tuple[ColourSquare, ...] = (TEST_SQUARE,)


def square_box(square: ColourSquare) -> tuple[float, float, float, float]:
    """The box of a square in a picture of WIDTH x HEIGHT, as fractions."""
    across = square_side(WIDTH, HEIGHT) / 2 / WIDTH
    down = square_side(WIDTH, HEIGHT) / 2 / HEIGHT
    return (square.x - across, square.y - down, square.x + across, square.y + down)


def only(*own: str) -> dict[str, str]:
    """Classes to rename so that the model knows only ``own`` of the usual ones."""
    return {name: f"no_{name}" for name in CLASS_NAMES if name not in own}


def add_version(registry: Path, wanted: ColourVersion) -> InstalledModel:
    """Add a version to the registry in this folder."""
    draft = registry.parent / f"draft-{wanted.name}-{wanted.version}"
    path = write_colour_model(draft)
    _mark(path, f"{wanted.name}@{wanted.version}")
    card = read_card(draft / CARD_FILE_NAME)
    file = ArtefactFile(path=path.name, sha256=sha256_of(path))
    changes = {
        "name": wanted.name,
        "version": wanted.version,
        "classes": tuple(
            ModelClass(name=name, visual_class=wanted.renamed.get(name, name))
            for name in CLASS_NAMES
        ),
        "artefacts": (card.artefacts[0].model_copy(update={"files": (file,)}),),
        "thresholds": dict(wanted.thresholds),
        "self_test": _self_test(draft, wanted) if wanted.expected else None,
    }
    write_card(card.model_copy(update=changes), draft / CARD_FILE_NAME)
    return FolderRegistry(registry).add(draft)


def promotion_of(model: InstalledModel) -> Promotion:
    """The promotion of a model as it lies in the registry."""
    files = tuple(
        ModelFileHash(path=file.path, sha256=file.sha256) for file in files_of(model.card)
    )
    return Promotion(version=model.card.version, files=files)


def _mark(path: Path, text: str) -> None:
    """Make the file another one that does the same."""
    model = onnx.load(path)
    model.doc_string = text
    onnx.save(model, str(path))


def _self_test(folder: Path, wanted: ColourVersion) -> SelfTest:
    picture = folder / TEST_PICTURE
    cv2.imwrite(str(picture), colour_square_picture(wanted.squares, WIDTH, HEIGHT))
    file = ArtefactFile(path=TEST_PICTURE, sha256=sha256_of(picture))
    return SelfTest(picture=file, expected=wanted.expected, maximum_detections=3)
