"""Where a request comes from."""

from starlette.requests import HTTPConnection


def address_of(connection: HTTPConnection) -> str:
    """Return the network address that a request comes from; ``-`` where none is known."""
    return "-" if connection.client is None else connection.client.host
