"""How values are sealed to a known public key: contact data that a follow-up partner found, and group keys that are shared.

A compact JWE (`ECDH-ES+A256KW`, `A256GCM`) whose header names the receiver's key in `kid`. Contact data is sealed to the municipality's
key: the gateway cannot read it, and no creditor ever gets it. A shared group key is a JWK (`kty: oct`) whose own `kid` is
`<message>.<group>`, so that it cannot be passed off as another's. Authority: RFC 7516, 7517; `schemas.opvolging`.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from adapters.client.opening import NotOpened, Opener
from schemas.inbox import Bericht, Veldgroep
from schemas.instellingen import Zegelsleutel
from schemas.opvolging import SEALING, Contactvondst, Deling
from schemas.sealed import group_kid
from schemas.strict import canonical

_ALGORITHMS = list(SEALING.values())


def seal_contact(found: Contactvondst, key: Zegelsleutel) -> str:
    """Seal found contact data to a municipality (`zegelsleutel` of a claim)."""
    return _seal(canonical(found), key, "json")


def open_contact(token: str, private_key: bytes, message: UUID, password: bytes | None = None) -> Contactvondst:
    """Open found contact data with the municipality's private key (PEM). Raises NotOpened: also when it names another message."""
    try:
        found = msgspec.json.decode(_open(token, private_key, password), type=Contactvondst)
    except msgspec.DecodeError:
        raise NotOpened("no contact data") from None
    if found.bericht != message:
        raise NotOpened("the contact data is of another message")
    return found


def share(bericht: Bericht, groups: Iterable[Veldgroep], opener: Opener, partner: str, key: Zegelsleutel) -> Deling:
    """What a municipality with an own key posts to `delingen`, so that a follow-up partner can open these groups. Raises NotOpened."""
    return Deling(opvolgpartner=partner, sleutels={group: _group_key(bericht, group, opener, key) for group in groups})


def open_shared(token: str, private_key: bytes, message: UUID, group: Veldgroep, password: bytes | None = None) -> bytes:
    """The group key (32 bytes) that was shared with this partner. Raises NotOpened."""
    try:
        jwk = msgspec.json.decode(_open(token, private_key, password), type=dict[str, str])
        if jwk["kid"] != group_kid(message, group):
            raise NotOpened("the key is of another message or group")
        return urlsafe_b64decode(jwk["k"] + "=")
    except (msgspec.DecodeError, KeyError, ValueError):
        raise NotOpened("no group key") from None


def _group_key(bericht: Bericht, group: Veldgroep, opener: Opener, key: Zegelsleutel) -> str:
    secret = urlsafe_b64encode(opener.group_key(bericht, group)).rstrip(b"=").decode()
    return _seal(msgspec.json.encode({"kty": "oct", "k": secret, "kid": group_kid(bericht.id, group)}), key, "jwk+json")


def _seal(clear: bytes, key: Zegelsleutel, kind: str) -> str:
    public = ECKey.import_key({"kty": key.kty, "crv": key.crv, "x": key.x, "y": key.y})
    return jwe.encrypt_compact({**SEALING, "kid": key.kid, "cty": kind}, clear, public, algorithms=_ALGORITHMS)


def _open(token: str, private_key: bytes, password: bytes | None) -> bytes:
    private = load_pem_private_key(private_key, password)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise NotOpened("the private key must be P-256")
    try:
        return jwe.decrypt_compact(token, ECKey.import_key(private), algorithms=_ALGORITHMS).plaintext or b""
    except (JoseError, ValueError):
        raise NotOpened("it does not open with this private key") from None
