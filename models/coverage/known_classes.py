"""Known classes: what the models at work find, and how well."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from models.cards.class_figure import ClassFigure, class_figure
from models.cards.model_card import ModelCard

KnownClasses = Mapping[str, ClassFigure]
"""The figure of each visual class that a model at work finds, by the class."""


def known_classes(cards: Iterable[ModelCard]) -> KnownClasses:
    """What models find that work side by side: a class belongs to the first that knows it."""
    known: dict[str, ClassFigure] = {}
    for card in cards:
        for name in card.class_names:
            if name not in known:
                known[name] = class_figure(card, name)
    return MappingProxyType(known)


def known_by_all(workers: Iterable[KnownClasses]) -> KnownClasses:
    """What the workers of a district find; of a class that several find, the worst figure."""
    known: dict[str, ClassFigure] = {}
    for found in workers:
        for name, figure in found.items():
            known[name] = min(known.get(name, figure), figure, key=lambda one: one.standing)
    return MappingProxyType(known)
