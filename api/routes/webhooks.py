"""Webhooks: departments' systems that hear of their cases."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.contract.events import FieldError
from api.contract.webhooks import (
    Delivery,
    DeliveryPage,
    DeliveryState,
    NewWebhook,
    Webhook,
    WebhookChange,
    WebhookId,
    WebhookList,
    WebhookToMake,
)
from api.http.client_address import address_of
from api.http.problems import ProblemError, not_found, read_document
from api.routes import webhook_examples as examples
from api.routes.access import KnownActor, Shared
from api.routes.answers import BODY_PROBLEMS, INVALID, MISSING, example, json_body, problem
from api.routes.bodies import JsonBody
from api.webhooks.delivery_store import NotDeadError, UnknownDeliveryError
from api.webhooks.webhook_store import UnknownWebhookError, WebhookFieldError

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

LARGEST_PAGE = 500
_LARGEST_NUMBER = 2**63 - 1

WebhookPath = Annotated[WebhookId, Path()]


@router.get("", summary="List webhooks", responses={200: example(examples.WEBHOOKS)})
async def list_webhooks(services: Shared, actor: KnownActor) -> WebhookList:
    """Give the webhooks at or below the unit of whoever asks, oldest first."""
    return WebhookList(webhooks=await services.webhooks.all(actor))


@router.post(
    "",
    summary="Make a webhook",
    status_code=HTTPStatus.CREATED,
    responses={201: example(examples.NEW_WEBHOOK), **BODY_PROBLEMS, **INVALID},
    openapi_extra=json_body("WebhookToMake", examples.WEBHOOK_TO_MAKE),
)
async def post_webhook(
    services: Shared, request: Request, actor: KnownActor, body: JsonBody
) -> NewWebhook:
    """Make a webhook; it hears of what happens to cases from now on.

    The secret, which its messages are signed with, is given only now. The address must lie in
    the networks that `CITYPATROL_WEBHOOK_ALLOWED_NETWORKS` allows, whenever it is connected to.
    """
    wanted = read_document(WebhookToMake, body)
    try:
        made = await services.webhooks.create(wanted, actor)
    except WebhookFieldError as error:
        field = FieldError(field=error.field, message=error.problem)
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), errors=[field]) from None
    webhook = made.webhook
    details = {"url": webhook.url, "unit_id": webhook.unit_id}
    await services.audit.record(
        actor, address_of(request), "make_webhook", webhook.webhook_id, details
    )
    return NewWebhook(**webhook.model_dump(), secret=made.secret)


@router.patch(
    "/{webhook_id}",
    summary="Switch a webhook on or off",
    responses={200: example(examples.WEBHOOK), **BODY_PROBLEMS, **MISSING, **INVALID},
    openapi_extra=json_body("WebhookChange", examples.WEBHOOK_CHANGE),
)
async def patch_webhook(
    services: Shared, request: Request, actor: KnownActor, webhook_id: WebhookPath, body: JsonBody
) -> Webhook:
    """Say whether anything is sent to a webhook.

    What happens while it is off it never hears of; what waited when it was switched off is sent
    once it is on again.
    """
    wanted = read_document(WebhookChange, body)
    try:
        webhook = await services.webhooks.change(webhook_id, wanted, actor)
    except UnknownWebhookError:
        raise not_found("webhook_id", webhook_id) from None
    await services.audit.record(
        actor, address_of(request), "change_webhook", webhook_id, {"enabled": wanted.enabled}
    )
    return webhook


@router.delete(
    "/{webhook_id}",
    summary="Delete a webhook",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses={**MISSING, **INVALID},
)
async def delete_webhook(
    services: Shared, request: Request, actor: KnownActor, webhook_id: WebhookPath
) -> Response:
    """Delete a webhook with its messages, also those that were not sent."""
    try:
        await services.webhooks.delete(webhook_id, actor)
    except UnknownWebhookError:
        raise not_found("webhook_id", webhook_id) from None
    await services.audit.record(actor, address_of(request), "delete_webhook", webhook_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get(
    "/{webhook_id}/deliveries",
    summary="Messages to a webhook, newest first",
    responses={200: example(examples.DELIVERY_PAGE), **MISSING, **INVALID},
)
async def list_deliveries(
    services: Shared,
    actor: KnownActor,
    webhook_id: WebhookPath,
    state: Annotated[
        DeliveryState | None, Query(description="Those that have come so far.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Messages per page.")] = 100,
    cursor: Annotated[
        int | None,
        Query(ge=1, le=_LARGEST_NUMBER, description="The next_cursor of the page before."),
    ] = None,
) -> DeliveryPage:
    """Give what a webhook was told or is to be told, and how it went.

    Messages are sent in their order, one at a time, and each is sent again until the receiver
    answers with 2xx or the last of `CITYPATROL_WEBHOOK_RETRY_DELAYS` is over.
    """
    await _check(services, actor, webhook_id)
    return await services.deliveries.page(webhook_id, state, limit, cursor)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    summary="Have a message sent again that was given up",
    responses={
        200: example(examples.REPLAYED_DELIVERY),
        **problem(
            HTTPStatus.CONFLICT,
            "It was not given up.",
            "message 17 is delivered; only a dead one is replayed",
        ),
        **MISSING,
        **INVALID,
    },
)
async def post_replay(
    services: Shared,
    request: Request,
    actor: KnownActor,
    webhook_id: WebhookPath,
    delivery_id: Annotated[int, Path(ge=1, le=_LARGEST_NUMBER)],
) -> Delivery:
    """Send a dead message again, with all its attempts, before newer ones that wait."""
    await _check(services, actor, webhook_id)
    try:
        delivery = await services.deliveries.replay(webhook_id, delivery_id)
    except UnknownDeliveryError:
        raise not_found("delivery_id", str(delivery_id)) from None
    except NotDeadError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    await services.audit.record(
        actor, address_of(request), "replay_delivery", webhook_id, {"delivery_id": delivery_id}
    )
    return delivery


async def _check(services: Shared, actor: KnownActor, webhook_id: str) -> None:
    try:
        await services.webhooks.get(webhook_id, actor)
    except UnknownWebhookError:
        raise not_found("webhook_id", webhook_id) from None
