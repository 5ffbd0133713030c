"""What became of old rows of lists is cleared away every day, not every month."""

from alembic import op

revision = "0029"
down_revision = "0028"

_LISTED = ("cases", "events")
# PostgreSQL waits until a fifth of a table was changed: of millions, long. It is the newest rows
# that change, and that lists begin with; until it clears up, each list passes all that they were.
# 20,000 are some thousand cases on their way, and it takes a quarter of a minute.
_CHANGED_ROWS = 20_000


def upgrade() -> None:
    """Have it clear up after a number of changes, whatever the table's size."""
    for table in _LISTED:
        op.execute(
            f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0, "
            f"autovacuum_vacuum_threshold = {_CHANGED_ROWS})"
        )
