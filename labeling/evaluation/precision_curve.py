"""Precision and recall of one class at every score, and the score from which boxes count."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """The score from which boxes of a class count, and what that brings.

    Attributes:
        threshold: The score; 1 if the model found nothing.
        precision: Share of the boxes found from there on that are right; 0 if none is found.
        recall: Share of the marked boxes that are found.
        reached: Whether this is the wished precision. If not, no score gives it, and this is
            where precision and recall balance best (the greatest F1).
    """

    threshold: float
    precision: float
    recall: float
    reached: bool


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionCurve:
    """Precision and recall of one class over the scores.

    Attributes:
        scores: float64 array of shape (n,), each score once, falling.
        precision: float64 array of shape (n,): share of right ones among the boxes that score
            as much or more.
        recall: float64 array of shape (n,): share of the marked boxes that these find.
    """

    scores: npt.NDArray[np.float64]
    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]

    @property
    def best_precision(self) -> npt.NDArray[np.float64]:
        """float64 array of shape (n,): the precision that can be had at this recall or more.

        It never rises with recall; average precision is the area under it.
        """
        return np.maximum.accumulate(self.precision[::-1])[::-1]

    def operating_point(self, wished_precision: float) -> OperatingPoint:
        """The lowest score that gives ``wished_precision``, which is the one that finds most."""
        if not len(self.scores):
            return OperatingPoint(threshold=1.0, precision=0.0, recall=0.0, reached=False)
        # Only where the precision itself reaches the wish; the monotone one reaches it there too.
        reaching = np.flatnonzero(self.precision >= wished_precision)
        if len(reaching):
            return self._point(int(reaching[-1]), reached=True)
        balance = self.precision * self.recall / np.maximum(self.precision + self.recall, 1e-12)
        return self._point(int(balance.argmax()), reached=False)

    def at(self, threshold: float) -> OperatingPoint:
        """What boxes that score ``threshold`` or more bring."""
        counting = int((self.scores >= threshold).sum())
        if not counting:
            return OperatingPoint(threshold, precision=0.0, recall=0.0, reached=False)
        point = self._point(counting - 1, reached=False)
        return OperatingPoint(threshold, point.precision, point.recall, reached=False)

    def _point(self, index: int, *, reached: bool) -> OperatingPoint:
        return OperatingPoint(
            threshold=float(self.scores[index]),
            precision=float(self.precision[index]),
            recall=float(self.recall[index]),
            reached=reached,
        )


def precision_curve(
    scores: npt.NDArray[np.float64], is_right: npt.NDArray[np.bool_], marked: int
) -> PrecisionCurve:
    """The curve of boxes found.

    Args:
        scores: Shape (n,), in any order.
        is_right: Shape (n,): whether the box is a marked one.
        marked: Number of marked boxes, found or not; at least 1.
    """
    order = np.argsort(-scores, kind="stable")
    falling, right = scores[order], np.cumsum(is_right[order])
    # Boxes of the same score come and go together: only the last of them is a point.
    last = np.flatnonzero(np.append(falling[1:] != falling[:-1], [True] * bool(len(falling))))
    return PrecisionCurve(
        scores=falling[last],
        precision=right[last] / (last + 1.0),
        recall=right[last] / float(marked),
    )
