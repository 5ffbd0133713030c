"""Whether a model learnt a class from the very set that it is measured on."""

from labeling.data_sets.data_set import DataSet
from models.cards.model_card import ModelCard
from models.cards.training_record import SetResult
from models.words import PictureSource


def classes_learnt_from(data_set: DataSet, card: ModelCard) -> frozenset[str] | None:
    """Visual classes that a model learnt from the set, or None if its card names no sets.

    A set is the same if it has the same name, or comes from the same source.
    """
    if not card.training_sets:
        return None
    return frozenset(
        name
        for learnt in card.training_sets
        if learnt.name == data_set.name or (data_set.source and learnt.source == data_set.source)
        for name in learnt.labelled_classes
    )


def with_sources(result: SetResult, learnt: frozenset[str] | None) -> SetResult:
    """The result, each class saying whether it was learnt from the set."""
    if learnt is None:
        return result
    classes = tuple(
        entry.model_copy(
            update={
                "source": PictureSource.UNSEEN
                if learnt.isdisjoint(entry.visual_classes)
                else PictureSource.TRAINED
            }
        )
        for entry in result.classes
    )
    return result.model_copy(update={"classes": classes})
