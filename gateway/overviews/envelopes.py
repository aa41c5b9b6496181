"""Sealing of questions, answers and documents: clear content goes in, and comes out for a file under a managed key only.

Each has a fresh random content key, wrapped to the receiver's key (a municipality's, or a creditor's), and once more a layer under the
storage key of (receiver, week of expiry), so that it can be destroyed; the wrapped key stands inside that layer and goes with it.
Authority: `docs/crypto.md`, sealing. Leaves who may have what to the flows.
"""

import os
import secrets
from base64 import urlsafe_b64decode
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from gateway.core import ids
from gateway.core.errors import Misconfigured, Unavailable
from gateway.keys import names
from gateway.keys.content import ContentKey
from gateway.keys.keystore import KeyStore
from gateway.partners.register import Register
from gateway.partners.sealkeys import Partijsleutel, Zegelsleutel
from gateway.sealing.jwe import encrypt_direct, wrap_content_key
from gateway.sealing.opening import Releaser
from gateway.sealing.sealing import NONCE, storage_aad
from schemas.schuldenoverzicht import Verzegeld
from schemas.sealed import Groep, expand, extract, group_kid
from schemas.types import Gemeentecode, Oin


class Receiver(NamedTuple):
    """For whom something is sealed: an OIN or a municipality's code, and the key."""

    owner: Oin | Gemeentecode
    key: Zegelsleutel


class Place(NamedTuple):
    """Which part of which question or overview it is: bound to the content, so that no two can be exchanged."""

    id: UUID
    group: Groep


class Stored(NamedTuple):
    """As kept: under a storage key of the key store."""

    storage_key: str
    payload: bytes


class _Envelope(msgspec.Struct, frozen=True):
    """What stands inside the storage layer: the content, and its key as wrapped for the receiver."""

    inhoud: str
    id: UUID
    kid: str
    wijze: str
    wrapped: str


def creditor(oin: Oin, register: Register, keys: KeyStore) -> Receiver:
    """A creditor with its registered key, or with the pair that the gateway keeps for who never registered one.

    Raises Unavailable: it registered one, and none counts now; what it asked to be closed to the gateway stays so.
    """
    found = register.party_key(oin)
    if found is None and register.has_own_key(oin):
        raise Unavailable("SCHULDEISER_ZONDER_SLEUTEL", f"Van schuldeiser {oin} geldt nu geen eigen sleutel.", retry_after=3600)
    if found is None:
        kid = names.managed_party(oin)
        found = Partijsleutel(oin, kid, "beheerd", keys.create_private(kid))
    return Receiver(oin, found)


def municipality(gemeente: Gemeentecode, register: Register) -> Receiver:
    """A municipality with its registered key. Raises Unavailable: it has none."""
    key = register.sealing_key(gemeente)
    if key is None:
        raise Unavailable("GEMEENTE_ZONDER_SLEUTEL", f"Gemeente {gemeente} heeft nog geen sleutel.", retry_after=3600)
    return Receiver(gemeente, key)


def seal(clear: bytes, place: Place, receiver: Receiver, expires: date, keys: KeyStore) -> Stored:
    """Content for one receiver, and nobody else. Raises Misconfigured: its key is too weak."""
    content_key, id = secrets.token_bytes(32), ids.new()
    token = encrypt_direct(expand(extract(content_key), place.id, place.group), group_kid(place.id, place.group), clear)
    wrapped = wrap_content_key(id, content_key, receiver.key)
    envelope = _Envelope(token, id, receiver.key.kid, receiver.key.wijze, wrapped)
    storage_key = names.storage(receiver.owner, names.iso_week(expires))
    nonce = os.urandom(NONCE)
    text = AESGCM(keys.key(storage_key)).encrypt(nonce, msgspec.json.encode(envelope), _aad(place, receiver.owner))
    return Stored(storage_key, nonce + text)


def release(stored: Stored, place: Place, owner: Oin | Gemeentecode, keys: KeyStore) -> Verzegeld:
    """The content as it was sealed, with what opens it: the wrapped content key, or the derived key when the gateway keeps the pair.

    Raises:
        Misconfigured: another key, another place, or a row that was changed.
    """
    nonce, text = stored.payload[:NONCE], stored.payload[NONCE:]
    try:
        plain = AESGCM(keys.key(stored.storage_key)).decrypt(nonce, text, _aad(place, owner))
    except (InvalidTag, ValueError):
        raise Misconfigured(f"{place.group} {place.id} opent niet onder zijn opslagsleutel.") from None
    found = msgspec.json.decode(plain, type=_Envelope)
    content_key = ContentKey(found.id, owner, found.kid, found.wijze, found.wrapped)
    return Verzegeld(inhoud=found.inhoud, sleutels=Releaser(keys).release(content_key, (place.group,), place.id))


def opened(stored: Stored, place: Place, owner: Oin, keys: KeyStore) -> bytes | None:
    """The clear content, by the key that the gateway keeps; None when it was sealed for an own key. Raises Misconfigured."""
    return clear(release(stored, place, owner, keys), place)


def clear(sealed: Verzegeld, place: Place) -> bytes | None:
    """What was released, by the derived key that came with it; None without one. Raises Misconfigured."""
    key = (sealed.sleutels.groepssleutels or {}).get(place.group)
    if key is None:
        return None
    try:
        found = jwe.decrypt_compact(sealed.inhoud, OctKey.import_key(urlsafe_b64decode(key + "=")), algorithms=["dir", "A256GCM"])
    except (JoseError, ValueError):
        raise Misconfigured(f"{place.group} {place.id} opent niet.") from None
    if found.protected.get("kid") != group_kid(*place):
        raise Misconfigured(f"{place.group} {place.id} staat niet op zijn plaats.")
    return found.plaintext or b""


def _aad(place: Place, owner: Oin | Gemeentecode) -> bytes:
    return storage_aad(owner, place.id, place.group.encode())
