"""What can be set on signing in with the city's accounts, and what cannot."""

import pytest
from pydantic import ValidationError

from api.accounts.oidc.oidc_settings import OidcSettings

WHOLE = {
    "issuer": "https://accounts.example/realms/city",
    "client_id": "citypatrol",
    "console_url": "https://console.example/",
}


def test_without_an_issuer_nothing_else_is_needed():
    assert OidcSettings().issuer is None


def test_a_whole_one():
    settings = OidcSettings(**WHOLE, scopes="openid, groups", client_secret="hidden")
    assert settings.redirect_uri == "https://console.example/login/provider/answer"
    assert settings.scopes == ("openid", "groups")
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080", "http://[::1]/x", "http://localhost"])
def test_this_machine_needs_no_certificate(address: str):
    assert OidcSettings(**{**WHOLE, "issuer": address}).issuer == address


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"issuer": "http://accounts.example"}, "is no https:// address"),
        ({"issuer": "accounts.example"}, "is no https:// address"),
        ({"issuer": "http://127.0.0.1.evil.example"}, "is no https:// address"),
        ({"issuer": "https://u:p@accounts.example"}, "holds a user or a fragment"),
        ({"console_url": "http://10.0.0.1"}, "is no https:// address"),
        ({"console_url": None}, "needs CITYPATROL_OIDC_CONSOLE_URL beside it"),
        ({"client_id": None}, "needs CITYPATROL_OIDC_CLIENT_ID beside it"),
        ({"scopes": "profile"}, "openid is missing"),
        ({"timeout_seconds": 0}, "greater than 0"),
        ({"clock_skew_seconds": 601}, "less than or equal to 600"),
        ({"allowed_networks": "10.0.0.1/8"}, "has host bits set"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict, said: str):
    with pytest.raises(ValidationError, match=said) as refused:
        OidcSettings(**{**WHOLE, "client_secret": "hidden", **changes})
    assert "hidden" not in str(refused.value)
