"""The report of an evaluation: as JSON for programs, as tables for people."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict
from rich.table import Table

from labeling.evaluation.average_precision import BoxSize
from labeling.evaluation.set_evaluation import ClassEvaluation, SetEvaluation
from labeling.evaluation.settings import EvaluationSettings
from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.model_card import ModelCard


class MeasuredModel(BaseModel):
    """What was measured, how and when.

    Attributes:
        model: Name and version.
        format: Form of the model that ran.
        precision: The numbers that its weights are stored in.
        arithmetic: What the engine was told to compute with.
        device: Where it ran.
        measured_at: When.
        pictures_per_second: Pictures read and looked at per second.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    format: ArtefactFormat
    precision: ArtefactPrecision
    arithmetic: str
    device: str
    measured_at: datetime
    pictures_per_second: float


def measured_model(
    card: ModelCard, artefact: Artefact, settings: EvaluationSettings, pictures_per_second: float
) -> MeasuredModel:
    """Note what was measured, as of now."""
    return MeasuredModel(
        model=str(card.model_version),
        format=artefact.format,
        precision=artefact.precision,
        arithmetic=settings.arithmetic,
        device=settings.device,
        measured_at=datetime.now(UTC),
        pictures_per_second=pictures_per_second,
    )


class SizeReport(BaseModel):
    """How well things of one size are found; sizes are COCO's, in pixels of the model's input.

    Attributes:
        boxes: Marked boxes.
        ap50: Average precision at an IoU of 0.5.
        ap50_95: Mean over IoU 0.50 to 0.95.
    """

    model_config = ConfigDict(frozen=True)

    boxes: int
    ap50: float
    ap50_95: float


class CurvePoint(BaseModel):
    """One point of a precision-recall curve.

    Attributes:
        score: Boxes that score as much or more count.
        precision: Share of right ones among them.
        recall: Share of the marked boxes that they find.
    """

    model_config = ConfigDict(frozen=True)

    score: float
    precision: float
    recall: float


class ClassReport(BaseModel):
    """How well one class is found.

    Attributes:
        name: The class.
        visual_classes: What it stands for.
        boxes: Marked boxes.
        ap50: Average precision at an IoU of 0.5.
        ap50_95: Mean over IoU 0.50 to 0.95.
        threshold: Lowest score that gives the wished precision.
        wish_reached: Whether there is one; if not, the threshold is that of the best F1.
        precision: Precision at the threshold.
        recall: Recall at the threshold.
        sizes: The same by size; only sizes that are marked.
        curve: Precision and recall from high scores to low, thinned out.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    visual_classes: tuple[str, ...]
    boxes: int
    ap50: float
    ap50_95: float
    threshold: float
    wish_reached: bool
    precision: float
    recall: float
    sizes: dict[BoxSize, SizeReport]
    curve: tuple[CurvePoint, ...]


class EvaluationReport(BaseModel):
    """Everything that an evaluation says.

    Attributes:
        measured: The model and how it ran.
        set_name: The set.
        split: Part of it.
        pictures: Pictures looked at.
        faults: Faults of the set, by kind; what is faulty was left out or put right.
        wished_precision: What thresholds were chosen for.
        map50: Mean of AP50 over the classes that the model knows.
        map50_95: Mean of AP50-95 over them.
        map50_of_all: As ``map50``, a class that the model does not know counting as 0.
        not_known: Classes that are marked but that the model does not know.
        not_marked: Classes of the set of which the split holds none.
        classes: Each known class.
        learnt_from_this_set: Visual classes that the model learnt from other pictures of the same
            set; None if its card does not say what it learnt from.
    """

    model_config = ConfigDict(frozen=True)

    measured: MeasuredModel
    set_name: str
    split: str
    pictures: int
    faults: dict[str, int]
    wished_precision: float
    map50: float
    map50_95: float
    map50_of_all: float
    not_known: tuple[str, ...]
    not_marked: tuple[str, ...]
    classes: tuple[ClassReport, ...]
    learnt_from_this_set: tuple[str, ...] | None = None


# A curve of thousands of points says no more than one of a hundred.
_CURVE_POINTS = 101


def evaluation_report(
    evaluation: SetEvaluation,
    measured: MeasuredModel,
    wished_precision: float,
    faults: dict[str, int],
) -> EvaluationReport:
    """Put an evaluation and how it came about into one report."""
    return EvaluationReport(
        measured=measured,
        set_name=evaluation.set_name,
        split=evaluation.split,
        pictures=len(evaluation.pictures),
        faults=faults,
        wished_precision=wished_precision,
        map50=evaluation.map50,
        map50_95=evaluation.map50_95,
        map50_of_all=evaluation.map50_of_all,
        not_known=evaluation.not_known,
        not_marked=evaluation.not_marked,
        classes=tuple(_class_report(entry) for entry in evaluation.classes),
    )


def report_table(report: EvaluationReport) -> Table:
    """The report as people read it; what a reader must know stands beneath."""
    measured = report.measured
    table = Table(
        title=f"{measured.model} ({measured.format}, {measured.precision}) on "
        f"{report.set_name} {report.split}, {report.pictures} pictures",
        caption="\n".join(_remarks(report)),
        caption_justify="left",
        show_footer=True,
    )
    table.add_column("class", "mean", overflow="fold")
    table.add_column("boxes", str(sum(entry.boxes for entry in report.classes)), justify="right")
    table.add_column("AP50", f"{report.map50:.3f}", justify="right")
    table.add_column("AP50-95", f"{report.map50_95:.3f}", justify="right")
    for size in (BoxSize.SMALL, BoxSize.MEDIUM, BoxSize.LARGE):
        table.add_column(f"AP50 {size}", justify="right")
    table.add_column("threshold", justify="right")
    table.add_column("precision", justify="right")
    table.add_column("recall", justify="right")
    for entry in report.classes:
        table.add_row(
            entry.name,
            str(entry.boxes),
            f"{entry.ap50:.3f}",
            f"{entry.ap50_95:.3f}",
            *(
                _size_text(entry.sizes.get(size))
                for size in (BoxSize.SMALL, BoxSize.MEDIUM, BoxSize.LARGE)
            ),
            f"{entry.threshold:.3f}{'' if entry.wish_reached else ' *'}",
            f"{entry.precision:.3f}",
            f"{entry.recall:.3f}",
        )
    return table


def _remarks(report: EvaluationReport) -> list[str]:
    measured = report.measured
    remarks = [
        f"threshold: the lowest score at which {report.wished_precision:.0%} of the boxes found "
        "are right. small: under 32 x 32 pixels of the model's input; large: from 96 x 96; in "
        "brackets the number of boxes."
    ]
    if not all(entry.wish_reached for entry in report.classes):
        remarks.append("* no score gives this precision; best balance with recall (F1) instead.")
    remarks += _source_remarks(report)
    if report.not_known:
        remarks.append(
            f"not known to the model and not in the means: {', '.join(report.not_known)}. "
            f"With these as 0, mAP50 is {report.map50_of_all:.3f}."
        )
    if report.not_marked:
        remarks.append(f"not marked in these pictures: {', '.join(report.not_marked)}.")
    if report.faults:
        listed = ", ".join(f"{kind} {count}" for kind, count in sorted(report.faults.items()))
        remarks.append(f"faults of the set, left out or put right: {listed}.")
    remarks.append(
        f"{measured.pictures_per_second:.1f} pictures/s read and looked at on "
        f"{measured.device}, arithmetic {measured.arithmetic}."
    )
    return remarks


def _source_remarks(report: EvaluationReport) -> list[str]:
    learnt = report.learnt_from_this_set
    if learnt is None:
        return []
    own = [
        entry.name for entry in report.classes if not set(learnt).isdisjoint(entry.visual_classes)
    ]
    if not own:
        return ["none of these classes was learnt from this set."]
    return [
        f"learnt from other pictures of this set, so that the figure says little of other streets: "
        f"{', '.join(own)}."
    ]


def _size_text(size: SizeReport | None) -> str:
    return "" if size is None else f"{size.ap50:.3f} ({size.boxes})"


def _class_report(entry: ClassEvaluation) -> ClassReport:
    point, curve = entry.operating_point, entry.curve
    step = max(len(curve.scores) // _CURVE_POINTS, 1)
    return ClassReport(
        name=entry.scored_class.name,
        visual_classes=entry.scored_class.visual_classes,
        boxes=entry.overall.boxes,
        ap50=entry.overall.ap50,
        ap50_95=entry.overall.ap50_95,
        threshold=point.threshold,
        wish_reached=point.reached,
        precision=point.precision,
        recall=point.recall,
        sizes={
            size: SizeReport(boxes=part.boxes, ap50=part.ap50, ap50_95=part.ap50_95)
            for size, part in entry.sizes.items()
            if size is not BoxSize.ALL and part.boxes
        },
        curve=tuple(
            CurvePoint(score=score, precision=precision, recall=recall)
            for score, precision, recall in zip(
                curve.scores[::step].tolist(),
                curve.precision[::step].tolist(),
                curve.recall[::step].tolist(),
                strict=True,
            )
        ),
    )
