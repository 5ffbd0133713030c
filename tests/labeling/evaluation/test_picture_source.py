"""A set that a class was learnt from says little of other streets, and the result tells so."""

from pathlib import Path

import pytest

from labeling.data_sets.reader import read_data_set
from labeling.evaluation.picture_source import classes_learnt_from, with_sources
from models.cards.training_record import TrainingSet
from models.words import PictureSource
from tests.labeling.made_data_set import made_data_set
from tests.models.cards.test_class_figure import card, result


def learnt(name: str, source: str, *classes: str) -> TrainingSet:
    return TrainingSet(
        name=name,
        source=source,
        licence="CC0",
        sha256="0" * 64,
        pictures=5,
        labelled_classes=classes,
    )


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ([], None),
        ([learnt("elsewhere", "", "car")], PictureSource.UNSEEN),
        ([learnt("streets", "", "car")], PictureSource.TRAINED),
        ([learnt("streets", "", "bus")], PictureSource.UNSEEN),
    ],
)
def test_source_of_a_class_is_told_by_the_cards_sets(
    tmp_path: Path, sets: list[TrainingSet], expected: PictureSource | None
) -> None:
    data_set = read_data_set(made_data_set(tmp_path / "streets"))
    known = card().model_copy(update={"training_sets": tuple(sets)})
    told = with_sources(
        result("streets", "car", 0.5, source=None), classes_learnt_from(data_set, known)
    )
    assert told.classes[0].source is expected
