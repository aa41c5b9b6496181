"""How a municipality opens a message: with its own private key, or with the group keys that the gateway handed out.

The same with a standard tool (any JOSE library):
1. own key: decrypt `sleutels.inhoudssleutel` with the private key; it holds a JWK (`kty: oct`), `k` is the content key;
   per group: HKDF-SHA256(key = content key, salt = `seinhuis/v1`, info = three texts, each after its length in two bytes:
   `seinhuis/groep/v1`, the message id, the group), 32 bytes. Managed key: `sleutels.groepssleutels` has these 32 bytes already;
2. check that the header of `persoonsgegevens[group]` names this message and group: `kid` = `<id>.<group>`;
3. decrypt it (`dir`, `A256GCM`) with the group key; it holds JSON (`schemas.sealed`).

Authority: RFC 7516, 7517, 5869; `docs/crypto.md`. Leaves fetching and acknowledging to the caller's own client.
"""

from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey

from schemas.inbox import Bericht, Sleutels, Veldgroep
from schemas.keyed import Keyed
from schemas.sealed import Groep, expand, extract, group_kid

_WRAPPING = ["ECDH-ES+A256KW", "RSA-OAEP-256", "A256GCM"]
_DIRECT = ["dir", "A256GCM"]
_KEPT = 64


class NotOpened(Exception):
    """A message does not open: wrong key, another message's or group's data, or tampering."""


class Opener:
    """Opens messages. Keeps the last content keys, which many messages share."""

    def __init__(self, private_key: bytes | None = None, password: bytes | None = None) -> None:
        """Take the municipality's own private key (PEM; P-256 or RSA), or none when the gateway manages it."""
        self._private = None if private_key is None else _private(private_key, password)
        self._extracted: dict[str, Keyed] = {}

    def open(self, bericht: Bericht) -> dict[Veldgroep, dict[str, Any]]:
        """The clear content of every group that came with a message of a claim.

        Raises:
            NotOpened: a group does not open, or names another message or group.
        """
        sealed = bericht.persoonsgegevens or {}
        if not sealed or bericht.sleutels is None:
            return {}
        return {group: self.unseal(token, bericht.sleutels, bericht.id, group) for group, token in sealed.items()}

    def group_key(self, bericht: Bericht, group: Veldgroep) -> bytes:
        """The key (32 bytes) of one group of a message of a claim. Raises NotOpened."""
        if bericht.sleutels is None:
            raise NotOpened("this message came without keys")
        return self._key(bericht.sleutels, bericht.id, group)

    def unseal(self, token: str, sleutels: Sleutels, id: UUID, group: Groep) -> dict[str, Any]:
        """The clear content of one sealed part: a group of a message, or an answer of a schuldenoverzicht (`group` is `antwoord`).

        Raises:
            NotOpened: it does not open with these keys, or names another message or group.
        """
        key = self._key(sleutels, id, group)
        expected = {"alg": "dir", "enc": "A256GCM", "kid": group_kid(id, group)}
        try:
            opened = jwe.decrypt_compact(token, OctKey.import_key(key), algorithms=_DIRECT)
            if opened.protected != expected:
                raise NotOpened(f"{group}: the data names another message or group")
            return msgspec.json.decode(opened.plaintext or b"", type=dict[str, Any])
        except (JoseError, ValueError):
            raise NotOpened(f"{group}: does not open with this key") from None

    def _key(self, sleutels: Sleutels, id: UUID, group: Groep) -> bytes:
        if sleutels.inhoudssleutel is not None:
            return expand(self._content(sleutels.inhoudssleutel), id, group)
        return _decode((sleutels.groepssleutels or {}).get(group, ""))

    def _content(self, wrapped: str) -> Keyed:
        extracted = self._extracted.get(wrapped)
        if extracted is None:
            if self._private is None:
                raise NotOpened("this message needs the municipality's own private key")
            try:
                jwk = msgspec.json.decode(jwe.decrypt_compact(wrapped, self._private, algorithms=_WRAPPING).plaintext or b"")
                extracted = extract(_decode(jwk["k"]))
            except (JoseError, ValueError, KeyError, TypeError):
                raise NotOpened("the content key does not open with this private key") from None
            if len(self._extracted) >= _KEPT:
                self._extracted.clear()
            self._extracted[wrapped] = extracted
        return extracted


def _private(pem: bytes, password: bytes | None) -> ECKey | RSAKey:
    key = load_pem_private_key(pem, password)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return ECKey.import_key(key)
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAKey.import_key(key)
    raise NotOpened("the private key must be P-256 or RSA")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
