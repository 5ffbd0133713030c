"""Motion limits: which boxes go as a rule asks, surely or perhaps."""

import numpy as np
import numpy.typing as npt

from detector.tracking.ground_speed import Speeds
from detector.tracking.line_crossings import LEFT_TO_RIGHT, RIGHT_TO_LEFT
from models.rules.crossing import Crossing, CrossingDirection
from models.rules.rule import Rule

Chosen = npt.NDArray[np.bool_]

# A speed is above or below a limit when it would be so with this many standard errors less or
# more: 19 times of 20.
SURE_ERRORS = 1.645


def surely_within(rule: Rule, speeds: Speeds) -> Chosen:
    """Which boxes surely go within a rule's limits: shape (n,); all where it has none."""
    margins = SURE_ERRORS * speeds.errors_kmh
    within = np.ones(len(margins), np.bool_)
    if rule.minimum_speed_kmh is not None:
        within &= speeds.kmh - margins >= rule.minimum_speed_kmh
    if rule.maximum_speed_kmh is not None:
        within &= speeds.kmh + margins <= rule.maximum_speed_kmh
    return within


def perhaps_within(rule: Rule, speeds: Speeds) -> Chosen:
    """Which boxes may go within a rule's limits; all of which it cannot be told are among them."""
    margins = SURE_ERRORS * speeds.errors_kmh
    without = np.zeros(len(margins), np.bool_)
    if rule.minimum_speed_kmh is not None:
        without |= speeds.kmh + margins < rule.minimum_speed_kmh
    if rule.maximum_speed_kmh is not None:
        without |= speeds.kmh - margins > rule.maximum_speed_kmh
    return ~without


def crossed(crossing: Crossing, noticed: npt.NDArray[np.int8]) -> Chosen:
    """Which boxes have crossed which lines in the direction a rule asks for.

    Args:
        crossing: What the rule asks for.
        noticed: Shape (lines, n), see ``TrackFacts``.
    """
    match crossing.direction:
        case CrossingDirection.ANY:
            return np.not_equal(noticed, 0)
        case CrossingDirection.LEFT_TO_RIGHT:
            return np.equal(noticed, LEFT_TO_RIGHT)
        case CrossingDirection.RIGHT_TO_LEFT:
            return np.equal(noticed, RIGHT_TO_LEFT)
