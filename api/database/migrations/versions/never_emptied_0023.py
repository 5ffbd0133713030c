"""What only grows is not emptied at a stroke either."""

from alembic import op

revision = "0023"
down_revision = "0022"

_TABLES = ("audit_records", "case_flow")


def upgrade() -> None:
    """Refuse TRUNCATE, which passes by the triggers of single rows."""
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Let it pass again."""
    for table in _TABLES:
        op.execute(f"DROP TRIGGER never_emptied ON {table}")
