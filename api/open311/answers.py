"""Answers of Open311 as JSON and as XML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi.responses import Response
from pydantic import BaseModel, JsonValue
from pydantic_core import to_json

from api.contract.open311 import Fault

# What XML 1.0 cannot hold, not even escaped.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AnswerFormat(StrEnum):
    """How an answer is written: what the address ends with."""

    JSON = "json"
    XML = "xml"


@dataclass(frozen=True, slots=True)
class Names:
    """What XML calls a list and each of its items.

    Attributes:
        several: The list.
        one: An item.
    """

    several: str
    one: str


SERVICES = Names("services", "service")
REQUESTS = Names("service_requests", "request")
ERRORS = Names("errors", "error")


def listed(
    documents: Sequence[BaseModel],
    names: Names,
    answer_format: AnswerFormat,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Return a list as an answer."""
    contents = [document.model_dump(mode="json") for document in documents]
    if answer_format is AnswerFormat.JSON:
        return _json(contents, status)
    root = Element(names.several)
    for content in contents:
        _fill(SubElement(root, names.one), content)
    return _xml(root, status)


def single(document: BaseModel, name: str, answer_format: AnswerFormat) -> Response:
    """Return one document as an answer."""
    content = document.model_dump(mode="json")
    if answer_format is AnswerFormat.JSON:
        return _json(content, HTTPStatus.OK)
    root = Element(name)
    _fill(root, content)
    return _xml(root, HTTPStatus.OK)


def refused(status: HTTPStatus, description: str, answer_format: AnswerFormat) -> Response:
    """Return a refusal as an answer: a list of one."""
    fault = Fault(code=status.value, description=description)
    return listed([fault], ERRORS, answer_format, status)


def _json(content: object, status: HTTPStatus) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _xml(root: Element, status: HTTPStatus) -> Response:
    written = tostring(root, encoding="utf-8", xml_declaration=True, short_empty_elements=False)
    return Response(written, status, media_type="text/xml; charset=utf-8")


def _fill(element: Element, content: dict[str, JsonValue]) -> None:
    for name, value in content.items():
        SubElement(element, name).text = _text(value)


def _text(value: JsonValue) -> str:
    match value:
        case None | [] | {}:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return _NOT_IN_XML.sub("", str(value))
