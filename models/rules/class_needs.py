"""Class needs: which visual classes a model must know before a rule can be judged."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.rules.relation import Relation
from models.rules.rule import ClassMatch, Rule, WatchFor


class HowMany(StrEnum):
    """How many of some classes must be known."""

    EVERY = "every"
    """All: one that is not known would look like one that is not there."""
    SOME = "some"
    """At least one; with fewer than all, the rule misses what the others would show."""
    HELPFUL = "helpful"
    """None, though what is not known is taken for what it is not."""


@dataclass(frozen=True, slots=True)
class ClassNeed:
    """Classes that a rule needs for one thing.

    Attributes:
        classes: The classes.
        how_many: How many of them must be known.
    """

    classes: tuple[str, ...]
    how_many: HowMany

    def is_met(self, known: Collection[str]) -> bool:
        """Whether the rule can be judged with these classes."""
        match self.how_many:
            case HowMany.EVERY:
                return all(name in known for name in self.classes)
            case HowMany.SOME:
                return any(name in known for name in self.classes)
            case HowMany.HELPFUL:
                return True

    def missing(self, known: Collection[str]) -> tuple[str, ...]:
        """Those of its classes that are not known."""
        return tuple(name for name in self.classes if name not in known)


def class_needs(rule: Rule) -> tuple[ClassNeed, ...]:
    """What a rule needs a model to know.

    What is waited for may be any of several classes, so that one of them is a beginning; what
    must be absent has to be known whole, or its absence says nothing.
    """
    return tuple(need for need in _needs(rule) if need.classes)


def _needs(rule: Rule) -> Iterator[ClassNeed]:
    match rule.watch_for:
        case WatchFor.PRESENCE | WatchFor.DISAPPEARANCE:
            wants_all = rule.match is ClassMatch.ALL
            yield ClassNeed(rule.classes, HowMany.EVERY if wants_all else HowMany.SOME)
        case WatchFor.ABSENCE:
            yield ClassNeed(rule.classes, HowMany.EVERY)
            yield ClassNeed(rule.while_present, HowMany.SOME)
        case WatchFor.CHANGE:
            yield ClassNeed(rule.classes, HowMany.HELPFUL)
        case WatchFor.CAMERA_FAULT:
            pass
    for relation in rule.relations:
        yield ClassNeed(relation.classes, _of_relation(relation))


def _of_relation(relation: Relation) -> HowMany:
    return HowMany.SOME if relation.at_most is None else HowMany.EVERY
