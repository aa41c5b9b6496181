"""Logging in at the organisation's own login service: OpenID Connect, authorization code with PKCE, state and nonce.

Every check fails closed: signature under a key of the service and an algorithm of our list, issuer, audience, nonce, times, and that the
answer is for the browser that asked. Authority: OpenID Connect Core 3.1.3.7, RFC 7636, RFC 9207 (`iss`), RFC 9700, OIDC NL GOV (a client
shows itself with a signed assertion). Leaves what the claims mean to `identity`.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from urllib.parse import urlsplit

import httpx2
import msgspec
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey

from gateway.console import tokens
from gateway.core.clock import Clock
from gateway.core.errors import Misconfigured, Unauthenticated, Unavailable

ALGORITHMS = ("ES256", "ES384", "PS256", "PS384", "RS256", "Ed25519", "EdDSA")
"""Signatures with a key pair only: no `none`, and no secret that both sides know."""
SCOPE = "openid profile"
LEEWAY = 30
"""Seconds that two clocks may differ."""
OLDEST = timedelta(minutes=10)
FRESH = timedelta(hours=1)
AGAIN = timedelta(minutes=1)
PAUSE = timedelta(seconds=10)
SECONDS = 5.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Client(NamedTuple):
    """This installation at the login service: `key` is a private key (PEM) of its own, else `secret` is what both know."""

    issuer: str
    client_id: str
    back: str
    key: bytes | None = None
    secret: str | None = None
    acr: tuple[str, ...] = ()


class Metadata(msgspec.Struct, frozen=True):
    """What the service says of itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    authorization_response_iss_parameter_supported: bool = False


def is_local(url: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def is_safe(url: str) -> bool:
    """Whether an address may be spoken to: by TLS, or on this machine."""
    return urlsplit(url).scheme == "https" or (urlsplit(url).scheme == "http" and is_local(url))


class SignOn:
    """The way to the login service and back. Made once; raises Misconfigured when its own address or key will not do."""

    def __init__(self, client: Client, clock: Clock) -> None:
        if not is_safe(client.issuer):
            raise Misconfigured("SEINHUIS_OIDC_ISSUER moet met https:// beginnen.")
        self._client = client
        self._clock = clock
        self._auth = _assertion(client.key) if client.key else None
        self._metadata = _Kept(self._read_metadata, clock)
        self._keys = _Kept(self._read_keys, clock)

    def away(self, token: str) -> str:
        """Where the browser that holds `token` goes to log in. Raises Unavailable: the service does not answer as it should."""
        extra = {"acr_values": " ".join(self._client.acr)} if self._client.acr else {}
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._metadata.current().authorization_endpoint,
                state=tokens.value(token, "state"),
                nonce=tokens.value(token, "nonce"),
                code_verifier=tokens.value(token, "verifier"),
                **extra,
            )
        return str(url)

    def back(self, token: str, given: Mapping[str, str]) -> Mapping[str, Any]:
        """The claims of who came back in the browser that holds `token`, with these parameters.

        Raises:
            Unauthenticated: not asked for, refused by the service, or a token that does not hold. Unavailable: the service does not answer.
        """
        if not tokens.is_value(given.get("state", ""), token, "state"):
            raise _refused("AANMELDING_ONBEKEND")
        metadata = self._metadata.current()
        named = given.get("iss", None if metadata.authorization_response_iss_parameter_supported else self._client.issuer)
        if named != self._client.issuer or "code" not in given:
            raise _refused("AANMELDING_GEWEIGERD")
        answer = self._exchange(metadata.token_endpoint, given["code"], tokens.value(token, "verifier"))
        text = answer.get("id_token")
        if not isinstance(text, str):
            raise _refused("AANMELDING_ONGELDIG")
        return self._verified(text, tokens.value(token, "nonce"), answer.get("access_token"))

    def bye(self) -> str | None:
        """Where somebody logs out of the service itself, when it has such a place."""
        url = self._metadata.current().end_session_endpoint
        return url if url and is_safe(url) else None

    def _exchange(self, url: str, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            with self._session() as session:
                found: Mapping[str, Any] = session.fetch_token(url, code=code, code_verifier=verifier, grant_type="authorization_code")
                return found
        except OAuthError:
            raise _refused("AANMELDING_GEWEIGERD") from None
        except (httpx2.HTTPError, ValueError):
            raise _silent() from None

    def _verified(self, text: str, nonce: str, access_token: object) -> Mapping[str, Any]:
        now = self._clock.now()
        try:
            header = jws.extract_compact(text.encode()).headers()
            token = jwt.decode(text, self._key(header), algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {"iss": {"essential": True, "value": self._client.issuer}, "aud": {"essential": True, "value": self._client.client_id}},
                {"nonce": nonce, "client_id": self._client.client_id, "access_token": access_token},
            )
            claims.validate(int(now.timestamp()), LEEWAY)
        except (JoseError, ValueError, TypeError):
            raise _refused("AANMELDING_ONGELDIG") from None
        if claims["aud"] not in (self._client.client_id, [self._client.client_id]) or not _is_recent(claims["iat"], now):
            raise _refused("AANMELDING_ONGELDIG")
        return dict(claims)

    def _key(self, header: Mapping[str, Any]) -> Key:
        """The one key that a header can mean; new keys are looked for once. Raises ValueError: none, or more than one."""
        for keys in (self._keys.current(), self._keys.renewed()):
            found = [key for key in keys if _fits(key, header)]
            if len(found) == 1:
                return cast(Key, found[0])
        raise ValueError("key")

    def _session(self) -> OAuth2Client:
        session = OAuth2Client(
            client_id=self._client.client_id,
            client_secret=_private(self._client.key) if self._client.key else self._client.secret,
            token_endpoint_auth_method="private_key_jwt" if self._auth else "client_secret_basic",
            scope=SCOPE,
            redirect_uri=self._client.back,
            code_challenge_method="S256",
            timeout=SECONDS,
            follow_redirects=False,
        )
        if self._auth:
            session.register_client_auth_method(self._auth)
        return session

    def _read_metadata(self) -> Metadata:
        found: Metadata = _fetched(f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration", Metadata)
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if found.issuer != self._client.issuer or not all(map(is_safe, addresses)):
            raise _silent()
        return found

    def _read_keys(self) -> list[Key]:
        try:
            return list(KeySet.import_key_set(_fetched(self._metadata.current().jwks_uri, dict)).keys)
        except (JoseError, ValueError, KeyError, TypeError):
            raise _silent() from None


class _Kept:
    """Something of the login service that is read again after an hour, or when asked for, but not more than once a minute.

    One reads at a time and nobody waits for it; a service that failed is left alone for `PAUSE`.
    """

    def __init__(self, read: Callable[[], Any], clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._lock = threading.Lock()
        self._value: Any = None
        self._at: datetime | None = None
        self._failed: datetime | None = None

    def current(self) -> Any:  # noqa: ANN401 - what `read` gives
        """As it was read at most an hour ago. Raises Unavailable."""
        return self._within(FRESH)

    def renewed(self) -> Any:  # noqa: ANN401
        """As it was read at most a minute ago. Raises Unavailable."""
        return self._within(AGAIN)

    def _within(self, age: timedelta) -> Any:  # noqa: ANN401
        now = self._clock.now()
        if self._at is not None and now - self._at < age:
            return self._value
        if (self._failed and now - self._failed < PAUSE) or not self._lock.acquire(blocking=False):
            raise _silent()
        try:
            self._value, self._at, self._failed = self._read(), now, None
        except Unavailable:
            self._failed = now
            raise
        finally:
            self._lock.release()
        return self._value


def _fits(key: Key, header: Mapping[str, Any]) -> bool:
    if not isinstance(key, RSAKey | ECKey | OKPKey) or key.get("use", "sig") != "sig":
        return False
    return key.get("alg", header.get("alg")) == header.get("alg") and ("kid" not in header or key.kid == header["kid"])


def _is_recent(issued: object, now: datetime) -> bool:
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        return False
    return abs(now.timestamp() - issued) <= OLDEST.total_seconds()


def _fetched(url: str, kind: type[Any]) -> Any:  # noqa: ANN401 - of that kind
    try:
        with httpx2.Client(timeout=SECONDS, follow_redirects=False) as client:
            answer = client.get(url).raise_for_status()
        return msgspec.json.decode(answer.content, type=kind)
    except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.DecodeError):
        raise _silent() from None


def _private(pem: bytes) -> ECKey | RSAKey:
    kind = ECKey if b"EC PRIVATE" in pem else None
    for one in (kind,) if kind else (ECKey, RSAKey):
        try:
            return one.import_key(pem)
        except (JoseError, ValueError, TypeError, AttributeError):
            continue
    raise Misconfigured("SEINHUIS_OIDC_CLIENT_KEY is geen private sleutel (EC of RSA, PEM).")


def _assertion(pem: bytes) -> PrivateKeyJWT:
    return PrivateKeyJWT(alg="ES256" if isinstance(_private(pem), ECKey) else "PS256")


def _refused(code: str) -> Unauthenticated:
    return Unauthenticated(code, "Aanmelden is niet gelukt. Probeer het opnieuw vanaf de beginpagina.")


def _silent() -> Unavailable:
    return Unavailable("AANMELDDIENST_NIET_BEREIKBAAR", "De aanmelddienst antwoordt niet goed. Probeer het later opnieuw.", retry_after=30)
