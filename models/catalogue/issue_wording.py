"""An issue type in plain words, for people who read the catalogue."""

from collections.abc import Iterator

from models.catalogue.issue_catalogue import IssueCatalogue, Unwatched
from models.catalogue.issue_type import IssueType, Tier

_SOURCES = {
    "standard": "GB/T 47678.5 (as transcribed by third parties)",
    "catalogue": "seen in other catalogues; code and rule are a proposal of ours",
    "own": "a proposal of ours",
}
_LIMIT_SOURCES = {
    "published": "published by a city for this matter",
    "analogous": "taken over from a similar matter that a city published",
    "proposal": "a proposal of ours",
}
_OLD_CODE_ORIGINS = {
    "standard": "",
    "inferred": " (inferred by comparison)",
    "local": " (a city's local extension)",
}
_TIERS = {
    Tier.READY: "ready: common classes and simple rules",
    Tier.TRAINABLE: "trainable: needs classes that a city can label",
    Tier.HARD: "hard: fine detail, states or actions; expect a person to confirm",
    Tier.NOT_BY_CAMERA: "not by a camera: no picture shows it",
}
_WATCHED = {
    None: "yes",
    Unwatched.NEEDS_KNOWLEDGE: "not by a camera",
    Unwatched.SWITCHED_OFF: "switched off",
    Unwatched.OFF_BY_DEFAULT: "off",
}


def limit_words(issue: IssueType) -> str:
    """Its time limit, such as ``4 working h``."""
    unit = "h" if issue.time_limit_clock == "urgent" else "working h"
    return f"{issue.time_limit_hours:g} {unit}"


def watched_words(catalogue: IssueCatalogue, issue: IssueType) -> str:
    """Whether a camera that lists it watches for it."""
    return _WATCHED[catalogue.unwatched(issue.code)]


def issue_lines(catalogue: IssueCatalogue, issue: IssueType) -> list[tuple[str, str]]:
    """All that a type says beside its rule, each as its name and its words."""
    return [(name, text) for name, text in _lines(catalogue, issue) if text]


def _lines(catalogue: IssueCatalogue, issue: IssueType) -> Iterator[tuple[str, str]]:
    major, department = catalogue.major_class(issue), catalogue.department(issue)
    yield "code", f"{issue.code} ({issue.slug})"
    yield "name", f"{issue.name_en} {issue.name_zh}"
    yield "class", f"{major.en} {major.zh}"
    yield (
        "about",
        {"event": "an event", "component": "a component", "camera": "a camera"}[issue.kind],
    )
    yield "part of", _parent(catalogue, issue)
    yield "department", f"{department.en} {department.zh}"
    yield "severity", issue.severity
    yield "alarm", "at once" if issue.alarm == "immediate" else ""
    yield "limit", f"{limit_words(issue)}, {_LIMIT_SOURCES[issue.time_limit_source]}"
    yield "source", _SOURCES[issue.source] + (f"; {issue.seen_in}" if issue.seen_in else "")
    yield "GB/T 30428.2", _old_code(issue)
    yield "CJ/T 214", issue.code_cjt214 or ""
    yield "recognition", _TIERS[issue.tier]
    yield "watched", _watched(catalogue, issue)
    yield "notes", issue.notes or ""


def _parent(catalogue: IssueCatalogue, issue: IssueType) -> str:
    if issue.parent_code is None:
        return ""
    parent = catalogue.types[issue.parent_code]
    return f"{parent.code} {parent.name_en} {parent.name_zh}"


def _old_code(issue: IssueType) -> str:
    if issue.code_gbt30428 is None:
        return ""
    return issue.code_gbt30428 + _OLD_CODE_ORIGINS[issue.code_gbt30428_origin]


def _watched(catalogue: IssueCatalogue, issue: IssueType) -> str:
    match catalogue.unwatched(issue.code):
        case None:
            return "yes, by cameras that list it"
        case Unwatched.NEEDS_KNOWLEDGE:
            return f"no: {issue.unseeable}"
        case Unwatched.SWITCHED_OFF:
            return "no: the city switched it off"
        case Unwatched.OFF_BY_DEFAULT:
            return "no: off until the city switches it on"
