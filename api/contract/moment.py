"""A moment on the wire."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticKnownError

# Otherwise taken for seconds since 1970: a misplaced count would become a time.
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?")
_READER: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def _read(value: object) -> object:
    """Read a text here: what a validator hands on counts as no JSON, so as no strict moment."""
    if not isinstance(value, str):
        return value
    if _NUMBER.fullmatch(value):
        raise ValueError(
            "is a number, no moment; write it as RFC 3339 does, like 2026-11-28T09:14:03+08:00"
        )
    try:
        return _READER.validate_strings(value, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        raise PydanticKnownError(first["type"], first.get("ctx")) from None  # type: ignore[arg-type]


Moment = Annotated[AwareDatetime, BeforeValidator(_read)]
"""A moment that somebody sends: RFC 3339 with a zone."""
