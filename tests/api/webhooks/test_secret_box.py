"""Secrets at rest, and settings that cannot be meant."""

import pytest
from pydantic import ValidationError

from api.accounts.secret_key import SecretKey
from api.webhooks.secret_box import SecretBox, SecretUnreadableError
from api.webhooks.webhook_settings import WebhookSettings


def test_what_is_closed_is_opened_with_the_same_key_only():
    box = SecretBox(SecretKey(b"a" * 32))
    stored = box.close("whsec_x")
    assert "whsec_x" not in stored
    assert box.open(stored) == "whsec_x"
    with pytest.raises(SecretUnreadableError, match="another one than when it was made"):
        SecretBox(SecretKey(b"b" * 32)).open(stored)
    with pytest.raises(SecretUnreadableError):
        box.open("x")


def test_delays_are_read_from_text():
    assert WebhookSettings(retry_delays="1, 2.5").retry_delays == (1.0, 2.5)
    assert WebhookSettings(retry_delays="").retry_delays == ()
    assert WebhookSettings().retry_delays == (5, 30, 120, 600, 3600, 21_600, 86_400)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("retry_delays", "1, soon"),
        ("retry_delays", "-1"),
        ("allowed_networks", "here"),
        ("source", "my district"),
        ("source", ""),
        ("concurrency", 0),
    ],
)
def test_setting_that_cannot_be_meant_is_named(name: str, value: object):
    with pytest.raises(ValidationError, match=name):
        WebhookSettings(**{name: value})
