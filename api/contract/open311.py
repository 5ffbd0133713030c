"""Open311 GeoReport v2 on the wire; names and meanings are the specification's.

http://wiki.open311.org/GeoReport_v2
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.types import AwareDatetime


def _w3c(moment: AwareDatetime) -> str:
    return moment.isoformat(timespec="seconds")


W3cTime = Annotated[AwareDatetime, PlainSerializer(_w3c, return_type=str, when_used="unless-none")]
"""A moment with its zone and whole seconds, as the W3C's note writes it."""


class RequestStatus(StrEnum):
    """How far a matter has come, as the public has it."""

    OPEN = "open"
    CLOSED = "closed"


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True)


class Service(_Given):
    """A kind of matter that can be reported.

    Attributes:
        service_code: Code of the issue type.
        service_name: Its names.
        description: What it is about.
        metadata: Whether a report of it may say more than its place and words: never.
        type: Whether a report is given its number at once: always.
        keywords: Words to find it by, with commas between them.
        group: Names of its major class.
    """

    service_code: str
    service_name: str
    description: str
    metadata: bool = False
    type: Literal["realtime"] = "realtime"
    keywords: str
    group: str


class ServiceDefinition(_Given):
    """What a report of a service may say besides.

    Attributes:
        service_code: Code of the issue type.
        attributes: Nothing.
    """

    service_code: str
    attributes: tuple[str, ...] = ()


class AcceptedRequest(_Given):
    """A matter that was taken in.

    Attributes:
        service_request_id: Number of its case.
        service_notice: What whoever reported it should know.
        account_id: None are kept.
    """

    service_request_id: str
    service_notice: str | None = None
    account_id: str | None = None


class ServiceRequest(_Given):
    """A reported matter as the public sees it: without the names of persons.

    Attributes:
        service_request_id: Number of its case.
        status: Whether anything is left to do.
        status_notes: How far it has come, in words.
        service_name: Names of its type.
        service_code: Code of its type.
        description: What the report said.
        agency_responsible: Names of the department that has it.
        service_notice: None is given.
        requested_datetime: When it was reported.
        updated_datetime: When anything of it last changed.
        expected_datetime: Until when the department should have handled it.
        address: None is kept.
        address_id: None is kept.
        zipcode: None is kept.
        lat: WGS-84 latitude, degrees.
        long: WGS-84 longitude, degrees.
        media_url: A link to its first picture, good for a while, for whoever may see evidence.
    """

    service_request_id: str
    status: RequestStatus
    status_notes: str
    service_name: str
    service_code: str
    description: str
    agency_responsible: str | None
    service_notice: str | None = None
    requested_datetime: W3cTime
    updated_datetime: W3cTime
    expected_datetime: W3cTime | None
    address: str | None = None
    address_id: str | None = None
    zipcode: str | None = None
    lat: float
    long: float
    media_url: str | None = None


class Fault(_Given):
    """Why a request was refused.

    Attributes:
        code: The status of the answer.
        description: What is wrong, and the way out.
    """

    code: int
    description: str
