"""What can be done with a case, by whom, and what it does: the table in ``transitions.yaml``."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.accounts.role import Role
from api.contract.case_words import OPEN_STATES, CaseState, FlowKind, Stage
from models.catalogue.file import BothNames

TABLE = Path(__file__).with_name("transitions.yaml")
REPORT = "report"
"""How every case begins; it has no state before it, so that the table does not list it."""

FieldName = Literal[
    "reason",
    "verdict_reason",
    "pictures",
    "collector",
    "handler",
    "department_id",
    "target_case_id",
    "issue_code",
    "limit",
    "until",
]


class ClockOperation(StrEnum):
    """What a transition does to the clock of a stage."""

    FINISH = "finish"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    HAND_OVER = "hand_over"
    """Resumes the paused clock of the same department, else starts a new one."""


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """One thing that a transition does to one clock.

    Attributes:
        operation: What.
        stage: To the clock of which stage.
    """

    operation: ClockOperation
    stage: Stage


class Transition(BaseModel):
    """One entry of the table.

    Attributes:
        action: What it is called in requests and records.
        name: What it is called on screens.
        from_states: States in which it can be done.
        to: State afterwards; ``same`` stays, ``before`` is where it was suspended.
        roles: Who may.
        system: Whether a rule may, without a person.
        needs: Fields that a request must give.
        takes: Fields that it may give besides.
        guards: Names of what must hold.
        clocks: What becomes of its clocks, in order.
        kind: How the record of the step is filed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    action: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    name: BothNames
    from_states: Annotated[Literal["open"] | frozenset[CaseState], Field(alias="from")]
    to: CaseState | Literal["same", "before"]
    roles: Annotated[frozenset[Role], Field(min_length=1)]
    system: bool = False
    needs: tuple[FieldName, ...] = ()
    takes: tuple[FieldName, ...] = ()
    guards: tuple[str, ...] = ()
    clocks: tuple[dict[ClockOperation, Stage], ...] = ()
    kind: FlowKind

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if any(len(effect) != 1 for effect in self.clocks):
            raise ValueError(f"{self.action}: each entry of clocks names one operation")
        if self.kind is FlowKind.NOTE and self.to != "same":
            raise ValueError(f"{self.action}: a note stays where it is, but leads to {self.to}")
        return self

    @property
    def states(self) -> frozenset[CaseState]:
        """States in which it can be done."""
        return OPEN_STATES if self.from_states == "open" else self.from_states

    @property
    def clock_effects(self) -> tuple[ClockEffect, ...]:
        """What becomes of its clocks, in order."""
        return tuple(
            ClockEffect(operation, stage)
            for effect in self.clocks
            for operation, stage in effect.items()
        )

    def state_after(self, state: CaseState, suspended_from: CaseState | None) -> CaseState:
        """Return the state that it leads to from a state."""
        if self.to == "same":
            return state
        if self.to == "before":
            return suspended_from or CaseState.PENDING_HANDLE
        return self.to


class _TableFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    transitions: Annotated[tuple[Transition, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_action_twice(self) -> Self:
        names = [one.action for one in self.transitions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} comes twice")
        return self


@functools.cache
def load_transitions() -> dict[str, Transition]:
    """Read the table, once per process: transitions by their action, in the file's order."""
    file = _TableFile.model_validate(yaml.safe_load(TABLE.read_text(encoding="utf-8")))
    return {one.action: one for one in file.transitions}
