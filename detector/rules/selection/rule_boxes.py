"""Rule boxes: which boxes of a look count for one rule."""

from collections.abc import Sequence
from dataclasses import dataclass

Indices = Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class RuleBoxes:
    """The boxes of one look that count for one rule, zone by zone, each by its index.

    Attributes:
        sure: For each of the rule's zones those that surely count there, in rising order.
        possible: The same with those of which the look does not tell.
    """

    sure: Sequence[Indices]
    possible: Sequence[Indices]

    @classmethod
    def nothing(cls, zones: int) -> "RuleBoxes":
        """No box in any of some zones."""
        none: tuple[Indices, ...] = ((),) * zones
        return cls(none, none)

    @property
    def any(self) -> bool:
        """Whether there is one that counts, were it only possible."""
        return any(self.possible)

    def only(self, kept: Sequence[bool]) -> "RuleBoxes":
        """Those of them that are among some boxes of the look.

        Args:
            kept: For each box of the look whether it is.
        """
        sure = [[index for index in in_zone if kept[index]] for in_zone in self.sure]
        if self.possible is self.sure:
            return RuleBoxes(sure, sure)
        possible = [[index for index in in_zone if kept[index]] for in_zone in self.possible]
        return RuleBoxes(sure, possible)

    def first_zones(self) -> dict[int, int]:
        """For each box that surely counts the first zone it counts in, in the boxes' order."""
        if len(self.sure) == 1:
            return dict.fromkeys(self.sure[0], 0)
        first: dict[int, int] = {}
        for zone, indices in enumerate(self.sure):
            for index in indices:
                first.setdefault(index, zone)
        return dict(sorted(first.items()))
