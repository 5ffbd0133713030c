"""The queue of cases, for screens that keep a long list by themselves."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.contract.case_queue import CaseQueuePage
from api.routes import case_examples as examples
from api.routes.access import KnownActor, Shared
from api.routes.answers import INVALID, example
from api.routes.case_problems import FORBIDDEN

router = APIRouter(prefix="/v1/case-queue", tags=["cases"])

LARGEST_CHANGE = 2**63 - 1


@router.get(
    "",
    summary="Follow cases in few words",
    responses={200: example(examples.CASE_QUEUE), **FORBIDDEN, **INVALID},
)
async def get_case_queue(
    services: Shared,
    actor: KnownActor,
    after: Annotated[
        int, Query(ge=0, le=LARGEST_CHANGE, description="Those that changed after this change.")
    ] = 0,
    is_open: Annotated[
        bool | None, Query(alias="open", description="Whether anything is left to do.")
    ] = None,
) -> CaseQueuePage:
    """Give up to 2000 cases that whoever asks may see, by their latest change.

    Read the open ones with `open=true`, page by page from the last `change` of the page before;
    then ask for what changed, without `open`, every few seconds. A change may become visible after
    a later one: ask for those of the last ten seconds again.
    """
    return await services.desk.queue.read(actor, after, is_open=is_open)
