"""Webhooks on the wire: what departments' systems are told of cases, and how it went."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from api.contract.accounts import UnitId
from api.contract.cases import CaseDocument, CaseId, FlowRecord
from models.words import Ulid

WebhookId = Ulid
EventKind = Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]
"""What became of a case, such as ``dispatched``; ``api/webhooks/event_kinds.yaml`` lists them."""
MOST_KINDS = 100
LONGEST_URL = 500


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WebhookToMake(_Sent):
    """Body of ``POST /v1/webhooks``.

    Attributes:
        url: Where the messages go, http:// or https://.
        unit_id: Department whose cases it hears of, those of units below it too; None is all.
        kinds: What it wants to hear of; none is everything.
        enabled: Whether anything is sent to it.
    """

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
    unit_id: UnitId | None = None
    kinds: Annotated[tuple[EventKind, ...], Field(max_length=MOST_KINDS)] = ()
    enabled: bool = True


class WebhookChange(_Sent):
    """Body of ``PATCH /v1/webhooks/{webhook_id}``.

    Attributes:
        enabled: Whether anything is sent to it; what waits is sent once it is enabled again.
    """

    enabled: bool


class Webhook(BaseModel):
    """A webhook as it leaves the API: without its secret.

    Attributes:
        webhook_id: Its id.
        url: Where the messages go.
        unit_id: Department whose cases it hears of; None is all.
        kinds: What it wants to hear of; none is everything.
        enabled: Whether anything is sent to it.
        created_by: Who made it.
        created_at: When.
    """

    webhook_id: WebhookId
    url: str
    unit_id: str | None
    kinds: list[EventKind]
    enabled: bool
    created_by: str
    created_at: AwareDatetime


class NewWebhook(Webhook):
    """Answer to ``POST /v1/webhooks``.

    Attributes:
        secret: What its messages are signed with; shown this once.
    """

    secret: str


class WebhookList(BaseModel):
    """Answer to ``GET /v1/webhooks``, oldest first.

    Attributes:
        webhooks: All that whoever asks may see.
    """

    webhooks: list[Webhook]


class CaseEventData(BaseModel):
    """What a message says.

    Attributes:
        case: The case as it stood when the message was made, at the step or soon after it.
        step: What was done.
    """

    case: CaseDocument
    step: FlowRecord


class CaseEvent(BaseModel):
    """A message: a CloudEvent 1.0 in structured JSON.

    Attributes:
        specversion: Of CloudEvents.
        id: The same for every attempt to send it; with ``source`` it is one of a kind.
        source: The district that it comes from.
        type: What happened.
        subject: Number of the case.
        time: When it happened.
        datacontenttype: What ``data`` is.
        data: The case and the step.
    """

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: CaseEventData


class DeliveryState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    """To be sent, or to be sent again."""
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up after the last attempt; it can be replayed."""


class Delivery(BaseModel):
    """A message to a webhook.

    Attributes:
        delivery_id: Its number; messages go out in this order.
        case_id: The case that it is about.
        event: The message, a ``CaseEvent`` as it was written then.
        state: How far it has come.
        attempts: How often it was sent.
        created_at: When it was made.
        next_attempt_at: When it is sent next at the earliest, while it waits.
        delivered_at: When the receiver took it.
        last_error: What went wrong last.
    """

    delivery_id: int
    case_id: CaseId
    event: dict[str, JsonValue]
    state: DeliveryState
    attempts: int
    created_at: AwareDatetime
    next_attempt_at: AwareDatetime | None
    delivered_at: AwareDatetime | None
    last_error: str | None


class DeliveryPage(BaseModel):
    """Answer to ``GET /v1/webhooks/{webhook_id}/deliveries``, newest first.

    Attributes:
        deliveries: Those of this page.
        next_cursor: Pass as ``cursor`` to get the next page; None on the last one.
    """

    deliveries: list[Delivery]
    next_cursor: int | None = None
