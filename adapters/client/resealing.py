"""How a municipality sends an opened message on: sealed anew for the municipality where the resident lives.

The same with a standard tool: make a UUIDv7 (the new message id) and 32 random bytes (the content key); encrypt them, as a JWK whose
`kid` is the new id, to the other municipality's public key (`GET gemeentesleutels`); derive a key per group and encrypt the group under
it, as `opening` says in the other direction. Authority: RFC 7516, 7517, 5869; `docs/crypto.md`, sealing. Leaves sending to the caller.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat as uuids
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey, RSAKey

from schemas.doorzending import Doorzending, PubliekeSleutel, Woonadres, WoonPersoon
from schemas.inbox import Veldgroep
from schemas.sealed import expand, extract, group_kid

_WRAPPING = {"EC": "ECDH-ES+A256KW", "RSA": "RSA-OAEP-256"}


def reseal(
    groups: Mapping[Veldgroep, Mapping[str, Any]],
    receiver: PubliekeSleutel,
    claim: UUID,
    address: Woonadres | None = None,
    new_id: Callable[[], UUID] = uuids.uuid7,
) -> Doorzending:
    """The body of a `doorzending` of an opened message.

    Args:
        groups: what `opening.Opener.open` gave. `identiteit` is needed.
        receiver: the other municipality's key.
        claim: the claim that holds the message.
        address: where the resident lives now; the address of the message when absent. It takes its place in `identiteit`.
        new_id: makes the id of the new message (UUIDv7).
    """
    id, content_key = new_id(), secrets.token_bytes(32)
    clear = dict(groups)
    identity = dict(clear["identiteit"])
    if address is not None:
        identity["adres"] = {**identity["adres"], "huisletter": None, "toevoeging": None, **msgspec.to_builtins(address)}
        clear["identiteit"] = {**identity, "adres": {k: v for k, v in identity["adres"].items() if v is not None}}
    extracted = extract(content_key)
    sealed = {group: _direct(expand(extracted, id, group), group_kid(id, group), value) for group, value in clear.items()}
    return Doorzending(
        claim=claim,
        gemeentecode=receiver.gemeentecode,
        bericht=id,
        kid=receiver.kid,
        inhoudssleutel=_wrap(id, content_key, receiver),
        persoonsgegevens=sealed,
        adres=address or _address(identity["adres"]),
        persoon=_person(identity["personen"][0]),
    )


def _direct(key: bytes, kid: str, value: Mapping[str, Any]) -> str:
    header = {"alg": "dir", "enc": "A256GCM", "kid": kid}
    return jwe.encrypt_compact(header, msgspec.json.encode(value), OctKey.import_key(key), algorithms=["dir", "A256GCM"])


def _wrap(id: UUID, content_key: bytes, receiver: PubliekeSleutel) -> str:
    kind = receiver.publiek["kty"]
    key = ECKey.import_key(receiver.publiek) if kind == "EC" else RSAKey.import_key(receiver.publiek)
    header = {"alg": _WRAPPING[kind], "enc": "A256GCM", "kid": receiver.kid, "cty": "jwk+json"}
    k = urlsafe_b64encode(content_key).rstrip(b"=").decode()
    jwk = msgspec.json.encode({"kty": "oct", "k": k, "kid": str(id)})
    return jwe.encrypt_compact(header, jwk, key, algorithms=[_WRAPPING[kind], "A256GCM"])


def _address(adres: Mapping[str, Any]) -> Woonadres:
    names = ("postcode", "huisnummer", "huisletter", "toevoeging")
    return msgspec.convert({name: adres[name] for name in names if adres.get(name)}, Woonadres)


def _person(person: Mapping[str, Any]) -> WoonPersoon | None:
    if not person.get("geboortedatum"):
        return None
    return msgspec.convert({name: person[name] for name in ("achternaam", "geboortedatum")}, WoonPersoon)
