"""A provider of accounts over HTTP: discovery, keys, sign-in, tokens, and all it can do wrong."""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.http_server import HttpServer

CLIENT_ID, CLIENT_SECRET = "citypatrol console", "s3cret:/+ and more"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


def basic(client_id: str, client_secret: str) -> str:
    return base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()


class SmallProvider(HttpServer):
    """Signs everybody in as ``person``; what is in ``changes`` stands in the token instead."""

    def __init__(self) -> None:
        self.begin_anew()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, _, query = self.path.partition("?")
                provider.asked.append(path)
                match path:
                    case "/.well-known/openid-configuration":
                        self.answer(200, provider.description())
                    case "/keys":
                        surplus = {"kty": "oct", "k": "AAAA"}
                        self.answer(200, {"keys": [surplus, KEY.as_dict(private=False)]})
                    case "/authorize":
                        asked = {name: one[0] for name, one in parse_qs(query).items()}
                        self.send_response(302)
                        self.send_header("Location", provider.sign_in(asked))
                        self.end_headers()
                    case _:
                        self.answer(404, {})

            def do_POST(self) -> None:
                provider.asked.append(self.path)
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: one[0] for name, one in parse_qs(body).items()}
                self.answer(*provider.tokens(form, self.headers["Authorization"]))

            def answer(self, status: int, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(Handler)
        self.url = f"http://127.0.0.1:{self.port}"

    def begin_anew(self) -> None:
        self.person: dict[str, Any] = {"sub": "17", "preferred_username": "Wang.Fang"}
        self.changes: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.signing_key: Any = KEY
        self.algorithm = "RS256"
        self.token_status = 200
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.metadata,
        }

    def sign_in(self, asked: dict[str, str]) -> str:
        """Where the browser goes after somebody has signed in."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.url}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def tokens(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form["code"], None)
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if self.token_status != 200:
            return self.token_status, {"error": "server_error"}
        if authorization != f"Basic {basic(CLIENT_ID, CLIENT_SECRET)}":
            return 401, {"error": "invalid_client"}
        if asked is None or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        assert form["redirect_uri"] == asked["redirect_uri"]
        return 200, {
            "access_token": "for the provider itself",
            "token_type": "Bearer",
            "id_token": self.id_token(asked),
        }

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.changes,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        return jwt.encode(header, told, self.signing_key, [self.algorithm])


def path_of(address: str) -> str:
    """The path and query that a browser asks the console for."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
