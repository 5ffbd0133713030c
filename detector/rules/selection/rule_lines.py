"""Rule lines: a camera's rules in one table, with a line for each zone in which each can hold."""

from collections.abc import Sequence

import numpy as np

from detector.rules.watched_rule import WatchedRule


class RuleLines:
    """Which lines of a table are which rule's. Tables of boxes have the shape (lines, n).

    Args:
        rules: The rules, in the order of their lines.

    Attributes:
        rules: The same.
        of_rules: The lines of each rule.
        rules_of: Shape (lines,): the rule of each line.
    """

    def __init__(self, rules: Sequence[WatchedRule]) -> None:
        self.rules = tuple(rules)
        counts = [len(watched.zones) for watched in rules]
        ends = np.cumsum(counts, dtype=np.intp).tolist()
        self.of_rules = [slice(end - count, end) for end, count in zip(ends, counts, strict=True)]
        self.rules_of = np.repeat(np.arange(len(counts)), counts)
