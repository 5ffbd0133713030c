"""The webhooks in the database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from api.accounts.actor import Actor
from api.cases.reach import EVERYWHERE, Reach, reach_of, unit_path
from api.contract.webhooks import Webhook, WebhookChange, WebhookToMake
from api.database.case_tables import case_flow
from api.database.database import Database
from api.database.dispatch_tables import organisation_units
from api.database.webhook_tables import webhook_deliveries, webhooks
from api.webhooks.event_kinds import load_event_kinds
from api.webhooks.flow_position import begin_at
from api.webhooks.secret_box import SecretBox
from api.webhooks.signature import new_secret
from api.webhooks.webhook_url import WebhookUrlError, host_of, port_of, read_url
from streams.kit.allowed_networks import AddressRefusedError, AllowedNetworks
from streams.kit.errors import CityPatrolError


class UnknownWebhookError(CityPatrolError):
    """There is no such webhook, or it is not for whoever asks."""


class WebhookFieldError(CityPatrolError):
    """A field of a webhook has a value that cannot be used.

    Attributes:
        field: Which.
        problem: What is wrong with it.
    """

    def __init__(self, field: str, problem: str) -> None:
        self.field = field
        self.problem = problem
        super().__init__(f"{field} {problem}")


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A webhook that was made just now.

    Attributes:
        webhook: The webhook.
        secret: What its messages are signed with; nothing gives it out again.
    """

    webhook: Webhook
    secret: str


class WebhookStore:
    """Keeps the webhooks; everybody sees and touches those at or below their own unit.

    Args:
        database: Where they are.
        box: Encrypts their secrets.
        networks: Where they may lead.
    """

    def __init__(self, database: Database, box: SecretBox, networks: AllowedNetworks) -> None:
        self._database = database
        self._box = box
        self._networks = networks

    async def create(self, wanted: WebhookToMake, actor: Actor) -> MadeWebhook:
        """Make a webhook, which hears of what happens from now on.

        Raises:
            WebhookFieldError: A field has a value that cannot be used.
        """
        await self._check_address(wanted.url)
        _check_kinds(wanted)
        secret = new_secret()
        async with self._database.writing() as connection:
            await _check_unit(connection, wanted.unit_id, actor)
            newest = select(func.coalesce(func.max(case_flow.c.flow_id), 0))
            after = (await connection.execute(newest)).scalar_one()
            row = {
                "webhook_id": str(ULID()),
                "unit_id": wanted.unit_id,
                "url": wanted.url,
                "secret": self._box.close(secret),
                "kinds": list(wanted.kinds),
                "enabled": wanted.enabled,
                "created_by": actor.name,
                "after_flow_id": after,
            }
            made = await connection.execute(webhooks.insert().values(row).returning(webhooks))
            await begin_at(connection, after)
            return MadeWebhook(_webhook(made.one()), secret)

    async def all(self, actor: Actor) -> list[Webhook]:
        """Return those that an actor may see, oldest first."""
        async with self._database.reading() as connection:
            reach = await reach_of(connection, actor)
            rows = await connection.execute(_seen(reach).order_by(webhooks.c.webhook_id))
            return [_webhook(row) for row in rows]

    async def get(self, webhook_id: str, actor: Actor) -> Webhook:
        """Return a webhook.

        Raises:
            UnknownWebhookError: There is no such webhook for this actor.
        """
        async with self._database.reading() as connection:
            return _webhook(await _find(connection, webhook_id, actor))

    async def change(self, webhook_id: str, wanted: WebhookChange, actor: Actor) -> Webhook:
        """Change a webhook and return it.

        Raises:
            UnknownWebhookError: There is no such webhook for this actor.
        """
        async with self._database.writing() as connection:
            await _find(connection, webhook_id, actor)
            statement = update(webhooks).where(webhooks.c.webhook_id == webhook_id)
            changed = statement.values(enabled=wanted.enabled).returning(webhooks)
            row = (await connection.execute(changed)).one_or_none()
            if row is None:
                raise _unknown(webhook_id)
            return _webhook(row)

    async def delete(self, webhook_id: str, actor: Actor) -> None:
        """Delete a webhook with all of its messages.

        Raises:
            UnknownWebhookError: There is no such webhook for this actor.
        """
        async with self._database.writing() as connection:
            await _find(connection, webhook_id, actor)
            # First, for this waits for whoever is making messages for it.
            await connection.execute(delete(webhooks).where(webhooks.c.webhook_id == webhook_id))
            of_it = webhook_deliveries.c.webhook_id == webhook_id
            await connection.execute(delete(webhook_deliveries).where(of_it))

    async def _check_address(self, address: str) -> None:
        try:
            url = read_url(address)
            await self._networks.resolve(host_of(url), port_of(url))
        except WebhookUrlError as error:
            raise WebhookFieldError("url", str(error)) from None
        except AddressRefusedError as error:
            raise WebhookFieldError("url", f"is refused: {error}") from None


def _check_kinds(wanted: WebhookToMake) -> None:
    known = sorted(set(load_event_kinds().values()))
    unknown = [kind for kind in wanted.kinds if kind not in known]
    if unknown:
        raise WebhookFieldError(
            "kinds", f"has {unknown[0]}, which is none; there are {', '.join(known)}"
        )


async def _check_unit(connection: AsyncConnection, unit_id: str | None, actor: Actor) -> None:
    reach = await reach_of(connection, actor)
    path = EVERYWHERE if unit_id is None else await unit_path(connection, unit_id)
    if path is None:
        raise WebhookFieldError(
            "unit_id", f"is {unit_id}, which the organisation does not have; import it first"
        )
    if not reach.is_above(path):
        raise WebhookFieldError(
            "unit_id", f"is not at or below {actor.unit_id}, where {actor.name} belongs"
        )


def _seen(reach: Reach) -> Select[Any]:
    if reach.path == EVERYWHERE:
        return select(webhooks)
    units = organisation_units.c
    return (
        select(webhooks)
        .join(organisation_units, units.unit_id == webhooks.c.unit_id)
        .where(units.path.startswith(reach.path, autoescape=True))
    )


async def _find(connection: AsyncConnection, webhook_id: str, actor: Actor) -> Row[Any]:
    reach = await reach_of(connection, actor)
    statement = _seen(reach).where(webhooks.c.webhook_id == webhook_id)
    row: Row[Any] | None = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise _unknown(webhook_id)
    return row


def _unknown(webhook_id: str) -> UnknownWebhookError:
    return UnknownWebhookError(f"no webhook {webhook_id!r}")


def _webhook(row: Row[Any]) -> Webhook:
    return Webhook.model_validate(row, from_attributes=True)
