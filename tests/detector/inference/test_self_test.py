"""A model is let to work only if it finds what its card says."""

from pathlib import Path

import pytest

from detector.inference.self_test import SelfTestError
from detector.inference.settings import DetectorSettings
from detector.live_models.model_opener import ModelOpener
from models.cards.model_card import ModelFileError
from models.cards.self_test import ExpectedDetection
from streams.kit.stage_costs import StageCosts
from tests.colour_model import ColourSquare
from tests.colour_versions import (
    TEST_PICTURE,
    TEST_SQUARE,
    ColourVersion,
    add_version,
    only,
    square_box,
)

BOX = square_box(TEST_SQUARE)
CAR = ExpectedDetection(visual_class="car", box=BOX)
OPENER = ModelOpener(DetectorSettings(inference_threads=1), StageCosts())


def expecting(**changes: object) -> ColourVersion:
    return ColourVersion(expected=(ExpectedDetection.model_validate(CAR.model_dump() | changes),))


def test_model_that_finds_what_its_card_says_is_opened(tmp_path: Path):
    installed = add_version(tmp_path / "registry", ColourVersion(expected=(CAR,)))
    with OPENER.open(installed).backend as backend:
        assert backend.card == installed.card


def test_expected_score_below_the_workers_own_is_honoured(tmp_path: Path):
    strict = ModelOpener(DetectorSettings(confidence=0.99, inference_threads=1), StageCosts())
    installed = add_version(tmp_path / "registry", ColourVersion(expected=(CAR,)))
    model = strict.open(installed)
    model.backend.close()
    assert model.least_score("car") == 0.99


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (expecting(visual_class="boat"), r"boat at \(0\.42, .*no box of that class"),
        (
            expecting(box=(0.0, 0.0, 0.2, 0.2)),
            r"box 1 of 1, car .*nearest of 1 boxes .*IoU 0\.00 \(needs 0\.5\) and score 1\.00",
        ),
        (expecting(visual_class="dog"), "knows no class 'dog'"),
        (
            ColourVersion(expected=(CAR,), renamed=only("boat")),
            "knows no class 'car'",
        ),
    ],
)
def test_model_that_does_not_is_refused_with_how_near_it_came(
    tmp_path: Path, version: ColourVersion, said: str
):
    installed = add_version(tmp_path / "registry", version)
    with pytest.raises(SelfTestError, match=said) as caught:
        OPENER.open(installed)
    assert "colour@1 fails its self-test on self_test.png" in str(caught.value)


def test_model_that_raves_is_refused(tmp_path: Path):
    crowd = tuple(ColourSquare("car", 0.15 + 0.22 * number, 0.2) for number in range(4))
    wanted = ColourVersion(expected=(CAR,), squares=(TEST_SQUARE, *crowd))
    installed = add_version(tmp_path / "registry", wanted)
    with pytest.raises(SelfTestError, match=r"it finds 5 boxes .* 3 are the most"):
        OPENER.open(installed)


def test_another_picture_is_refused(tmp_path: Path):
    installed = add_version(tmp_path / "registry", ColourVersion(expected=(CAR,)))
    with (installed.folder / TEST_PICTURE).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelFileError, match=r"self_test\.png has SHA-256"):
        OPENER.open(installed)


def test_picture_that_is_none_is_named(tmp_path: Path):
    wanted = ColourVersion(expected=(CAR,))
    installed = add_version(tmp_path / "registry", wanted)
    (installed.folder / TEST_PICTURE).unlink()
    with pytest.raises(ModelFileError, match=r"self_test\.png cannot be read"):
        OPENER.open(installed)
