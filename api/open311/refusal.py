"""Why a request of Open311 is refused."""

from http import HTTPStatus

from streams.kit.errors import CityPatrolError


class RefusalError(CityPatrolError):
    """Ends a request as the specification says.

    Attributes:
        status: 400 for what is missing or wrong, 403 for the key, 404 for what is not there.
    """

    def __init__(self, status: HTTPStatus, description: str) -> None:
        super().__init__(description)
        self.status = status


def bad_request(description: str) -> RefusalError:
    """Make the refusal of a request that says too little or something wrong."""
    return RefusalError(HTTPStatus.BAD_REQUEST, description)


def unknown_service(code: str) -> RefusalError:
    """Make the refusal of a service code that the catalogue does not have."""
    return RefusalError(
        HTTPStatus.NOT_FOUND,
        f"service_code {code[:20]!r} was not found; GET /open311/v2/services.json lists them",
    )
