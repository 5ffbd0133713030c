"""The wire contract for model versions: which ones are live, and how that changed."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.contract.memories import HolderId
from models.words import (
    ModelName,
    PictureSource,
    Remark,
    Sha256,
    VersionText,
    Viewpoint,
    VisualClass,
)


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFileHash(_Value):
    """One file of a model version.

    Attributes:
        path: As its card names it, relative to the card.
        sha256: Of its content.
    """

    path: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    sha256: Sha256


class Promotion(_Value):
    """Body of ``POST /v1/models/{name}/promotions``: this version shall work from now on.

    Attributes:
        version: The version.
        files: Every file of it, so that workers run what was promoted and nothing else.
        note: Why.
    """

    version: VersionText
    files: Annotated[tuple[ModelFileHash, ...], Field(min_length=1, max_length=100)]
    note: Remark = ""

    @model_validator(mode="after")
    def _names_each_file_once(self) -> Self:
        paths = [file.path for file in self.files]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ValueError(f"files names {twice} more than once")
        return self


class Rollback(_Value):
    """Body of ``POST /v1/models/{name}/rollbacks``: the version before shall work again.

    Attributes:
        note: Why.
    """

    note: Remark = ""


class LiveModel(_Value):
    """A model version that workers run.

    Attributes:
        name: The model.
        version: The one version of it that is live.
        files: Its files.
        promoted_at: Since when this version is live.
        promoted_by: Name of the key with which it was promoted or rolled back to.
        in_service_since: Since when one version or another of the model has been live.
        note: Why.
    """

    name: ModelName
    version: VersionText
    files: tuple[ModelFileHash, ...]
    promoted_at: AwareDatetime
    promoted_by: str
    in_service_since: AwareDatetime
    note: str = ""


class LiveModels(_Value):
    """Answer to ``GET /v1/models/live``.

    Attributes:
        models: One version per model, the model longest in service first. In this order the
            models take visual classes: each class is found by the first that knows it.
    """

    models: tuple[LiveModel, ...]


class ReportedClass(_Value):
    """A visual class that a running model finds, and how well by its card.

    Attributes:
        visual_class: The class.
        precision: Share of the boxes found that are right; None if it was never measured.
        recall: Share of the labelled boxes that are found; None if it was never measured.
        boxes: Labelled boxes that this was measured on.
        source: Whether these are from a set that the class was learnt from; None if nobody told.
        viewpoint: Where these pictures were taken from; None if nobody told.
    """

    visual_class: VisualClass
    precision: Annotated[float, Field(ge=0, le=1)] | None = None
    recall: Annotated[float, Field(ge=0, le=1)] | None = None
    boxes: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    source: PictureSource | None = None
    viewpoint: Viewpoint | None = None


class ReportedModel(_Value):
    """A model version that a worker runs.

    Attributes:
        name: The model.
        version: Its version.
        classes: What it finds for this worker: of several models each class belongs to one.
    """

    name: ModelName
    version: VersionText
    classes: Annotated[tuple[ReportedClass, ...], Field(max_length=2000)]


class WorkerModels(_Value):
    """Body of ``PUT /v1/models/running/{worker}``: what a worker runs now.

    Attributes:
        models: In the order in which they take visual classes; none if it runs none.
        next_report_seconds: So soon it reports again, whether or not something changed. A report
            that is three times as old counts no more.
    """

    models: Annotated[tuple[ReportedModel, ...], Field(max_length=100)]
    next_report_seconds: Annotated[float, Field(gt=0, le=7200)]


class RunningModels(WorkerModels):
    """What a worker reported last.

    Attributes:
        worker: The worker, by the ULID of its data folder.
        reported_at: When.
    """

    worker: HolderId
    reported_at: AwareDatetime


class ModelsAtWork(_Value):
    """Answer to ``GET /v1/models/running``.

    Attributes:
        workers: Every worker whose report still counts.
    """

    workers: tuple[RunningModels, ...]


class ModelChangeKind(StrEnum):
    """What was done to a model."""

    PROMOTION = "promotion"
    ROLLBACK = "rollback"
    WITHDRAWAL = "withdrawal"


class ModelChange(_Value):
    """One line of the history.

    Attributes:
        name: The model.
        kind: What was done.
        version: The version that was live from then on, or None after a withdrawal.
        changed_at: When.
        changed_by: Name of the key with which it was done.
        is_current: Whether this is how the model still stands.
        note: Why.
    """

    name: ModelName
    kind: ModelChangeKind
    version: VersionText | None
    changed_at: AwareDatetime
    changed_by: str
    is_current: bool
    note: str = ""


class ModelHistory(_Value):
    """Answer to ``GET /v1/models/history``.

    Attributes:
        changes: The newest first.
    """

    changes: tuple[ModelChange, ...]
