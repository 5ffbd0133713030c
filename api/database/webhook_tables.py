"""The tables of webhooks: whom the life of cases is told, and what is still to be told."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.database.table_metadata import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    # Its department; None hears of all cases.
    Column("unit_id", Text),
    Column("url", Text, nullable=False),
    # Encrypted; what signs the messages.
    Column("secret", Text, nullable=False),
    # What it wants to hear of; none is everything.
    Column("kinds", JSONB, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("created_by", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    # The newest record of cases when it was made; it hears of what came later.
    Column("after_flow_id", BigInteger, nullable=False),
    # Until when a node may be about to send something to it.
    Column("busy_until", DateTime(timezone=True)),
)

_WAITING = text("delivered_at IS NULL AND NOT dead")

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    # In the order in which they are sent.
    Column("delivery_id", BigInteger, Identity(always=True), primary_key=True),
    Column("webhook_id", Text, nullable=False),
    Column("flow_id", BigInteger, nullable=False),
    Column("case_id", Text, nullable=False),
    # A CloudEvent.
    Column("event", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column(
        "next_attempt_at", DateTime(timezone=True), nullable=False, server_default=text("now()")
    ),
    Column("delivered_at", DateTime(timezone=True)),
    Column("last_error", Text),
    # Given up; a person may have it sent again.
    Column("dead", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("webhook_id", "flow_id"),
    Index("ix_webhook_deliveries_newest", "webhook_id", "delivery_id"),
    Index("ix_webhook_deliveries_waiting", "webhook_id", "delivery_id", postgresql_where=_WAITING),
    Index(
        "ix_webhook_deliveries_delivered_at",
        "delivered_at",
        postgresql_where=text("delivered_at IS NOT NULL"),
    ),
)
