"""The form of one action: a field for each thing that it needs or takes."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from nicegui import ui
from pydantic import ValidationError

from api.console.cases.case_facts import CaseFacts
from api.console.cases.picture_upload import PictureUpload
from api.console.parts.field_refusals import refusal_text
from api.contract.case_words import PictureKind
from api.contract.cases import CaseAction, PossibleAction, VerdictReason
from api.services import Services
from streams.kit.validation import shown


class FormError(Exception):
    """A field that cannot be used; says so in the page's language."""


class ActionForm:
    """Draws the fields of an action and reads them back.

    Args:
        action: What is done.
        facts: Words for cases.
        services: Of the node; keeps pictures that are brought along.
    """

    def __init__(self, action: PossibleAction, facts: CaseFacts, services: Services) -> None:
        self._action = action
        self._facts = facts
        self._fields: dict[str, Any] = {}
        self._upload = PictureUpload(services, facts.texts)

    def draw(self) -> None:
        """Draw the fields."""
        draws: dict[str, Callable[[str], None]] = {
            "reason": self._draw_text_area,
            "pictures": self._draw_pictures,
            "verdict_reason": self._draw_verdict_reason,
            "department_id": self._draw_department,
            "until": self._draw_until,
            "limit": self._draw_limit,
        }
        for name in (*self._action.needs, *self._action.takes):
            draws.get(name, self._draw_line)(name)

    def read(self) -> CaseAction:
        """Return what was filled in.

        Raises:
            FormError: A field cannot be used.
        """
        said = {name: field.value for name, field in self._fields.items() if field.value}
        amount = said.pop("limit_amount", None)
        unit = said.pop("limit_unit", None)
        if amount:
            said["limit"] = {"amount": amount, "unit": unit}
        if "until" in said:
            said["until"] = self._moment(said["until"])
        if self._upload.pictures:
            said["pictures"] = [picture.model_dump() for picture in self._upload.pictures]
        try:
            return CaseAction.model_validate(said)
        except ValidationError as error:
            raise FormError(refusal_text(error, self._facts.field, self._facts.texts)) from None

    def _label(self, field: str) -> str:
        needed = " *" if field in self._action.needs else ""
        return f"{self._facts.field(field)}{needed}"

    def _draw_line(self, name: str) -> None:
        self._fields[name] = ui.input(self._label(name)).props(f"data-field={name}")

    def _draw_text_area(self, name: str) -> None:
        field = ui.textarea(self._label(name)).props(f"autogrow data-field={name}")
        self._fields[name] = field

    def _draw_verdict_reason(self, name: str) -> None:
        texts = self._facts.texts
        choices = {word: texts.word("verdict.reason", word) for word in get_args(VerdictReason)}
        self._fields[name] = ui.select(choices, label=self._label(name), clearable=True)

    def _draw_department(self, name: str) -> None:
        organisation = self._facts.organisation
        units = () if organisation is None else organisation.units
        choices = {unit.unit_id: self._facts.unit(unit.unit_id) for unit in units if unit.handles}
        self._fields[name] = ui.select(choices, label=self._label(name), with_input=True)

    def _draw_until(self, name: str) -> None:
        self._fields[name] = ui.input(self._label(name)).props("type=datetime-local stack-label")

    def _draw_limit(self, name: str) -> None:
        texts = self._facts.texts
        units = ("urgent_hour", "natural_day", "work_hour", "work_day")
        self._fields["limit_amount"] = ui.number(self._label(name), min=0.1, max=3660)
        self._fields["limit_unit"] = ui.select(
            {unit: texts.word("case.unit", unit) for unit in units}, value="work_hour"
        )

    def _draw_pictures(self, name: str) -> None:
        with ui.row().classes("case-upload"):
            names = self._facts.texts
            kinds = {kind.value: names.word("case.picture", kind) for kind in PictureKind}
            kind = ui.select(kinds, value=PictureKind.AFTER.value, label=self._label(name))

            self._upload.draw("", lambda: PictureKind(kind.value))

    def _moment(self, text: str) -> datetime:
        try:
            local = datetime.fromisoformat(text)
        except ValueError:
            values = {"field": self._facts.field("until"), "value": shown(text)}
            raise FormError(self._facts.texts.text("refusal.moment", **values)) from None
        return local.replace(tzinfo=ZoneInfo(self._facts.settings.time_zone))
