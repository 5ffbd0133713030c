"""What messages are called: the table in ``event_kinds.yaml``."""

import functools
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field, TypeAdapter

from api.contract.webhooks import EventKind

TABLE = Path(__file__).with_name("event_kinds.yaml")
_CONTENT = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[a-z_]+$")], EventKind])


@functools.cache
def load_event_kinds() -> dict[str, str]:
    """Read the table, once per process: kinds by the action of the record."""
    return _CONTENT.validate_python(yaml.safe_load(TABLE.read_text(encoding="utf-8")))


def kind_of(action: str) -> str:
    """Return what a message about an action is called."""
    # A test sees to it that every action is listed.
    return load_event_kinds().get(action, action)


def type_of(kind: str) -> str:
    """Return a kind as the type of a CloudEvent."""
    return f"org.citypatrol.case.{kind}.v1"
