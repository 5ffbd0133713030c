"""How many requests each user, key or address may send."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import structlog

from api.accounts.actor import Actor
from api.accounts.authenticator import Credentials
from api.accounts.session_store import digest
from api.http.metrics import Metrics
from api.http.token_buckets import Rate, TokenBuckets
from api.settings import ApiSettings
from streams.kit.errors import CityPatrolError

log = structlog.get_logger(__name__)

# More than a city has users and keys, and than address it at a time; a few megabytes. Who is
# forgotten begins with a full bucket, and shows credentials that must be looked up again.
MOST_REMEMBERED = 10_000
# Whoever has one address of IPv6 has all that share these bits.
IPV6_NETWORK_BITS = 64
SAY_AGAIN_SECONDS = 60.0


class CallerKind(StrEnum):
    """By what a caller is known."""

    USER = "user"
    KEY = "key"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose requests are counted together.

    Attributes:
        kind: By what it is known.
        name: Login of a user, name of a key, address or IPv6 network.
    """

    kind: CallerKind
    name: str

    @classmethod
    def of(cls, actor: Actor) -> Self:
        """Return what a known actor counts as."""
        return cls(CallerKind(actor.kind.value), actor.name)

    @classmethod
    def at(cls, address: str) -> Self:
        """Return what somebody unknown counts as who sends from an address."""
        return cls(CallerKind.ADDRESS, _network(address))


class TooManyRequestsError(CityPatrolError):
    """A request more than its sender may send now.

    Attributes:
        caller: Who sends it.
        seconds: After how many whole ones it may come again.
        rate: How many may come.
    """

    def __init__(self, caller: Caller, seconds: int, rate: Rate) -> None:
        self.caller = caller
        self.seconds = seconds
        self.rate = rate
        super().__init__(
            f"{caller.kind.value} {caller.name!r} sends more than {rate.per_second:g} requests a "
            f"second, or more than {rate.burst} at once; send this again in {seconds} s, or have "
            f"{_setting(caller.kind)} raised"
        )


class RequestLimits:
    """Counts the requests of each caller, and refuses what is too much.

    Who shows nothing, or what was never shown here to be somebody's, is counted by address before
    anything is looked up. What was, is counted as its owner's at once, so that nobody is refused
    for what others send from the same address.

    Args:
        settings: How many may come.
        metrics: Counts what is refused.
        clock: Seconds, never set back.
    """

    def __init__(
        self, settings: ApiSettings, metrics: Metrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        known = Rate(settings.caller_requests_per_second, settings.caller_request_burst)
        unknown = Rate(settings.stranger_requests_per_second, settings.stranger_request_burst)
        self._known = TokenBuckets[Caller](known, MOST_REMEMBERED, clock)
        # Whoever brings nothing is the guest then, whom somebody has let in.
        strangers = unknown if settings.guest is None else known
        # Apart from the others, whom they could make forgotten.
        self._strangers = TokenBuckets[Caller](strangers, MOST_REMEMBERED, clock)
        self._owners: OrderedDict[str, Caller] = OrderedDict()
        self._refused = metrics.limited
        self._clock = clock
        self._said_at = -math.inf

    def count(self, credentials: Credentials, address: str) -> Caller:
        """Count a request before it is looked up whose it is; return as whose it was counted.

        Raises:
            TooManyRequestsError: It is one too many.
        """
        shown = credentials.shown
        owner = None if shown is None else self._owners.get(digest(shown))
        caller = Caller.at(address) if owner is None else owner
        self._take(caller)
        return caller

    def recognise(self, counted: Caller, credentials: Credentials, actor: Actor | None) -> None:
        """Count a request as whose it has turned out to be, and remember what showed that.

        Args:
            counted: As whose ``count`` counted it.
            credentials: What it brings.
            actor: Whose it is, or None.

        Raises:
            TooManyRequestsError: It is one too many of theirs.
        """
        shown = credentials.shown
        if shown is None or actor is None or actor.is_guest:
            if shown is not None:
                self._owners.pop(digest(shown), None)
            return
        owner = Caller.of(actor)
        self._remember(digest(shown), owner)
        if owner != counted:
            self._buckets(counted).give_back(counted)
            self._take(owner)

    def count_form(self, actor: Actor) -> None:
        """Count what somebody sends by a form of an open page, which is no request of its own.

        Raises:
            TooManyRequestsError: It is one too many of theirs.
        """
        self._take(Caller.of(actor))

    def _take(self, caller: Caller) -> None:
        buckets = self._buckets(caller)
        seconds = buckets.take(caller)
        if seconds > 0:
            self._refused.labels(caller.kind.value).inc()
            error = TooManyRequestsError(caller, math.ceil(seconds), buckets.rate)
            self._say(error)
            raise error

    def _buckets(self, caller: Caller) -> TokenBuckets[Caller]:
        return self._strangers if caller.kind is CallerKind.ADDRESS else self._known

    def _remember(self, shown: str, owner: Caller) -> None:
        self._owners[shown] = owner
        self._owners.move_to_end(shown)
        if len(self._owners) > MOST_REMEMBERED:
            self._owners.popitem(last=False)

    def _say(self, error: TooManyRequestsError) -> None:
        """Log who sends too much, unless that of somebody was said just now."""
        now = self._clock()
        if now - self._said_at >= SAY_AGAIN_SECONDS:
            self._said_at = now
            log.warning("too_many_requests", caller=error.caller.name, reason=str(error))


def _setting(kind: CallerKind) -> str:
    who = "STRANGER" if kind is CallerKind.ADDRESS else "CALLER"
    return f"CITYPATROL_API_{who}_REQUESTS_PER_SECOND"


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), IPV6_NETWORK_BITS), strict=False))
