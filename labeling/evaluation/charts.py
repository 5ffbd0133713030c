"""Evaluation as charts: precision over recall, and what is taken for what."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from labeling.evaluation.confusion import Confusion
from labeling.evaluation.set_evaluation import SetEvaluation

PRECISION_CHART = "precision_recall.png"
CONFUSION_CHART = "confusion.png"

# More lines cannot be told apart, nor more cells read; the report has every class.
_MOST_CURVES = 12
_MOST_NUMBERED_CELLS = 30


def write_precision_chart(evaluation: SetEvaluation, folder: Path) -> Path:
    """Draw precision over recall of each class, with a dot where its threshold puts it.

    Of many classes, those with most marked boxes are drawn.
    """
    figure = Figure(figsize=(8, 6), layout="constrained")
    axes = figure.add_subplot()
    most_marked = sorted(evaluation.classes, key=lambda entry: -entry.overall.boxes)
    for entry in most_marked[:_MOST_CURVES]:
        curve, point = entry.curve, entry.operating_point
        label = f"{entry.scored_class.name}: AP50 {entry.overall.ap50:.3f}"
        # A class that is never found has no point; its curve lies on the floor.
        best = curve.best_precision if len(curve.scores) else np.zeros(1)
        recall = curve.recall if len(curve.scores) else np.zeros(1)
        (line,) = axes.plot(np.append(0.0, recall), np.append(best[:1], best), label=label)
        axes.plot(point.recall, point.precision, "o", color=line.get_color())
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1.02),
        xlabel="recall: share of the marked boxes that are found",
        ylabel="precision: share of the found boxes that are right",
        title=f"{evaluation.set_name} {evaluation.split}: mAP50 {evaluation.map50:.3f}",
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize="small")
    return _written(figure, folder / PRECISION_CHART)


def write_confusion_chart(confusion: Confusion, folder: Path) -> Path:
    """Draw the counts, darker where a greater share of the marked class went there."""
    count = len(confusion.names)
    side = min(4.5 + 0.45 * count, 24.0)
    figure = Figure(figsize=(side + 1, side), layout="constrained")
    axes = figure.add_subplot()
    shares = confusion.counts / np.maximum(confusion.counts.sum(axis=1, keepdims=True), 1)
    # What is found and not marked has no whole to be a share of.
    shares[-1] = 0.0
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    if count <= _MOST_NUMBERED_CELLS:
        _write_counts(axes, confusion, shares)
    axes.set(xlabel="found", ylabel="marked", title="boxes at the operating thresholds")
    axes.set_xticks(range(count), confusion.names, rotation=45, ha="right")
    axes.set_yticks(range(count), confusion.names)
    return _written(figure, folder / CONFUSION_CHART)


def _write_counts(axes: Axes, confusion: Confusion, shares: "np.ndarray[tuple[int, int]]") -> None:
    for row, column in np.argwhere(confusion.counts > 0):
        axes.text(
            column,
            row,
            str(confusion.counts[row, column]),
            ha="center",
            va="center",
            color="white" if shares[row, column] > 0.5 else "black",
        )


def _written(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=110)
    return path
