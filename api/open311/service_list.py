"""The services of Open311: the street issue types of the catalogue."""

from api.contract.open311 import Service
from api.open311.refusal import unknown_service
from models.catalogue.file import BothNames
from models.catalogue.issue_catalogue import IssueCatalogue
from models.catalogue.issue_type import IssueType
from models.words import STREET_KINDS


def both(chinese: str, english: str) -> str:
    """Return two names as one text; clients show one."""
    return chinese if chinese == english else f"{chinese} / {english}"


def all_services(catalogue: IssueCatalogue) -> list[Service]:
    """Return what can be reported, by code: all but the faults of cameras."""
    return [
        _service(issue, catalogue.major_class(issue))
        for issue in catalogue.types.values()
        if issue.kind in STREET_KINDS
    ]


def service_type(catalogue: IssueCatalogue, code: str) -> IssueType:
    """Return the issue type of a service.

    Raises:
        RefusalError: There is no such service.
    """
    issue = catalogue.types.get(code)
    if issue is None or issue.kind not in STREET_KINDS:
        raise unknown_service(code)
    return issue


def _service(issue: IssueType, major: BothNames) -> Service:
    return Service(
        service_code=issue.code,
        service_name=both(issue.name_zh, issue.name_en),
        description=issue.name_en,
        keywords=",".join([issue.name_zh, *issue.slug.split("_")]),
        group=both(major.zh, major.en),
    )
