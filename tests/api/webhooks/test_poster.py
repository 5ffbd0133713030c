"""A message goes where it may, and nowhere else."""

import asyncio
import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.webhooks.poster import Message, NotDeliveredError, Poster
from streams.kit.allowed_networks import AddressRefusedError, AllowedNetworks
from tests.api.webhooks.receiver import TAKEN, Answer, Received, Receiver

HERE = AllowedNetworks((ipaddress.ip_network("127.0.0.0/8"),))
MESSAGE = Message(b'{"a": 1}', {"Content-Type": "application/cloudevents+json"})


def self_signed(path: Path, name: str) -> Path:
    """A certificate and its key for a name, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(pem))
    return path


def post(url: str, networks: AllowedNetworks = HERE, timeout_seconds: float = 5.0) -> None:
    async def send() -> None:
        async with Poster(networks, timeout_seconds) as poster:
            await poster.post(url, MESSAGE)

    asyncio.run(send())


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken_message(receiver: Receiver, status: int):
    receiver.answering = lambda _: Answer(status)
    post(receiver.url)
    (got,) = receiver.received
    assert got.body == MESSAGE.body


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(500), "the receiver answered 500 Internal Server Error"),
        (Answer(404), "the receiver answered 404 Not Found"),
        (Answer(599), "the receiver answered 599"),
        (Answer(302, "/elsewhere"), "the receiver answered 302 Found"),
        (Answer(307), "the receiver answered 307 Temporary Redirect"),
        (Answer(307, "ftp://127.0.0.1/"), "redirects to what is no address"),
        (Answer(307, "http://x:port/"), "Invalid URL in location header"),
        (Answer(308, "/hook"), "more than 3 redirects"),
    ],
)
def test_message_that_is_not_taken(receiver: Receiver, answer: Answer, reason: str):
    receiver.answering = lambda _: answer
    with pytest.raises(NotDeliveredError, match=reason):
        post(receiver.url)


def test_redirect_is_followed_with_the_same_message(receiver: Receiver):
    def answering(got: Received) -> Answer:
        return TAKEN if got.path == "/new" else Answer(307, "/new")

    receiver.answering = answering
    post(receiver.url)
    old, new = receiver.received
    assert (old.path, new.path) == ("/hook", "/new")
    assert old.body == new.body


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/", "//0.0.0.0/"]
)
def test_redirect_to_where_it_may_not_go_is_refused(receiver: Receiver, target: str):
    receiver.answering = lambda _: Answer(308, target)
    with pytest.raises(AddressRefusedError, match="lies in no allowed network"):
        post(receiver.url)
    assert len(receiver.received) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_without_leave_nothing_reaches_this_machine(receiver: Receiver, host: str):
    with pytest.raises(AddressRefusedError, match="lies in no allowed network"):
        post(f"http://{host}:{receiver.port}/", AllowedNetworks())
    assert receiver.received == []


def test_name_that_resolves_otherwise_a_moment_later_leads_nowhere_else(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """The name is looked up once; the connection goes to what was checked."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str | bytes, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "department.example":
            return real(host, *rest, **named)
        asked.append(name)
        return real("127.0.0.1" if len(asked) == 1 else "169.254.169.254", *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    post(f"http://department.example:{receiver.port}/hook")
    assert asked == ["department.example"]
    (got,) = receiver.received
    assert got.headers["host"] == f"department.example:{receiver.port}"
    with pytest.raises(AddressRefusedError, match=r"is 169\.254\.169\.254"):
        post(f"http://department.example:{receiver.port}/hook")


def test_next_address_of_a_host_is_tried(receiver: Receiver, monkeypatch: pytest.MonkeyPatch):
    real = socket.getaddrinfo

    def several(host: str | bytes, port: int, *rest: Any, **named: Any) -> Any:
        if host != "department.example":
            return real(host, port, *rest, **named)
        # Nobody listens on the first: the receiver has bound one address only.
        return [*real("127.0.0.2", port, **named), *real("127.0.0.1", port, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", several)
    post(f"http://department.example:{receiver.port}/hook")
    assert len(receiver.received) == 1


def test_certificate_must_be_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Though the connection goes to an address, which no certificate names."""
    certificate = self_signed(tmp_path / "department.pem", "department.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    real = socket.getaddrinfo

    def here(host: str | bytes, *rest: Any, **named: Any) -> Any:
        is_ours = str(host).endswith(".example")
        return real("127.0.0.1" if is_ours else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    with Receiver(certificate=certificate) as receiver:
        post(f"https://department.example:{receiver.port}/hook")
        assert len(receiver.received) == 1
        for host in ("other.example", "127.0.0.1"):
            with pytest.raises(NotDeliveredError, match="certificate verify failed"):
                post(f"https://{host}:{receiver.port}/hook")
        assert len(receiver.received) == 1


def test_encrypted_address_leads_to_no_plain_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    certificate = self_signed(tmp_path / "department.pem", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    both = AllowedNetworks((*HERE.networks, ipaddress.ip_network("::1/128")))
    with Receiver(certificate=certificate) as receiver, Receiver() as plain:
        receiver.answering = lambda _: Answer(307, plain.url)
        with pytest.raises(NotDeliveredError, match=r"redirects to unencrypted 127\.0\.0\.1"):
            post(f"https://localhost:{receiver.port}/", both)
        assert plain.received == []


def test_nothing_of_a_receiver_is_kept(receiver: Receiver):
    async def send_twice() -> None:
        async with Poster(HERE, 5.0) as poster:
            await poster.post(receiver.url, MESSAGE)
            await poster.post(receiver.url, MESSAGE)

    receiver.cookie = "session=1"
    asyncio.run(send_twice())
    assert [got.headers.get("cookie") for got in receiver.received] == [None, None]


def test_nobody_listens():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(NotDeliveredError, match="no answer"):
            post(f"http://127.0.0.1:{port}/")


def test_receiver_that_says_nothing_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotDeliveredError, match=r"no answer within 0\.2 s"):
            post(f"http://127.0.0.1:{port}/", timeout_seconds=0.2)
