"""What runs in the background so that webhooks hear of cases."""

import contextlib
from collections.abc import AsyncIterator

from api.cases.case_reader import CaseReader
from api.database.database import Database
from api.webhooks.delivery_queue import DeliveryQueue
from api.webhooks.delivery_sender import DeliverySender
from api.webhooks.flow_reader import FlowReader
from api.webhooks.poster import Poster
from api.webhooks.secret_box import SecretBox
from api.webhooks.webhook_settings import WebhookSettings


@contextlib.asynccontextmanager
async def webhook_tasks(
    database: Database, reader: CaseReader, box: SecretBox, settings: WebhookSettings
) -> AsyncIterator[None]:
    """Make messages and send them, for as long as the context lasts.

    Args:
        database: Where cases and webhooks are.
        reader: Writes cases as the API gives them out.
        box: Decrypts secrets.
        settings: What was set.
    """
    queue = DeliveryQueue(database, settings.retry_delays, settings.timeout_seconds)
    async with (
        Poster(settings.allowed, settings.timeout_seconds) as poster,
        DeliverySender(queue, box, poster, settings) as sender,
        FlowReader(database, reader, settings.source, sender.wake),
    ):
        yield
