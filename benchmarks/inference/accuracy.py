"""Accuracy: every model and artefact on every data set of a folder, in one table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean

from pydantic import BaseModel
from rich.table import Table

from benchmarks.inference.published_anchors import CAVEAT, PublishedAnchor, anchor_for
from benchmarks.machine import machine_name
from labeling.data_sets.data_set import DataSet
from labeling.data_sets.reader import read_data_set
from labeling.evaluation.artefact_forms import runnable_artefacts
from labeling.evaluation.measurement import Measurement, measure_model
from labeling.evaluation.scored_class import scored_classes
from labeling.evaluation.settings import EvaluationSettings
from models.cards.artefact import Artefact, ArtefactFormat, ArtefactPrecision
from models.cards.stored_model import InstalledModel
from streams.kit.errors import CityPatrolError
from streams.replay.shared_folder import shared_folder

# What nobody trained on goes first; a set without any such part is measured on what it has.
_SPLITS = ("val", "test", "train")


@dataclass(frozen=True, slots=True)
class AccuracyPlan:
    """What to measure.

    Attributes:
        data_root: Folder of data sets.
        models: Each of them is measured in all forms that run here.
        settings: How.
    """

    data_root: Path
    models: tuple[InstalledModel, ...]
    settings: EvaluationSettings


class AccuracyRow(BaseModel):
    """One artefact on one set.

    Attributes:
        set_name: The set.
        split: Part of it.
        pictures: Pictures looked at.
        model: Name and version.
        format: Form of the model.
        precision: The numbers that its weights are stored in.
        map50: Mean of AP50 over the classes that the model knows.
        map50_95: Mean of AP50-95 over them.
        map50_shared: Mean of AP50 over the classes that all models of the run know, by which
            models that know different classes can be compared; None if there is none.
        class_ap50: AP50 of each known class.
        classes_known: Number of these classes.
        classes_marked: Number of classes that are marked in the pictures.
        precision_at_threshold: Mean precision at the thresholds for the wished precision.
        recall_at_threshold: Mean recall there.
        pictures_per_second: Pictures read and looked at per second.
        published: What others published for the like, or None.
    """

    set_name: str
    split: str
    pictures: int
    model: str
    format: ArtefactFormat
    precision: ArtefactPrecision
    map50: float
    map50_95: float
    map50_shared: float | None
    class_ap50: dict[str, float]
    classes_known: int
    classes_marked: int
    precision_at_threshold: float
    recall_at_threshold: float
    pictures_per_second: float
    published: str | None


class AccuracyFigures(BaseModel):
    """What was measured.

    Attributes:
        machine: Processor and cores.
        measured_at: When.
        wished_precision: What the thresholds were chosen for.
        rows: One per set, model and artefact.
        left_out: What was not measured, and why.
    """

    machine: str
    measured_at: datetime
    wished_precision: float
    rows: tuple[AccuracyRow, ...]
    left_out: tuple[str, ...]


def default_data_root() -> Path:
    """``data`` in the folder that ``$CITYPATROL_SHARED`` names, or in ``shared`` beside us."""
    return shared_folder() / "data"


def measure_accuracy(plan: AccuracyPlan) -> AccuracyFigures:
    """Run the plan on this machine and return its figures.

    Raises:
        CityPatrolError: There is no data set, or a model or picture cannot be used.
    """
    rows: list[AccuracyRow] = []
    left_out: list[str] = []
    for data_set in _data_sets(plan.data_root):
        split = next(name for name in _SPLITS if data_set.splits.get(name))
        of_set: list[AccuracyRow] = []
        for model in plan.models:
            classes = scored_classes(data_set, model.card.class_names)
            if not any(entry.is_known for entry in classes):
                left_out.append(
                    f"{data_set.name}: {model.card.model_version} knows none of its classes"
                )
                continue
            for artefact in runnable_artefacts(model.card):
                measured = measure_model(model, artefact, data_set, split, plan.settings)
                of_set.append(_row(model, artefact, data_set, measured))
        rows += _with_shared_mean(of_set)
    return AccuracyFigures(
        machine=machine_name(),
        measured_at=datetime.now(UTC),
        wished_precision=plan.settings.precision,
        rows=tuple(rows),
        left_out=tuple(left_out),
    )


def accuracy_table(figures: AccuracyFigures) -> Table:
    """The figures as people read them."""
    remarks = [
        f"P, R: mean precision and recall at the thresholds for {figures.wished_precision:.0%} "
        "precision. classes: known to the model of those marked; means are over the known ones. "
        "shared: mAP50 over the classes that all models here know.",
        "pictures/s: with reading the files. A part called train may be what the model learned "
        "from, and then says little.",
        CAVEAT,
        *(f"not measured: {reason}." for reason in figures.left_out),
    ]
    table = Table(
        title=f"Accuracy, {figures.machine}",
        caption="\n".join(remarks),
        caption_justify="left",
    )
    for heading in ("set", "model", "artefact"):
        table.add_column(heading, overflow="fold")
    for heading in ("pictures", "classes", "mAP50", "shared", "mAP50-95", "P", "R", "pictures/s"):
        table.add_column(heading, justify="right")
    table.add_column("published", overflow="fold")
    previous = ""
    for row in figures.rows:
        if previous not in {"", row.set_name}:
            table.add_section()
        table.add_row(
            "" if row.set_name == previous else f"{row.set_name} {row.split}",
            row.model,
            f"{row.format} {row.precision}",
            str(row.pictures),
            f"{row.classes_known}/{row.classes_marked}",
            f"{row.map50:.3f}",
            "" if row.map50_shared is None else f"{row.map50_shared:.3f}",
            f"{row.map50_95:.3f}",
            f"{row.precision_at_threshold:.3f}",
            f"{row.recall_at_threshold:.3f}",
            f"{row.pictures_per_second:.1f}",
            "" if row.set_name == previous else row.published or "",
        )
        previous = row.set_name
    return table


def _data_sets(root: Path) -> Iterator[DataSet]:
    folders = sorted(path.parent for path in root.glob("*/data.yaml"))
    if not folders:
        raise CityPatrolError(
            f"no data set is in {root}: give --data-root a folder whose subfolders have a "
            "data.yaml, or set CITYPATROL_SHARED to the folder that has it as `data`"
        )
    for folder in folders:
        yield read_data_set(folder)


def _row(
    model: InstalledModel, artefact: Artefact, data_set: DataSet, measured: Measurement
) -> AccuracyRow:
    evaluation = measured.evaluation
    return AccuracyRow(
        set_name=data_set.name,
        split=evaluation.split,
        pictures=len(evaluation.pictures),
        model=str(model.card.model_version),
        format=artefact.format,
        precision=artefact.precision,
        map50=evaluation.map50,
        map50_95=evaluation.map50_95,
        map50_shared=None,
        class_ap50={entry.scored_class.name: entry.overall.ap50 for entry in evaluation.classes},
        classes_known=len(evaluation.classes),
        classes_marked=len(evaluation.classes) + len(evaluation.not_known),
        precision_at_threshold=evaluation.precision,
        recall_at_threshold=evaluation.recall,
        pictures_per_second=measured.pictures_per_second,
        published=_published(anchor_for(data_set.labelled_classes)),
    )


def _with_shared_mean(rows: Sequence[AccuracyRow]) -> list[AccuracyRow]:
    known = [row.class_ap50.keys() for row in rows]
    shared = set(known[0]).intersection(*known) if known else set()
    return [
        row.model_copy(
            update={"map50_shared": fmean(row.class_ap50[name] for name in shared)}
            if shared
            else {}
        )
        for row in rows
    ]


def _published(anchor: PublishedAnchor | None) -> str | None:
    return None if anchor is None else f"{anchor.source}: {anchor.figure}"
