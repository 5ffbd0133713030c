"""Coverage: which issue types the models at work can recognise, and what the others lack."""

from collections import Counter
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.cards.class_figure import ClassFigure
from models.catalogue.file import BothNames
from models.catalogue.issue_catalogue import IssueCatalogue, Unwatched
from models.catalogue.issue_type import IssueType
from models.coverage.known_classes import KnownClasses
from models.coverage.working_models import CountedModels, WorkingModels
from models.rules.class_needs import class_needs
from models.rules.rule import OutsideKnowledge, Rule
from models.words import ConfirmedBy, IssueCode, Viewpoint, VisualClass


class CoverageStatus(StrEnum):
    """What becomes of an issue type with the models at work, from the best to the worst."""

    RECOGNISABLE = "recognisable"
    """Every class that its rule names is known and found well enough."""
    PARTLY = "partly"
    """Its rule can be judged, but some of its classes are not known or seldom found."""
    NEEDS_CAMERA_SETUP = "needs_camera_setup"
    """On cameras that were calibrated."""
    NEEDS_CLASSES = "needs_classes"
    """Its rule cannot be judged: no model knows what it needs."""
    SWITCHED_OFF = "switched_off"
    """Off by default, or by the city."""
    NEEDS_KNOWLEDGE = "needs_knowledge"
    """No picture shows what its rule would have to know."""


class CameraSetup(StrEnum):
    """What must be done at a camera before a rule can be judged there."""

    CALIBRATION = "calibration"
    REFERENCE_PICTURE = "reference_picture"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TypeCoverage(_Value):
    """How an issue type stands.

    Attributes:
        code: Its code.
        name: Its name.
        major_class: Its major class.
        status: What becomes of it.
        known_classes: Classes of its rule that a model knows.
        missing_classes: Classes of its rule that no model knows.
        weak_classes: Known classes that no card shows to be found well enough on pictures of sets
            that they were not learnt from, with the figures.
        not_from_poles: Classes found well enough, but on pictures that no camera on a pole took.
        knowledge: What its rule needs beyond any picture.
        camera_setup: What its rule needs to be done at a camera.
        unwatched: Why it is not watched for whatever the models know, or None.
        confirmed_by: Who must agree to an event before it is dispatched, or None.
        missing_model: The second model that should confirm its events, if that is not in the
            registry or knows none of the classes it is asked for.
    """

    code: IssueCode
    name: BothNames
    major_class: BothNames
    status: CoverageStatus
    known_classes: tuple[VisualClass, ...]
    missing_classes: tuple[VisualClass, ...]
    weak_classes: tuple[ClassFigure, ...]
    not_from_poles: tuple[VisualClass, ...] = ()
    knowledge: tuple[OutsideKnowledge, ...]
    camera_setup: tuple[CameraSetup, ...]
    unwatched: Unwatched | None
    confirmed_by: ConfirmedBy | None
    missing_model: str | None = None


class MissingClass(_Value):
    """A visual class that no model knows and that types ask for.

    Attributes:
        name: The class.
        meaning: What it means.
        unlocks: Codes of the types that it alone would make recognisable, be it in part.
        asked_by: Codes of all types that name it, those among them.
    """

    name: VisualClass
    meaning: BothNames
    unlocks: tuple[IssueCode, ...]
    asked_by: tuple[IssueCode, ...]


class Coverage(_Value):
    """How every issue type stands.

    Attributes:
        catalogue_version: Of the catalogue and its overlays.
        counted: Which models count.
        workers: How many workers reported what they run.
        models: Names and versions of the models that count.
        models_without_card: Those among them whose classes are not known here.
        totals: How many types have each status.
        types: Every type, by code.
        missing_classes: What is worth labelling next: those that unlock most come first.
    """

    catalogue_version: str
    counted: CountedModels
    workers: Annotated[int, Field(ge=0)] = 0
    models: tuple[str, ...]
    models_without_card: tuple[str, ...] = ()
    totals: dict[CoverageStatus, Annotated[int, Field(ge=0)]]
    types: tuple[TypeCoverage, ...]
    missing_classes: tuple[MissingClass, ...]


def coverage_of(
    catalogue: IssueCatalogue, working: WorkingModels, unconfirmed: Collection[str] = ()
) -> Coverage:
    """How the types of a catalogue stand.

    Args:
        catalogue: The catalogue.
        working: The models that count.
        unconfirmed: Codes of the types whose second model is missing.
    """
    known = working.known
    types = tuple(
        _of_type(catalogue, issue, known).model_copy(
            update={"missing_model": _second_model(issue) if issue.code in unconfirmed else None}
        )
        for issue in catalogue.types.values()
    )
    counted = Counter(one.status for one in types)
    return Coverage(
        catalogue_version=catalogue.version,
        counted=working.counted,
        workers=working.workers,
        models=tuple(map(str, working.versions)),
        models_without_card=tuple(map(str, working.without_card)),
        totals={status: counted[status] for status in CoverageStatus},
        types=types,
        missing_classes=_ranked(catalogue, types, known),
    )


def _of_type(catalogue: IssueCatalogue, issue: IssueType, known: KnownClasses) -> TypeCoverage:
    needs = class_needs(issue.rule)
    named = dict.fromkeys(name for need in needs for name in need.classes)
    unwatched = catalogue.unwatched(issue.code)
    setup = _camera_setup(issue.rule)
    missing = tuple(name for name in named if name not in known)
    weak = tuple(known[name] for name in named if name in known and not known[name].is_enough)
    if unwatched is Unwatched.NEEDS_KNOWLEDGE:
        status = CoverageStatus.NEEDS_KNOWLEDGE
    elif unwatched is not None:
        status = CoverageStatus.SWITCHED_OFF
    elif not all(need.is_met(known) for need in needs):
        status = CoverageStatus.NEEDS_CLASSES
    elif CameraSetup.CALIBRATION in setup:
        status = CoverageStatus.NEEDS_CAMERA_SETUP
    else:
        status = CoverageStatus.PARTLY if missing or weak else CoverageStatus.RECOGNISABLE
    return TypeCoverage(
        code=issue.code,
        name=BothNames(zh=issue.name_zh, en=issue.name_en),
        major_class=catalogue.major_class(issue),
        status=status,
        known_classes=tuple(name for name in named if name in known),
        missing_classes=missing,
        weak_classes=weak,
        not_from_poles=tuple(
            name
            for name in named
            if name in known
            and known[name].is_enough
            and known[name].viewpoint is not Viewpoint.POLE
        ),
        knowledge=issue.rule.needs,
        camera_setup=setup,
        unwatched=unwatched,
        confirmed_by=None if issue.rule.confirmation is None else issue.rule.confirmation.by,
    )


def _second_model(issue: IssueType) -> str | None:
    asks = issue.rule.second_model
    return None if asks is None else asks.model


def _camera_setup(rule: Rule) -> tuple[CameraSetup, ...]:
    needed = {
        CameraSetup.CALIBRATION: rule.needs_calibration,
        CameraSetup.REFERENCE_PICTURE: rule.needs_reference,
    }
    return tuple(setup for setup, wanted in needed.items() if wanted)


def _ranked(
    catalogue: IssueCatalogue, types: Iterable[TypeCoverage], known: Collection[str]
) -> tuple[MissingClass, ...]:
    asked_by: dict[str, list[str]] = {}
    unlocks: dict[str, list[str]] = {}
    for one in types:
        if one.unwatched is not None:
            continue
        needs = class_needs(catalogue.types[one.code].rule)
        for name in one.missing_classes:
            asked_by.setdefault(name, []).append(one.code)
            with_it = {*known, name}
            if one.status is CoverageStatus.NEEDS_CLASSES and all(
                need.is_met(with_it) for need in needs
            ):
                unlocks.setdefault(name, []).append(one.code)
    order = sorted(
        asked_by, key=lambda name: (-len(unlocks.get(name, ())), -len(asked_by[name]), name)
    )
    return tuple(
        MissingClass(
            name=name,
            meaning=BothNames(
                zh=catalogue.visual_classes[name].zh, en=catalogue.visual_classes[name].en
            ),
            unlocks=tuple(unlocks.get(name, ())),
            asked_by=tuple(asked_by[name]),
        )
        for name in order
    )
