"""The tables of users, their sessions, and the audit log."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from api.database.table_metadata import metadata

PICTURE_DELETED = "delete_picture"
"""Action of the record that a picture was deleted, its period being over; its hash is the subject.

Written out in the index that finds these records.
"""

users = Table(
    "users",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("roles", JSONB, nullable=False),
    # None is the whole district.
    Column("unit_id", Text),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("failed_logins", Integer, nullable=False, server_default=text("0")),
    Column("locked_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("last_login_at", DateTime(timezone=True)),
    # Who they are to the provider of the city's accounts: its address and its own id of them.
    Column("subject", Text, unique=True),
    # Made of what the provider says, which decides on roles and unit at each sign-in.
    Column("follows_groups", Boolean, nullable=False, server_default=text("false")),
)

# Of the console in a browser; the cookie holds what this is the hash of.
sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_sessions_user_id", "user_id"),
)

# Each is used once; all that come of one login are one family.
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_sha256", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Index("ix_refresh_tokens_family", "family"),
    Index("ix_refresh_tokens_user_id", "user_id"),
)

# Only grows, which a trigger sees to; each row's hash covers the one before it.
audit_records = Table(
    "audit_records",
    metadata,
    # Given by the writer and without gaps, so that a deleted row is missed.
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_audit_records_at", "at"),
    Index("ix_audit_records_actor", "actor", "number"),
    Index("ix_audit_records_subject", "subject", "number"),
    Index(
        "ix_audit_records_deletions",
        "subject",
        "number",
        postgresql_where=text(f"action = '{PICTURE_DELETED}'"),
    ),
)
