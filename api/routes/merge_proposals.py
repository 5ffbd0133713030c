"""Merge proposals: read by everyone, decided with a key."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.contract.events import EventId
from api.contract.merges import MergeProposal, MergeProposalPage, MergeStatus, MergeVerdict
from api.events.merge_store import DecidedProposalError, ProposalFilter, UnknownProposalError
from api.http.problems import ProblemError, not_found, read_document
from api.routes import examples
from api.routes.access import Audited, Shared, require_key
from api.routes.answers import (
    BODY_PROBLEMS,
    INVALID,
    MISSING,
    UNAUTHORIZED,
    example,
    json_body,
    problem,
)
from api.routes.bodies import JsonBody
from api.routes.reached import Reached

router = APIRouter(prefix="/v1/merge-proposals", tags=["events"])

LARGEST_PAGE = 500
# The largest number that PostgreSQL gives out.
_LARGEST_NUMBER = 2**63 - 1


@router.get(
    "",
    summary="List merge proposals, newest first",
    responses={200: example(examples.MERGE_PROPOSAL_PAGE), **INVALID},
)
async def list_merge_proposals(
    services: Shared,
    reach: Reached,
    status: Annotated[MergeStatus | None, Query(description="What became of it.")] = None,
    event_id: Annotated[EventId | None, Query(description="About this event.")] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Proposals per page.")] = 100,
    cursor: Annotated[
        int | None,
        Query(ge=1, le=_LARGEST_NUMBER, description="The next_cursor of the page before."),
    ] = None,
) -> MergeProposalPage:
    """Give pairs of events of two cameras that may be the same matter.

    A pair is proposed once: two events of one issue type that stand at the same time, located
    so close together that it may be the error of their positions. Nothing is merged by itself.
    """
    return await services.merges.page(ProposalFilter(status, event_id, reach), limit, cursor)


@router.post(
    "/{proposal_id}/verdict",
    summary="Accept or reject a merge proposal",
    dependencies=[Depends(require_key)],
    responses={
        200: example(examples.DECIDED_MERGE_PROPOSAL),
        **problem(
            HTTPStatus.CONFLICT,
            "It was decided otherwise before.",
            "merge proposal 17 was rejected by li.na",
        ),
        **UNAUTHORIZED,
        **BODY_PROBLEMS,
        **MISSING,
        **INVALID,
    },
    openapi_extra=json_body("MergeVerdict", examples.MERGE_VERDICT),
)
async def post_merge_verdict(
    services: Shared,
    audit: Audited,
    reach: Reached,
    proposal_id: Annotated[int, Path(ge=1, le=_LARGEST_NUMBER)],
    body: JsonBody,
) -> MergeProposal:
    """Say whether two events are one matter.

    If so, the younger one names the older one in `merged_into` from now on, and stays to be
    read. If not, the pair is never proposed again. Repeating a verdict changes nothing. Who signs
    the request is who decided.
    """
    verdict = read_document(MergeVerdict, body)
    try:
        decided = await services.merges.decide(proposal_id, verdict, audit.name, reach)
    except UnknownProposalError:
        raise not_found("proposal_id", str(proposal_id)) from None
    except DecidedProposalError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    await audit.record("decide_merge", str(proposal_id), {"verdict": verdict.verdict})
    return decided
