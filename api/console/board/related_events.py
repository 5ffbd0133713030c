"""The events that one event has to do with: what it is the return of, what it may be one with."""

from dataclasses import dataclass

from api.contract.events import StoredEventFeature
from api.contract.merges import MergeProposal, MergeStatus
from api.events.merge_store import ProposalFilter
from api.grids.ground_reach import GroundReach
from api.services import Services

# The detail of an event is for judging it; whoever has more to compare asks the API.
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class PerhapsSame:
    """Another event that may be the same matter, or was said to be.

    Attributes:
        proposal: How far away it is and what was decided.
        event: The other event.
    """

    proposal: MergeProposal
    event: StoredEventFeature


@dataclass(frozen=True, slots=True)
class RelatedEvents:
    """What one event has to do with.

    Attributes:
        earlier: The event it is the return of, if there is one and it is stored.
        perhaps_same: Those it may be one with, without those that were rejected.
    """

    earlier: StoredEventFeature | None
    perhaps_same: tuple[PerhapsSame, ...]


async def read_related(
    services: Services, event: StoredEventFeature, reach: GroundReach
) -> RelatedEvents:
    """Read what an event has to do with, on some ground.

    Raises:
        SQLAlchemyError: The database does not answer.
    """
    earlier_id = event.properties.recurrence_of
    earlier = None if earlier_id is None else await services.events.get(earlier_id, reach)
    perhaps_same = []
    page = await services.merges.page(ProposalFilter(event_id=event.id, reach=reach), MOST_SHOWN)
    for proposal in page.proposals:
        ids = (proposal.older_event_id, proposal.younger_event_id)
        other = await services.events.get(ids[1] if ids[0] == event.id else ids[0])
        if other is not None and proposal.status is not MergeStatus.REJECTED:
            perhaps_same.append(PerhapsSame(proposal, other))
    return RelatedEvents(earlier, tuple(perhaps_same))
