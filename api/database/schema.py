"""Every table there is: ``migrations`` builds the same ones, and a test compares the two."""

from api.database import (
    account_tables,
    calendar_tables,
    case_tables,
    dispatch_tables,
    repair_tables,
    retention_tables,
    tables,
    webhook_tables,
)
from api.database.table_metadata import metadata

# Whoever needs all tables needs them imported; a new file of tables is added here.
TABLE_MODULES = (
    tables,
    account_tables,
    calendar_tables,
    dispatch_tables,
    case_tables,
    repair_tables,
    webhook_tables,
    retention_tables,
)

__all__ = ["TABLE_MODULES", "metadata"]
