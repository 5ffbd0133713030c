"""The table of legal holds: what must stay, whatever its period says."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, Text, text

from api.database.table_metadata import metadata

holds = Table(
    "holds",
    metadata,
    Column("hold_id", BigInteger, Identity(always=True), primary_key=True),
    # "case" or "event".
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("lifted_by", Text),
    Column("lifted_at", DateTime(timezone=True)),
    Index(
        "uq_holds_standing",
        "kind",
        "subject_id",
        unique=True,
        postgresql_where=text("lifted_at IS NULL"),
    ),
)
