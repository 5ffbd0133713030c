"""That somebody sends too much, in the page's language: who, how much, the way out."""

from api.accounts.request_limits import TooManyRequestsError
from api.console.parts.translations import Texts


def limit_refusal(error: TooManyRequestsError, texts: Texts) -> str:
    """Say who has sent more than what, and when they may go on."""
    return texts.text(
        "limits.too_many",
        kind=texts.text(f"limits.caller.{error.caller.kind.value}"),
        name=error.caller.name,
        rate=f"{error.rate.per_second:g}",
        burst=error.rate.burst,
        seconds=error.seconds,
    )
