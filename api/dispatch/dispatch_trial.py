"""A trial of tables: how many matters of a file find their department without a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from api.dispatch.dispatcher import Dispatcher
from api.dispatch.event_file import NamedMatter
from api.dispatch.resolution import Assignment, Unresolved, UnresolvedReason


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class DepartmentFigures(_Figures):
    """How many matters a department gets.

    Attributes:
        unit_id: The department.
        name_zh: Its Chinese name.
        name_en: Its English name.
        events: How many matters.
        nobody_on_duty: Of these, those for which the roster has nobody.
    """

    unit_id: str
    name_zh: str
    name_en: str
    events: int
    nobody_on_duty: int


class UnresolvedExample(_Figures):
    """One matter that goes nowhere by itself.

    Attributes:
        event: Its id, or its place in the file.
        issue_code: Its issue type.
        lon: Longitude.
        lat: Latitude.
        detail: Why, with the way out.
    """

    event: str
    issue_code: str
    lon: float
    lat: float
    detail: str


class UnresolvedFigures(_Figures):
    """How many matters go nowhere for one reason, and the first of them."""

    reason: UnresolvedReason
    events: int
    example: UnresolvedExample


class TrialFigures(_Figures):
    """What came of a trial.

    Attributes:
        events: All matters of the file.
        camera_faults: Of these, faults of cameras, which nobody expects to be dispatched.
        resolved: How many found a department.
        automatic_share: Those among all but the faults of cameras, from 0 to 1; None where there
            are no others.
        by_department: The departments, the one with the most first.
        unresolved: Why others found none, the most frequent reason first.
    """

    events: int
    camera_faults: int
    resolved: int
    automatic_share: float | None
    by_department: tuple[DepartmentFigures, ...]
    unresolved: tuple[UnresolvedFigures, ...]


@dataclass(slots=True)
class _Tally:
    assigned: dict[str, list[Assignment]] = field(default_factory=dict)
    unresolved: dict[UnresolvedReason, list[UnresolvedExample]] = field(default_factory=dict)

    def add(self, named: NamedMatter, answer: Assignment | Unresolved) -> None:
        match answer:
            case Assignment():
                self.assigned.setdefault(answer.department.unit_id, []).append(answer)
            case Unresolved():
                example = UnresolvedExample(
                    event=named.name,
                    issue_code=named.matter.issue_code,
                    lon=named.matter.lon,
                    lat=named.matter.lat,
                    detail=answer.detail,
                )
                self.unresolved.setdefault(answer.reason, []).append(example)


async def try_dispatcher(dispatcher: Dispatcher, matters: Sequence[NamedMatter]) -> TrialFigures:
    """Resolve matters, as the service does, and count what becomes of them."""
    tally = _Tally()
    for named in matters:
        tally.add(named, await dispatcher.resolve(named.matter))
    resolved = sum(len(several) for several in tally.assigned.values())
    camera_faults = len(tally.unresolved.get(UnresolvedReason.CAMERA_FAULT, ()))
    expected = len(matters) - camera_faults
    return TrialFigures(
        events=len(matters),
        camera_faults=camera_faults,
        resolved=resolved,
        automatic_share=resolved / expected if expected else None,
        by_department=tuple(
            sorted(_departments(tally), key=lambda one: (-one.events, one.unit_id))
        ),
        unresolved=tuple(
            sorted(_unresolved(tally), key=lambda one: (-one.events, one.reason.value))
        ),
    )


def _departments(tally: _Tally) -> Iterable[DepartmentFigures]:
    for several in tally.assigned.values():
        unit = several[0].department
        yield DepartmentFigures(
            unit_id=unit.unit_id,
            name_zh=unit.name_zh,
            name_en=unit.name_en,
            events=len(several),
            nobody_on_duty=sum(one.person is None for one in several),
        )


def _unresolved(tally: _Tally) -> Iterable[UnresolvedFigures]:
    for reason, several in tally.unresolved.items():
        yield UnresolvedFigures(reason=reason, events=len(several), example=several[0])
