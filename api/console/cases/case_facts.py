"""What the pages say of cases, in one language."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.cases.transition_table import load_transitions
from api.console.parts.settings import ConsoleSettings
from api.console.parts.translations import Texts
from api.contract.case_pictures import TakenFrom
from api.contract.case_words import CaseState
from api.contract.cases import CaseDocument, FlowRecord
from api.dispatch.organisation import Organisation, UnknownUnitError

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)")


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Words for cases.

    Attributes:
        texts: The page's language.
        settings: Of the console.
        organisation: Names of units; None before they were imported.
    """

    texts: Texts
    settings: ConsoleSettings
    organisation: Organisation | None

    def issue_name(self, case: CaseDocument) -> str:
        """What it is about."""
        return self.texts.choose(case.issue_name_zh, case.issue_name_en)

    def state(self, state: CaseState) -> str:
        """Where it stands."""
        return self.texts.word("case.state", state.value)

    def source(self, case: CaseDocument) -> str:
        """Through which channel it came."""
        return self.texts.word("case.source", case.source.value)

    def unit(self, unit_id: str | None) -> str:
        """What a unit is called; its id if the organisation has it no more."""
        if unit_id is None:
            return "–"
        if self.organisation is None:
            return unit_id
        try:
            unit = self.organisation.unit(unit_id)
        except UnknownUnitError:
            return unit_id
        return self.texts.choose(unit.name_zh, unit.name_en)

    def clock(self, case: CaseDocument) -> str:
        """What the running clock is for, and when it is due."""
        if case.stage is None or case.due_at is None:
            return "–"
        stage = self.texts.word("case.stage", case.stage.value)
        return f"{stage} · {self.time(case.due_at)}"

    def time(self, moment: datetime | None) -> str:
        """A moment in the district's time."""
        if moment is None:
            return "–"
        return f"{moment.astimezone(ZoneInfo(self.settings.time_zone)):%m-%d %H:%M}"

    def said(self, chinese: str, english: str) -> str:
        """What is said of a case in both languages: in the page's, its moments as ``time``."""
        words = self.texts.choose(chinese, english)
        return _MOMENT.sub(lambda at: self.time(datetime.fromisoformat(at[0])), words)

    def taken_from(self, taken: TakenFrom) -> str:
        """Where and when a drone took a picture."""
        text = self.texts.text
        said = [
            f"{text('cases.drone')} {self.time(taken.taken_at)}",
            f"{taken.lon:.6f}, {taken.lat:.6f}",
        ]
        if taken.altitude_m is not None:
            said.append(f"{text('cases.altitude')} {taken.altitude_m:.0f} m")
        if taken.heading is not None:
            said.append(f"{text('cases.heading')} {taken.heading:.0f}°")
        return " · ".join(said)

    def action(self, action: str) -> str:
        """What an action is called."""
        transition = load_transitions().get(action)
        if transition is None:
            return self.texts.word("case.action", action)
        return self.texts.choose(transition.name.zh, transition.name.en)

    def field(self, name: str) -> str:
        """What a field of a form is called."""
        return self.texts.word("case.field", name)

    def step(self, record: FlowRecord) -> str:
        """What a step of its life was, and where it led."""
        name = self.action(record.action)
        if record.to_state == record.from_state:
            return name
        return f"{name} → {self.state(record.to_state)}"
