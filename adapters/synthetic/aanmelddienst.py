"""A login service for tests and the demo: OpenID Connect over real HTTP, on this machine only, with invented people and no passwords.

Who comes to log in chooses one of the people. It does what a service must (PKCE, one use of a code, the client's assertion or secret,
ES256) and its methods can be overridden, so that a test has a hostile one. Authority: OpenID Connect Core 3.1, RFC 7636, RFC 7523.
"""

import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

HOST = "127.0.0.1"
_PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Aanmelddienst (verzonnen)</title></head>
<body><main>
<h1>Aanmelddienst (verzonnen)</h1>
<p>Kies wie u bent. Er zijn geen wachtwoorden: dit is alleen om te proberen.</p>
{people}</main></body></html>"""
_PERSON = """<form method="post" action="/kies"><input type="hidden" name="vraag" value="{value}">
<button name="wie" value="{sub}">{text}</button></form>"""


@dataclass(frozen=True)
class Persoon:
    """Somebody who can log in: `sub`, name, and every other claim."""

    sub: str
    naam: str
    claims: Mapping[str, Any]
    amr: tuple[str, ...] = ("pwd", "otp", "mfa")


@dataclass
class _Asked:
    """One question to log in, and who answered it."""

    query: dict[str, str]
    wie: str = ""


@dataclass
class Aanmelddienst:
    """The service; `with` starts and stops it. `client_key` is the public key of the client, `client_secret` what both know."""

    personen: tuple[Persoon, ...]
    client_id: str
    terug: str
    client_key: ECKey | None = None
    client_secret: str | None = None
    port: int = 0
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "een", "use": "sig", "alg": "ES256"}))
    _asked: dict[str, _Asked] = field(default_factory=dict)

    def __enter__(self) -> Self:
        """Begin to serve, in a thread of its own."""
        handler = type("Handler", (_Handler,), {"dienst": self})
        self._server = ThreadingHTTPServer((HOST, self.port), handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="aanmelddienst")
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return datetime.now(UTC).timestamp()  # noqa: TID251 - no clock of the house comes here

    @property
    def issuer(self) -> str:
        """Its own address."""
        return f"http://{HOST}:{self.port}"

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/aanmelden",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/sleutels",
            "end_session_endpoint": f"{self.issuer}/afmelden",
            "authorization_response_iss_parameter_supported": True,
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        """Its public keys."""
        return dict(KeySet([self.key]).as_dict(private=False))

    def claims(self, persoon: Persoon, nonce: str) -> dict[str, Any]:
        """What an ID token says."""
        now = int(self.now())
        return {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": persoon.sub,
            "name": persoon.naam,
            "nonce": nonce,
            "iat": now,
            "exp": now + 300,
            "amr": list(persoon.amr),
            **persoon.claims,
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """The ID token."""
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def back(self, code: str, asked: Mapping[str, str]) -> dict[str, str]:
        """The parameters that somebody takes back to the client."""
        return {"code": code, "state": asked.get("state", ""), "iss": self.issuer}

    def ask(self, query: dict[str, str]) -> str:
        """Take up a question; the page with the people. Raises ValueError: not by the rules."""
        wanted = {"response_type": "code", "client_id": self.client_id, "redirect_uri": self.terug, "code_challenge_method": "S256"}
        if any(query.get(name) != value for name, value in wanted.items()) or not query.get("code_challenge") or not query.get("nonce"):
            raise ValueError("question")
        ticket = secrets.token_urlsafe(24)
        self._asked[ticket] = _Asked(query)
        people = (_PERSON.format(value=ticket, sub=escape(one.sub), text=escape(one.naam)) for one in self.personen)
        return _PAGE.format(people="".join(people))

    def chosen(self, ticket: str, sub: str) -> str:
        """Where somebody goes back to, with a code. Raises ValueError, KeyError."""
        asked = self._asked.pop(ticket)
        asked.wie = next(one.sub for one in self.personen if one.sub == sub)
        code = secrets.token_urlsafe(24)
        self._asked[code] = asked
        return f"{self.terug}?{urlencode(self.back(code, asked.query), quote_via=quote)}"

    def token(self, form: Mapping[str, str], basic: str | None) -> dict[str, Any]:
        """The tokens of a code, once. Raises ValueError, KeyError, JoseError: not by the rules."""
        asked = self._asked.pop(form["code"])
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if form.get("redirect_uri") != self.terug or challenge != asked.query["code_challenge"] or not self._is_client(form, basic):
            raise ValueError("code")
        persoon = next(one for one in self.personen if one.sub == asked.wie)
        id_token = self.sign(self.claims(persoon, asked.query["nonce"]))
        return {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 300, "id_token": id_token}

    def _is_client(self, form: Mapping[str, str], basic: str | None) -> bool:
        if self.client_key is None:
            return basic is not None and b64decode(basic).decode() == f"{self.client_id}:{self.client_secret}"
        said = jwt.decode(form["client_assertion"], self.client_key, algorithms=["ES256"]).claims
        return bool(said["iss"] == said["sub"] == self.client_id and said["aud"] == f"{self.issuer}/token")


class _Handler(BaseHTTPRequestHandler):
    dienst: Aanmelddienst

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, _flat(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            self._json(self.dienst.metadata())
        elif path == "/sleutels":
            self._json(self.dienst.keys())
        elif path == "/aanmelden":
            self._guarded(lambda: self._answer(200, "text/html; charset=utf-8", self.dienst.ask(query).encode()))
        elif path == "/afmelden":
            self._answer(200, "text/html; charset=utf-8", _PAGE.format(people="<p>U bent afgemeld.</p>").encode())
        else:
            self._answer(404, "text/plain", b"")

    def do_POST(self) -> None:
        form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if urlsplit(self.path).path == "/token":
            scheme, _, basic = self.headers.get("Authorization", "").partition(" ")
            self._guarded(lambda: self._json(self.dienst.token(form, basic if scheme == "Basic" else None)))
        else:
            self._guarded(lambda: self._go(self.dienst.chosen(form["vraag"], form["wie"])))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a log line would hold a code."""

    def _guarded(self, work: Any) -> None:  # noqa: ANN401 - answers by itself
        try:
            work()
        except (ValueError, KeyError, StopIteration, JoseError):
            self._json({"error": "invalid_grant"}, 400)

    def _go(self, url: str) -> None:
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, value: object, status: int = 200) -> None:
        self._answer(status, "application/json", json.dumps(value).encode())

    def _answer(self, status: int, media: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _flat(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
