"""The history of the tables, run by Alembic when the API starts."""
