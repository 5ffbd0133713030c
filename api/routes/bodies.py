"""The bodies of requests that write: read only once their key has been found valid."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import JsonValue

from api.http.request_body import read_jpeg, read_json
from api.routes.access import require_key


async def _keyed_json(request: Request, _: Annotated[str, Depends(require_key)]) -> JsonValue:
    return await read_json(request)


async def _keyed_jpeg(request: Request, _: Annotated[str, Depends(require_key)]) -> bytes:
    return await read_jpeg(request)


JsonBody = Annotated[JsonValue, Depends(_keyed_json)]
"""A JSON body; 401 before any byte of it is read if the key is not valid."""
JpegBody = Annotated[bytes, Depends(_keyed_jpeg)]
"""A JPEG body; 401 before any byte of it is read if the key is not valid."""
