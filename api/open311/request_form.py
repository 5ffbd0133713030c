"""A report as a client of Open311 posts it."""

from collections.abc import Mapping

from fastapi import Request
from pydantic import ValidationError

from api.contract.case_words import CaseSource
from api.contract.cases import CaseReport
from api.open311.refusal import bad_request
from api.open311.service_list import service_type
from models.catalogue.issue_catalogue import IssueCatalogue

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
MOST_FIELDS = 100
# What the specification calls what a report holds.
_NAMES = {"lon": "long", "issue_code": "service_code"}


async def read_form(request: Request) -> dict[str, str]:
    """Read the fields of a form; the last of equal names counts.

    Raises:
        RefusalError: It is no form.
        HTTPException: It is a broken one, or holds files.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in FORM_TYPES:
        raise bad_request(
            f"content type {given[:100]!r} is not taken here; send a form, "
            f"{' or '.join(sorted(FORM_TYPES))}"
        )
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def read_report(form: Mapping[str, str], catalogue: IssueCatalogue) -> CaseReport:
    """Read a report from the fields of a form.

    Names, telephone numbers and the like are not kept, and pictures not fetched.

    Raises:
        RefusalError: Something of it is missing or wrong.
    """
    code = form.get("service_code", "").strip()
    if not code:
        raise bad_request("service_code is missing; GET /open311/v2/services.json lists them")
    issue = service_type(catalogue, code)
    lat, long = _degrees(form, "lat"), _degrees(form, "long")
    if lat is None or long is None:
        raise bad_request(_no_place(form))
    said = [form.get(name, "").strip() for name in ("description", "address_string")]
    try:
        return CaseReport(
            issue_code=issue.code,
            lon=long,
            lat=lat,
            source=CaseSource.OPEN311,
            description="\n".join(part for part in said if part),
        )
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False)
        raise bad_request("; ".join(_problem(one["loc"], one["msg"]) for one in problems)) from None


def notice_of(form: Mapping[str, str]) -> str | None:
    """Return what whoever reports should know of what was not taken over."""
    if form.get("media_url", "").strip():
        return (
            "照片未被采用 / the picture was not taken over: pictures are not fetched from media_url"
        )
    return None


def _degrees(form: Mapping[str, str], name: str) -> float | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise bad_request(f"{name} {text[:40]!r} is no number of degrees") from None


def _no_place(form: Mapping[str, str]) -> str:
    if form.get("address_string", "").strip() or form.get("address_id", "").strip():
        return "an address alone cannot be located here; send lat and long, WGS-84 degrees"
    return "lat and long are missing; send both, WGS-84 degrees"


def _problem(location: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in location)
    return f"{_NAMES.get(name, name)}: {message}"
