"""One board for all who see the same ground."""

from api.accounts.actor import Actor
from api.console.board.shared_board import SharedBoard
from api.console.parts.settings import ConsoleSettings
from api.grids.ground_reach import GroundReach, ground_reach
from api.services import Services


class GroundBoards:
    """The boards that are looked at; belongs to the event loop.

    Args:
        settings: Of the console.
    """

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings
        self._boards: dict[GroundReach, SharedBoard] = {}

    async def of(self, actor: Actor, services: Services) -> SharedBoard:
        """Return the board of the ground that somebody sees."""
        async with services.database.reading() as connection:
            reach = await ground_reach(connection, actor.unit_id)
        for other in [other for other, board in self._boards.items() if not board.is_open]:
            # Of a ground that nobody looks at, or that no unit has any more.
            del self._boards[other]
        return self._boards.setdefault(reach, SharedBoard(services, self._settings, reach))
