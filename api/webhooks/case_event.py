"""A step of a case as a message: a CloudEvent 1.0."""

from typing import Any

from sqlalchemy import Row

from api.contract.cases import CaseDocument, FlowRecord
from api.contract.webhooks import CaseEvent, CaseEventData
from api.webhooks.event_kinds import kind_of, type_of


def event_id_of(flow_id: int) -> str:
    """Return the id of the message about a record: the same whenever it is made."""
    return f"case-flow-{flow_id}"


def case_event(step: Row[Any], case: CaseDocument, source: str) -> CaseEvent:
    """Return the message about a record of ``case_flow``.

    Args:
        step: The record.
        case: The case as it is now.
        source: What the district is called in messages.
    """
    return CaseEvent(
        id=event_id_of(step.flow_id),
        source=source,
        type=type_of(kind_of(step.action)),
        subject=case.number,
        time=step.at,
        data=CaseEventData(case=case, step=FlowRecord.model_validate(dict(step._mapping))),
    )
