"""Comparing two model versions by what their cards record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from models.cards.artefact import ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelCard
from models.cards.training_record import ClassResult, SetResult
from models.words import PictureSource

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ClassDifference:
    """How well two versions find one class of one set; None where a version does not know it.

    Attributes:
        visual_class: The class.
        first: Result of the first version.
        second: Result of the second version.
    """

    visual_class: str
    first: ClassResult | None
    second: ClassResult | None


@dataclass(frozen=True, slots=True)
class SetDifference:
    """How well two versions do on the same pictures.

    Attributes:
        first: Result of the first version.
        second: Result of the second version.
        classes: Each class that either result has, in order.
    """

    first: SetResult
    second: SetResult
    classes: tuple[ClassDifference, ...]


@dataclass(frozen=True, slots=True)
class UnseenDifference:
    """How well two versions find one class on pictures from a source it was not learnt from.

    Attributes:
        set_name: The set that the pictures are from.
        first: Result of the first version.
        second: Result of the second version.
    """

    set_name: str
    first: ClassResult
    second: ClassResult


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two model versions side by side.

    Attributes:
        first: Card of the first version.
        second: Card of the second version.
        only_first: Visual classes that only the first knows.
        only_second: Visual classes that only the second knows.
        unseen: Classes that neither version had learnt from the set it was measured on: what to
            judge by, for a set may be learnt by heart.
        sets: The sets that both were measured on, by the same part and number of pictures.
        not_compared: Sets that only one was measured on, or on other pictures.
    """

    first: ModelCard
    second: ModelCard
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    unseen: tuple[UnseenDifference, ...]
    sets: tuple[SetDifference, ...]
    not_compared: tuple[str, ...]


_Form = tuple[ArtefactFormat, ArtefactPrecision]
_Measured = tuple[str, str, int]


def compare(first: ModelCard, second: ModelCard) -> Comparison:
    """Put the recorded results of two versions side by side.

    Results count as comparable where set, split and number of pictures are the same. Of several
    artefacts those of the same format and precision are compared; where the two versions have
    none in common, the first of each. Results of stand-ins count for unseen sources only.
    """
    one, other = _by_pictures(first), _by_pictures(second)
    common = [key for key in one if key in other]
    alone = [key for key in (*one, *other) if key not in common]
    return Comparison(
        first=first,
        second=second,
        only_first=_only(first, second),
        only_second=_only(second, first),
        unseen=tuple(_unseen_differences(first, second)),
        sets=tuple(
            SetDifference(left, right, _class_differences(left, right))
            for key in common
            for left, right in _pairs(one[key], other[key])
        ),
        not_compared=tuple(
            f"{name} {split} ({pictures} pictures)"
            for name, split, pictures in dict.fromkeys(alone)
        ),
    )


def _by_pictures(card: ModelCard) -> dict[_Measured, dict[_Form, SetResult]]:
    found: dict[_Measured, dict[_Form, SetResult]] = {}
    for result in card.results:
        if result.by_stand_in:
            continue
        found.setdefault(_measured(result), {})[result.format, result.precision] = result
    return found


def _unseen_differences(first: ModelCard, second: ModelCard) -> Iterator[UnseenDifference]:
    one, other = _unseen(first), _unseen(second)
    for key in one:
        if key in other:
            for left, right in _pairs(one[key], other[key]):
                yield UnseenDifference(key[0][0], left, right)


def _unseen(card: ModelCard) -> dict[tuple[_Measured, str], dict[_Form, ClassResult]]:
    found: dict[tuple[_Measured, str], dict[_Form, ClassResult]] = {}
    for result in card.results:
        for entry in result.classes:
            if entry.source is PictureSource.UNSEEN:
                key = (_measured(result), entry.visual_class)
                by_form = found.setdefault(key, {})
                form = (result.format, result.precision)
                # What the version itself was measured with tells more than its stand-in.
                if form not in by_form or not result.by_stand_in:
                    by_form[form] = entry
    return found


def _only(card: ModelCard, other: ModelCard) -> tuple[str, ...]:
    return tuple(name for name in card.class_names if name not in other.class_names)


def _measured(result: SetResult) -> _Measured:
    return (result.set_name, result.split, result.pictures)


def _pairs(one: dict[_Form, Result], other: dict[_Form, Result]) -> list[tuple[Result, Result]]:
    pairs = [(one[form], other[form]) for form in one if form in other]
    return pairs or [(next(iter(one.values())), next(iter(other.values())))]


def _class_differences(one: SetResult, other: SetResult) -> tuple[ClassDifference, ...]:
    left = {result.visual_class: result for result in one.classes}
    right = {result.visual_class: result for result in other.classes}
    return tuple(
        ClassDifference(name, left.get(name), right.get(name))
        for name in dict.fromkeys((*left, *right))
    )
