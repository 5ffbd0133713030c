"""How right the product's events are: precision, recall, false alarms and delay over scenes."""

import statistics
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict
from rich.table import Table

from benchmarks.scene_run import SceneDetector, SceneOutcome, run_scene, scene_catalogue
from benchmarks.scenes.material import SceneMaterial
from benchmarks.scenes.pace import Pace
from benchmarks.scenes.scene_list import scenes_at


class TypeFigures(BaseModel):
    """How one issue type did at one pace.

    Attributes:
        pace: How often its scenes were looked at.
        issue_code: The type.
        expected: Events that had to be reported.
        found: Those that were, at their place and in time.
        false_alarms: Events of the type that were reported and not expected.
        cleared_wrongly: Found events that cleared too early, too late or not at all.
        median_delay_seconds: From when they were due to when they were reported.
    """

    model_config = ConfigDict(frozen=True)

    pace: str
    issue_code: str
    expected: int
    found: int
    false_alarms: int
    cleared_wrongly: int
    median_delay_seconds: float | None


class EventFigures(BaseModel):
    """How all scenes of one pace did.

    Attributes:
        pace: How often they were looked at.
        scenes: How many.
        camera_days: How long they last together.
        types: Each issue type that was expected or reported.
        failed_scenes: Names of those with a miss, a false alarm or a wrong end.
    """

    model_config = ConfigDict(frozen=True)

    pace: str
    scenes: int
    camera_days: float
    types: tuple[TypeFigures, ...]
    failed_scenes: tuple[str, ...]

    @property
    def recall(self) -> float:
        """Share of the expected events that were found."""
        expected = sum(one.expected for one in self.types)
        return sum(one.found for one in self.types) / expected if expected else 1.0

    @property
    def precision(self) -> float:
        """Share of the reported events that were expected."""
        found = sum(one.found for one in self.types)
        reported = found + sum(one.false_alarms for one in self.types)
        return found / reported if reported else 1.0


class AllEventFigures(BaseModel):
    """The figures of several paces."""

    model_config = ConfigDict(frozen=True)

    paces: tuple[EventFigures, ...]


def measure_events(
    paces: Iterable[Pace], material: SceneMaterial, detect: SceneDetector
) -> tuple[EventFigures, ...]:
    """Run every scene at every pace."""
    catalogue = scene_catalogue()
    return tuple(
        summed(pace, [run_scene(one, material, detect, catalogue) for one in scenes_at(pace)])
        for pace in paces
    )


def summed(pace: Pace, outcomes: Sequence[SceneOutcome]) -> EventFigures:
    """What the outcomes of a pace's scenes come to."""
    codes = sorted(
        {one.issue_code for outcome in outcomes for one in outcome.found}
        | {code for outcome in outcomes for code in outcome.false_alarms}
    )
    return EventFigures(
        pace=pace.name,
        scenes=len(outcomes),
        camera_days=sum(outcome.days for outcome in outcomes),
        types=tuple(_of_type(pace, code, outcomes) for code in codes),
        failed_scenes=tuple(outcome.scene for outcome in outcomes if _failed(outcome)),
    )


def event_table(figures: EventFigures) -> Table:
    """The figures of a pace, to be printed."""
    table = Table(title=f"Events, one look every {figures.pace}", title_justify="left", box=None)
    headings = ("type", "expected", "found", "false alarms", "wrong ends", "median delay")
    for heading in headings:
        table.add_column(heading, justify="right")
    for one in figures.types:
        delay = one.median_delay_seconds
        table.add_row(
            one.issue_code,
            str(one.expected),
            str(one.found),
            str(one.false_alarms),
            str(one.cleared_wrongly),
            "" if delay is None else f"{delay:g} s",
        )
    alarms = sum(one.false_alarms for one in figures.types)
    table.caption = (
        f"precision {figures.precision:.3f}, recall {figures.recall:.3f}; {alarms} false alarms in "
        f"{figures.camera_days:.2f} camera days of {figures.scenes} scenes made to provoke them"
    )
    return table


def _of_type(pace: Pace, code: str, outcomes: Sequence[SceneOutcome]) -> TypeFigures:
    expected = [one for outcome in outcomes for one in outcome.found if one.issue_code == code]
    delays = [one.delay_seconds for one in expected if one.delay_seconds is not None]
    return TypeFigures(
        pace=pace.name,
        issue_code=code,
        expected=len(expected),
        found=len(delays),
        false_alarms=sum(outcome.false_alarms.count(code) for outcome in outcomes),
        cleared_wrongly=sum(not one.cleared_in_time for one in expected),
        median_delay_seconds=statistics.median(delays) if delays else None,
    )


def _failed(outcome: SceneOutcome) -> bool:
    missed = any(one.delay_seconds is None or not one.cleared_in_time for one in outcome.found)
    return missed or bool(outcome.false_alarms)
