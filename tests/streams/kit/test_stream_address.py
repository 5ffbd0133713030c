import pytest
from pydantic import TypeAdapter, ValidationError

from streams.kit.stream_address import StreamAddress, redacted

ADDRESS = TypeAdapter(StreamAddress)


def taken(url: str) -> str:
    return ADDRESS.validate_python(url).get_secret_value()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("RTSP://host/Live", "rtsp://host/Live"),
        ("RtspS://admin:PW@Host/Live", "rtsps://admin:PW@Host/Live"),
        ("rtsp://admin@host/live", "rtsp://admin:@host/live"),
        ("rtsp://admin:@host/live", "rtsp://admin:@host/live"),
        ("rtsp://ad%40min@[::1]:554/x?a=b", "rtsp://ad%40min:@[::1]:554/x?a=b"),
        ("rtsp://user@name@host/live", "rtsp://user@name:@host/live"),
        ("rtsp://host/live", "rtsp://host/live"),
    ],
)
def test_address_is_kept_in_the_form_that_is_understood(url: str, expected: str):
    assert taken(url) == expected
    assert taken(expected) == expected


@pytest.mark.parametrize("sign", ["#", "/", "?"])
def test_password_that_ends_the_host_is_refused_without_showing_it(sign: str):
    with pytest.raises(ValidationError) as caught:
        taken(f"rtsp://admin:12{sign}34@host/live")
    [problem] = caught.value.errors(include_input=False)
    assert "write / as %2F, ? as %3F, # as %23 and @ as %40" in problem["msg"]
    assert "34" not in problem["msg"]
    assert taken("rtsp://admin:12%2334@host/live") == "rtsp://admin:12%2334@host/live"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtsp://[::1]:554/x", "rtsp://[::1]:554/x"),
        ("rtsp://a:b@[fe80::2%25eth0]/x", "rtsp://***@[fe80::2%25eth0]/x"),
    ],
)
def test_host_of_ipv6_is_shown_in_brackets(url: str, expected: str):
    assert redacted(url) == expected
