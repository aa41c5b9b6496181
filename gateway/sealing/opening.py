"""Disclosure at the gateway: take off the storage layer and hand out what opens the allowed groups, never more.

Own key: the municipality gets its wrapped content key and opens it itself (the gateway cannot). Managed key: the gateway opens
the content key and hands out derived keys of the allowed groups only. Authority: `docs/crypto.md`, sealing; decision 0017.
Leaves who may have which group to `policy`, and the log entry that must stand before anything leaves to the inbox flow.
"""

import base64
import os
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from gateway.core.errors import Misconfigured
from gateway.keys.content import ContentKey
from gateway.keys.keystore import KeyStore
from gateway.sealing.jwe import ALGORITHMS
from gateway.sealing.sealing import NONCE, storage_aad
from schemas.inbox import Sleutels, Veldgroep
from schemas.keyed import Keyed
from schemas.sealed import CONTENT, Groep, expand, extract
from schemas.types import Gemeentecode


def unwrap(payload: bytes, storage_key: bytes, gemeente: Gemeentecode, message: UUID, meta: bytes) -> dict[Veldgroep, str]:
    """The compact JWE of each group, still sealed for the municipality.

    Raises:
        Misconfigured: another key, another message, or a row that was changed.
    """
    return msgspec.json.decode(_outer(payload, storage_key, storage_aad(gemeente, message, meta), message), type=dict[Veldgroep, str])


def rewrap(payload: bytes, was: bytes, storage_key: bytes, gemeente: Gemeentecode, message: UUID, meta: bytes) -> bytes:
    """The same sealed groups under another storage key; nothing inside is opened. Raises Misconfigured as `unwrap`."""
    aad = storage_aad(gemeente, message, meta)
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(storage_key).encrypt(nonce, _outer(payload, was, aad, message), aad)


def _outer(payload: bytes, storage_key: bytes, aad: bytes, message: UUID) -> bytes:
    try:
        return AESGCM(storage_key).decrypt(payload[:NONCE], payload[NONCE:], aad)
    except (InvalidTag, ValueError):
        raise Misconfigured(f"Bericht {message} opent niet onder zijn opslagsleutel.") from None


class Releaser:
    """Hands out keys for the messages of one claim; a managed content key is opened once, however many messages share it."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self._extracted: dict[UUID, Keyed] = {}

    def release(self, content_key: ContentKey, groups: Iterable[Groep], message: UUID) -> Sleutels:
        """What opens `groups` of `message`.

        Raises:
            Misconfigured: a managed content key does not open, or names another id.
        """
        if content_key.wijze == "eigen":
            return Sleutels(wijze="eigen", kid=content_key.kid, inhoudssleutel=content_key.wrapped)
        extracted = self._extracted.get(content_key.id)
        if extracted is None:
            extracted = self._extracted[content_key.id] = extract(self._open(content_key))
        derived: dict[str, str] = {group: _base64url(expand(extracted, message, group)) for group in groups}
        return Sleutels(wijze="beheerd", kid=content_key.kid, groepssleutels=derived)

    def _open(self, content_key: ContentKey) -> bytes:
        private = ECKey.import_key(self._keys.private(content_key.kid))
        try:
            opened = jwe.decrypt_compact(content_key.wrapped, private, algorithms=[ALGORITHMS["EC"], "A256GCM"])
        except (JoseError, ValueError):
            raise Misconfigured(f"Inhoudssleutel {content_key.id} opent niet.") from None
        jwk = msgspec.json.decode(opened.plaintext or b"", type=dict[str, str])
        if jwk["kid"] != str(content_key.id):
            raise Misconfigured(f"Inhoudssleutel {content_key.id} draagt een ander kenmerk.")
        return base64.urlsafe_b64decode(jwk["k"] + "=")


def clear(token: str, key: str, group: Veldgroep) -> Any:  # noqa: ANN401 - converted by the caller
    """The content of one group with its released key, as builtins. Raises JoseError, ValueError: it does not open."""
    opened = jwe.decrypt_compact(token, OctKey.import_key(base64.urlsafe_b64decode(key + "=")), algorithms=["dir", "A256GCM"])
    return msgspec.to_builtins(msgspec.json.decode(opened.plaintext or b"", type=CONTENT[group]))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
