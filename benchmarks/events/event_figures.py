"""Event figures: precision, recall, false alarms and delay of what scenes came to."""

import statistics
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from benchmarks.street_run import SceneOutcome


class TypeFigures(BaseModel):
    """How one issue type did in a group of scenes.

    Attributes:
        issue_code: The type.
        expected: Events that had to be reported.
        found: Those that were, at their place and in time.
        false_alarms: Events of the type that were reported and not expected.
        false_alarms_per_camera_day: The same, for each day that a camera was looked at.
        cleared_wrongly: Found events that cleared too early, too late or not at all.
        median_delay_seconds: From when they were due to when they were reported.
    """

    model_config = ConfigDict(frozen=True)

    issue_code: str
    expected: int
    found: int
    false_alarms: int
    false_alarms_per_camera_day: float
    cleared_wrongly: int
    median_delay_seconds: float | None


class SceneTrouble(BaseModel):
    """What went wrong in a scene.

    Attributes:
        scene: Its name.
        troubles: A line for each thing.
    """

    model_config = ConfigDict(frozen=True)

    scene: str
    troubles: tuple[str, ...]


class GroupFigures(BaseModel):
    """How a group of scenes did.

    Attributes:
        group: What they have in common: how often they are looked at, or what they are made of.
        source: Who found the things in them.
        scenes: How many there are.
        camera_days: How long they last together.
        types: Each issue type that was expected or reported.
        failed: Those with a miss, a false alarm or a wrong end.
        left_out: Why others were not run: the reason, and how many.
    """

    model_config = ConfigDict(frozen=True)

    group: str
    source: str
    scenes: int
    camera_days: float
    types: tuple[TypeFigures, ...]
    failed: tuple[SceneTrouble, ...]
    left_out: dict[str, int] = {}

    @property
    def expected(self) -> int:
        """Events that had to be reported."""
        return sum(one.expected for one in self.types)

    @property
    def found(self) -> int:
        """Those that were."""
        return sum(one.found for one in self.types)

    @property
    def false_alarms(self) -> int:
        """Events that were reported and not expected."""
        return sum(one.false_alarms for one in self.types)

    @property
    def recall(self) -> float | None:
        """Share of the expected events that were found; None if none was expected."""
        return self.found / self.expected if self.expected else None

    @property
    def precision(self) -> float | None:
        """Share of the reported events that were expected; None if none was reported."""
        reported = self.found + self.false_alarms
        return self.found / reported if reported else None


class EventFigures(BaseModel):
    """Everything that was measured.

    Attributes:
        machine: Where.
        material: What the composed scenes were made of.
        model: The model that was asked, or None.
        seconds: How long it took.
        groups: The figures.
    """

    model_config = ConfigDict(frozen=True)

    machine: str
    material: str
    model: str | None
    seconds: float
    groups: tuple[GroupFigures, ...]


def summed(
    group: str, source: str, outcomes: Sequence[SceneOutcome], left_out: dict[str, int]
) -> GroupFigures:
    """What the outcomes of a group come to."""
    codes = {one.issue_code for outcome in outcomes for one in outcome.found}
    codes |= {alarm.issue_code for outcome in outcomes for alarm in outcome.false_alarms}
    return GroupFigures(
        group=group,
        source=source,
        scenes=len(outcomes),
        camera_days=sum(outcome.days for outcome in outcomes),
        types=tuple(_of_type(code, outcomes) for code in sorted(codes)),
        failed=tuple(
            SceneTrouble(scene=outcome.scene, troubles=outcome.troubles)
            for outcome in outcomes
            if outcome.troubles
        ),
        left_out=left_out,
    )


def _of_type(code: str, outcomes: Sequence[SceneOutcome]) -> TypeFigures:
    expected = [one for outcome in outcomes for one in outcome.found if one.issue_code == code]
    delays = [one.delay_seconds for one in expected if one.delay_seconds is not None]
    alarms = sum(alarm.issue_code == code for outcome in outcomes for alarm in outcome.false_alarms)
    days = sum(outcome.days for outcome in outcomes)
    return TypeFigures(
        issue_code=code,
        expected=len(expected),
        found=len(delays),
        false_alarms=alarms,
        false_alarms_per_camera_day=alarms / days if days else 0.0,
        cleared_wrongly=sum(not one.cleared_in_time for one in expected),
        median_delay_seconds=statistics.median(delays) if delays else None,
    )
