"""Words of the cameras' side: how ids and codes are written, wherever they are."""

from typing import Annotated

from pydantic import Field

# Digits are 0 to 9: what a spreadsheet writes full-width matches nothing later on.
IDENTIFIER_PATTERN = r"^[A-Za-z0-9_.-]{1,64}$"

Identifier = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]
"""Id of something that people name: a zone, a line, a preset."""

CameraId = Identifier
"""Id of a camera, unique in the district."""

IssueCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
"""Code of an issue type: two digits of its major class, three of its own."""
