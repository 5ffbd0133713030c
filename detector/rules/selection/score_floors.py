"""Score floors: from which score a box of each class counts for a rule."""

import functools

import numpy as np
import numpy.typing as npt

from detector.objects.class_groups import class_mask
from models.rules.rule import DEFAULT_MINIMUM_SCORE


@functools.lru_cache(maxsize=1024)
def score_floors(
    class_names: tuple[str, ...], class_thresholds: tuple[float, ...], own: float | None
) -> npt.NDArray[np.float32]:
    """The least score of each class that counts: shape (classes,). Not to be written to.

    What the rule asks for comes first, then the model's threshold for the class, which was
    chosen on pictures, then ``DEFAULT_MINIMUM_SCORE``.

    Args:
        class_names: Every class that would have been found.
        class_thresholds: The models' thresholds in their order, or nothing.
        own: The rule's own ``minimum_score``.
    """
    if own is not None or not class_thresholds:
        wanted = DEFAULT_MINIMUM_SCORE if own is None else own
        class_thresholds = (wanted,) * len(class_names)
    # As wide as the scores, so that a score equal to its floor counts.
    floors = np.array(class_thresholds, np.float32)
    floors.flags.writeable = False
    return floors


@functools.lru_cache(maxsize=1024)
def floors_of(
    wanted: tuple[str, ...],
    class_names: tuple[str, ...],
    class_thresholds: tuple[float, ...],
    own: float | None,
) -> npt.NDArray[np.float32]:
    """The least score of some classes that counts, infinite for others. Not to be written to."""
    floors = score_floors(class_names, class_thresholds, own).copy()
    floors[~class_mask(class_names, wanted)] = np.inf
    floors.flags.writeable = False
    return floors
