"""The issue catalogue and what of it is covered: read by everyone."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.http.problems import ProblemError
from api.routes import examples
from api.routes.access import Shared
from api.routes.answers import example, problem
from models.catalogue.file import BothNames
from models.catalogue.issue_catalogue import IssueCatalogue, Unwatched
from models.catalogue.issue_type import IssueType
from models.coverage.coverage import Coverage
from models.registry.registry import RegistryError

router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])


class ListedIssueType(BaseModel):
    """An issue type as this district uses it.

    Attributes:
        issue_type: Its entry in the catalogue, with what overlays changed; what is not there
            has its default.
        major_class: Its major class.
        department: Who handles it.
        watched: Whether a camera that lists it watches for it.
        unwatched: Why not, or None.
    """

    model_config = ConfigDict(frozen=True)

    issue_type: IssueType
    major_class: BothNames
    department: BothNames
    watched: bool
    unwatched: Unwatched | None


class CatalogueDocument(BaseModel):
    """Answer to ``GET /v1/catalogue``.

    Attributes:
        catalogue_version: As it stands in events.
        overlays: Versions of the district's own files, in the order in which they were laid over.
        types: Every issue type, by code.
    """

    model_config = ConfigDict(frozen=True)

    catalogue_version: str
    overlays: tuple[str, ...]
    types: tuple[ListedIssueType, ...]


@router.get(
    "",
    summary="The issue types",
    response_model_exclude_defaults=True,
    responses={200: example(examples.CATALOGUE)},
)
async def get_catalogue(services: Shared) -> CatalogueDocument:
    """Give every issue type with its rule, as this district uses it."""
    catalogue = services.catalogue
    return CatalogueDocument(
        catalogue_version=catalogue.version,
        overlays=tuple(overlay.overlay_version for overlay in catalogue.overlays),
        types=tuple(_listed(catalogue, issue) for issue in catalogue.types.values()),
    )


@router.get(
    "/coverage",
    summary="Which issue types the live models recognise",
    responses={
        200: example(examples.COVERAGE),
        **problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The model registry cannot be read.",
            "model registry s3://models cannot be read",
        ),
    },
)
async def get_coverage(services: Shared) -> Coverage:
    """Say of every issue type whether the live models recognise it, or what is lacking.

    Where no model is live, the one counts that a worker takes by itself.
    """
    try:
        return await services.coverage.read()
    except RegistryError as error:
        raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None


def _listed(catalogue: IssueCatalogue, issue: IssueType) -> ListedIssueType:
    reason = catalogue.unwatched(issue.code)
    return ListedIssueType(
        issue_type=issue,
        major_class=catalogue.major_class(issue),
        department=catalogue.department(issue),
        watched=reason is None,
        unwatched=reason,
    )
