"""Which addresses this node may open connections to at somebody's request.

An address that users give, of a webhook or a camera, must not lead to what only this machine can
reach: its own services, or the cloud's metadata. What counts are the addresses that a name
resolves to, so whoever connects asks again and connects to what was found allowed.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

from streams.kit.errors import CityPatrolError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PRIVATE_NETWORKS: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
"""Where a city's own systems are (RFC 1918, RFC 4193)."""

# Open only to a setting that names one of them or a part of it: a wider network, such as
# 0.0.0.0/0, does not mean them.
_GUARDED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        # This machine itself.
        *("0.0.0.0/8", "127.0.0.0/8", "::/128", "::1/128"),
        # The link; here most clouds serve the machine's credentials.
        *("169.254.0.0/16", "fe80::/10"),
        # Where others do: Amazon by IPv6, Alibaba, Oracle.
        *("fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32"),
        # Nobody in particular.
        *("224.0.0.0/4", "240.0.0.0/4", "ff00::/8"),
    )
)


class AddressRefusedError(CityPatrolError):
    """A host that this node may not connect to, or that does not exist."""


class UnknownHostError(AddressRefusedError):
    """A host that does not exist, or not for this node."""


@dataclass(frozen=True, slots=True)
class AllowedNetworks:
    """The networks that may be connected to.

    Attributes:
        networks: All of them; what is in none is refused.
    """

    networks: tuple[Network, ...] = PRIVATE_NETWORKS

    def allows(self, address: Address) -> bool:
        """Whether an address may be connected to."""
        plain = _plain(address)
        guarded = [one for one in _GUARDED if _is_within(plain, one)]
        return any(
            _is_within(plain, network) and all(_is_part(network, one) for one in guarded)
            for network in self.networks
        )

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Return what ``look_up`` does, without holding up the event loop.

        Raises:
            AddressRefusedError: One of them may not be connected to, or there are none.
        """
        if _is_address(host):
            return self.look_up(host, port)
        return await asyncio.to_thread(self.look_up, host, port)

    def look_up(self, host: str, port: int) -> tuple[str, ...]:
        """Return the addresses of a host, in the order in which they should be tried; blocks.

        Args:
            host: A name or an address.
            port: Where to connect.

        Raises:
            UnknownHostError: There are none.
            AddressRefusedError: One of them may not be connected to.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(
                f"host {host!r} cannot be found ({error}); check its name"
            ) from None
        addresses = tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        for address in addresses:
            if not self.allows(ipaddress.ip_address(address)):
                raise AddressRefusedError(
                    f"host {host!r} is {address}, which lies in no allowed network; allowed are "
                    f"{', '.join(str(network) for network in self.networks)}"
                )
        return addresses


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _plain(address: Address) -> Address:
    """An IPv4 address that is written as IPv6, as itself."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _is_part(part: Network, whole: Network) -> bool:
    if isinstance(part, ipaddress.IPv4Network):
        return isinstance(whole, ipaddress.IPv4Network) and part.subnet_of(whole)
    return isinstance(whole, ipaddress.IPv6Network) and part.subnet_of(whole)


def _read_networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",") if part.strip()]
    return tuple(ipaddress.ip_network(part) for part in parts)


NetworkList = Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_read_networks)]
"""Networks with commas between them, like ``10.0.0.0/8, fc00::/7``."""
