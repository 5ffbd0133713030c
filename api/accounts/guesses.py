"""How often a password may be guessed: five times, then after pauses that grow."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

# Five wrong guesses, then a pause that doubles: a person is held up for a minute, a program that
# guesses gets under a hundred a day.
FREE_GUESSES = 5
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
# Logins of nobody that are remembered; a guesser who tries more of them than that learns that
# the first ones were nobody's, at the price of as many checks.
MOST_STRANGERS = 10_000


def pause_after(failed: int) -> timedelta | None:
    """Return for how long nobody may guess after so many wrong ones; None if they may."""
    if failed < FREE_GUESSES:
        return None
    return PAUSES[min(failed - FREE_GUESSES, len(PAUSES) - 1)]


@dataclass(frozen=True, slots=True)
class _Guesses:
    failed: int = 0
    locked_until: datetime | None = None


class StrangersGuesses:
    """Counts guesses at logins that nobody has, as if somebody had them.

    Else a pause would tell that there is such a user.
    """

    def __init__(self) -> None:
        self._guesses: OrderedDict[str, _Guesses] = OrderedDict()

    def guess(self, login: str, now: datetime) -> timedelta | None:
        """Count one guess; return how long the pause still is if it comes during one."""
        known = self._guesses.get(login, _Guesses())
        if known.locked_until is not None and known.locked_until > now:
            return known.locked_until - now
        pause = pause_after(known.failed + 1)
        until = None if pause is None else now + pause
        self._guesses[login] = _Guesses(known.failed + 1, until)
        self._guesses.move_to_end(login)
        if len(self._guesses) > MOST_STRANGERS:
            self._guesses.popitem(last=False)
        return None
