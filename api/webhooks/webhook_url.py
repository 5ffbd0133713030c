"""The address of a webhook: one parser for what is checked and what is connected to."""

import httpx

from streams.kit.errors import CityPatrolError

_PORTS = {"http": 80, "https": 443}


class WebhookUrlError(CityPatrolError):
    """An address that no message can be sent to."""


def read_url(text: str) -> httpx.URL:
    """Read the address of a webhook.

    Raises:
        WebhookUrlError: It is no http:// or https:// address, or holds a password.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise WebhookUrlError(f"is no address ({error}); write https://host/path") from None
    if url.scheme not in _PORTS or not url.raw_host:
        raise WebhookUrlError("is no http:// or https:// address; write https://host/path")
    if url.userinfo:
        raise WebhookUrlError(
            "holds a user name or password, which anybody could read here; the receiver knows a "
            "message by its signature"
        )
    return url.copy_with(fragment=None)


def host_of(url: httpx.URL) -> str:
    """Return the host of an address as it is resolved: a name in ASCII, or an address."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """Return the port of an address."""
    return url.port or _PORTS[url.scheme]
