"""Scored classes: what a data set labels, in the words that a model speaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from labeling.data_sets.data_set import DataSet


@dataclass(frozen=True, slots=True)
class ScoredClass:
    """One thing that the annotators of a data set marked.

    Attributes:
        name: The visual class; where the set does not tell several apart, its own word and
            then those that it stands for, as in "vehicle (car, bus)".
        visual_classes: Every visual class that it stands for; a box of any of them is right.
        own_ids: Class ids of the set that mean it.
        found_ids: Class ids of the model that mean it; empty if the model does not know it.
    """

    name: str
    visual_classes: tuple[str, ...]
    own_ids: tuple[int, ...]
    found_ids: tuple[int, ...]

    @property
    def word(self) -> str:
        """Its name without the list, where there is little room."""
        return self.name.partition(" (")[0]

    @property
    def is_known(self) -> bool:
        """Whether the model can find it at all."""
        return bool(self.found_ids)


def scored_classes(data_set: DataSet, class_names: Sequence[str]) -> tuple[ScoredClass, ...]:
    """What can be scored on ``data_set``: the classes that its annotators marked, and no others.

    Two of its classes that stand for the same visual classes are scored as one.

    Args:
        data_set: The set.
        class_names: Visual classes that the model knows, in the order of its output.
    """
    own_ids: dict[tuple[str, ...], list[int]] = {}
    for own_id, visual_classes in enumerate(data_set.visual_classes):
        own_ids.setdefault(visual_classes, []).append(own_id)
    return tuple(
        ScoredClass(
            name=_name(data_set.class_names[ids[0]], visual_classes),
            visual_classes=visual_classes,
            own_ids=tuple(ids),
            found_ids=tuple(
                found_id for found_id, name in enumerate(class_names) if name in visual_classes
            ),
        )
        for visual_classes, ids in own_ids.items()
    )


def _name(own_name: str, visual_classes: tuple[str, ...]) -> str:
    if len(visual_classes) == 1:
        return visual_classes[0]
    return f"{own_name} ({', '.join(visual_classes)})"
