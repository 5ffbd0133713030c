"""Where this node connects at somebody's request, and where it never does."""

import asyncio
import ipaddress

import pytest
from pydantic import BaseModel, ValidationError

from streams.kit.allowed_networks import (
    PRIVATE_NETWORKS,
    AddressRefusedError,
    AllowedNetworks,
    NetworkList,
)


def networks(*texts: str) -> AllowedNetworks:
    return AllowedNetworks(tuple(ipaddress.ip_network(text) for text in texts))


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12::1", "::ffff:10.0.0.1"],
)
def test_private_networks_are_open(address: str):
    assert AllowedNetworks().allows(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"),
        *("169.254.169.254", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200"),
        *("8.8.8.8", "172.32.0.1", "100.64.0.1", "2001:db8::1", "224.0.0.1", "255.255.255.255"),
    ],
)
def test_everything_else_is_closed(address: str):
    assert not AllowedNetworks().allows(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("allowed", "address", "is_open"),
    [
        ("0.0.0.0/0", "8.8.8.8", True),
        ("0.0.0.0/0", "127.0.0.1", False),
        ("0.0.0.0/0", "169.254.169.254", False),
        ("0.0.0.0/0", "100.100.100.200", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("::/0", "2001:db8::1", True),
        ("::/0", "::1", False),
        ("::/0", "::ffff:127.0.0.1", False),
        ("::/0", "fd00:ec2::254", False),
        ("127.0.0.0/8", "127.0.0.1", True),
        ("127.0.0.1/32", "127.0.0.1", True),
        ("127.0.0.1/32", "127.0.0.2", False),
        ("127.0.0.0/8", "::ffff:127.0.0.1", True),
        ("::1/128", "::1", True),
        ("100.100.100.200/32", "100.100.100.200", True),
    ],
)
def test_guarded_networks_open_only_to_their_own_names(allowed: str, address: str, is_open: bool):
    assert networks(allowed).allows(ipaddress.ip_address(address)) is is_open


@pytest.mark.parametrize(
    "host",
    # The last ones are how 127.0.0.1 can also be written.
    ["localhost", "127.0.0.1", "::1", "169.254.169.254", "2130706433", "0x7f.1", "127.1"],
)
def test_name_counts_for_what_it_resolves_to(host: str):
    with pytest.raises(AddressRefusedError, match="lies in no allowed network; allowed are 10"):
        asyncio.run(AllowedNetworks().resolve(host, 80))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70, "a..b"])
def test_name_that_is_none_is_refused(host: str):
    with pytest.raises(AddressRefusedError, match="cannot be found"):
        asyncio.run(AllowedNetworks().resolve(host, 80))


def test_allowed_host_gives_its_addresses():
    assert asyncio.run(AllowedNetworks().resolve("10.1.2.3", 80)) == ("10.1.2.3",)
    assert asyncio.run(networks("127.0.0.0/8", "::1/128").resolve("localhost", 80))


class Setting(BaseModel):
    networks: NetworkList = PRIVATE_NETWORKS


def test_networks_are_read_from_text():
    read = Setting.model_validate({"networks": "10.0.0.0/8, ::1/128,"})
    assert [str(one) for one in read.networks] == ["10.0.0.0/8", "::1/128"]
    assert Setting.model_validate({"networks": ""}).networks == ()


@pytest.mark.parametrize("text", ["10.0.0.1/8", "here", "10.0.0.0/40"])
def test_text_that_is_no_network_is_named(text: str):
    with pytest.raises(ValidationError, match=text.partition("/")[0]):
        Setting.model_validate({"networks": text})
