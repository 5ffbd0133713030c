"""Rule evaluation: what a look means for one rule a camera watches."""

from typing import Protocol

from detector.objects.object_memory import RememberedObject
from detector.rules.look_view import LookView
from detector.rules.selection.counted_boxes import RuleBoxes
from detector.sighting import Sighting, SightingChange


class RuleEvaluation(Protocol):
    """One rule at work; belongs to the thread of its ``IssueWatch``."""

    @property
    def is_idle(self) -> bool:
        """Whether a look without candidates would change nothing."""
        ...

    def judge(self, view: LookView, boxes: RuleBoxes) -> list[SightingChange]:
        """Judge a look and return what changed, in a stable order.

        Args:
            view: The look.
            boxes: The boxes that count for the rule.
        """
        ...

    def open_sightings(self) -> list[Sighting]:
        """The rule's sightings that stand now."""
        ...

    def followed(self) -> list[RememberedObject]:
        """Objects that the memory must keep, as sightings hang on them."""
        ...
