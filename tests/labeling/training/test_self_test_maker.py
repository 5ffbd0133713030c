"""A new version's self-test comes from what it surely finds in a given picture."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from labeling.training.self_test_maker import UselessPictureError, make_self_test
from models.cards.model_card import CARD_FILE_NAME, ModelFileError, read_card, write_card
from models.cards.stored_model import InstalledModel
from streams.kit.stage_costs import StageCosts
from tests.colour_model import ColourSquare, colour_square_picture, write_colour_model


@pytest.fixture
def draft(tmp_path: Path) -> InstalledModel:
    folder = write_colour_model(tmp_path / "draft").parent
    return InstalledModel(read_card(folder / CARD_FILE_NAME), folder)


def test_the_model_passes_the_self_test_made_for_it(draft: InstalledModel, tmp_path: Path) -> None:
    picture = tmp_path / "street.PNG"
    cv2.imwrite(str(picture), colour_square_picture([ColourSquare("car", 0.3, 0.5)]))
    test = make_self_test(draft, picture)
    assert [one.visual_class for one in test.expected] == ["car"]
    assert test.picture.path == "self-test.png"
    write_card(draft.card.model_copy(update={"self_test": test}), draft.folder / CARD_FILE_NAME)
    model = InstalledModel(read_card(draft.folder / CARD_FILE_NAME), draft.folder)
    settings = DetectorSettings(inference_threads=1)
    ModelOpener(settings, StageCosts()).open(model).backend.close()


def test_picture_in_which_nothing_is_found_is_named(draft: InstalledModel, tmp_path: Path) -> None:
    picture = tmp_path / "empty.png"
    cv2.imwrite(str(picture), np.zeros((480, 640, 3), np.uint8))
    with pytest.raises(UselessPictureError, match=r"empty\.png .* finds nothing .*choose another"):
        make_self_test(draft, picture)


def test_file_that_is_no_picture_is_named(draft: InstalledModel, tmp_path: Path) -> None:
    picture = tmp_path / "notes.jpg"
    picture.write_text("no picture")
    with pytest.raises(ModelFileError, match=r"notes\.jpg is no JPEG or PNG"):
        make_self_test(draft, picture)
