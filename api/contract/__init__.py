"""The wire: what workers and other systems send and receive, as plain pydantic types."""
