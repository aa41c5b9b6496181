"""The residue for the statistics: five facts of a signal, encrypted under a storage key of their own, never beside the payload.

The key belongs to one municipality and quarter, in the domain of the statistics: with it go all residues of that quarter, and no payload.
Authority: AVG art. 5(1)(b) and (c), 89; contract, retention (DDAS residue); DDAS v1.2, client variant B. Leaves who wants it to
the mailbox, whether it may be kept to the purpose register.
"""

import os
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.core.chain import Judged, Sealed
from gateway.core.errors import Misconfigured
from gateway.keys import names
from gateway.keys.keystore import KeyStore
from gateway.sealing.sealing import NONCE
from schemas.ddas import Residu
from schemas.identity import join
from schemas.signaal import Signaal

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder(Residu)


class Kept(NamedTuple):
    """A residue as stored."""

    gemeente: str
    bericht: UUID
    signaaldatum: date
    storage_key: str
    content: bytes


def seal(pairs: Sequence[tuple[Judged, Sealed]], keys: KeyStore) -> list[Kept]:
    """The residue of each delivered signal."""
    made = []
    for judged, sealed in pairs:
        signaal, header = judged.named.routed.lawful.fresh.parsed.signaal, sealed.header
        name = names.statistics(header.gemeente, signaal.signaaldatum)
        nonce = os.urandom(NONCE)
        text = _ENCODER.encode(_residue(signaal))
        content = nonce + AESGCM(keys.key(name)).encrypt(nonce, text, _aad(header.gemeente, header.id))
        made.append(Kept(header.gemeente, header.id, signaal.signaaldatum, name, content))
    return made


def open_residue(kept: Kept, keys: KeyStore) -> Residu:
    """The clear residue. Raises Misconfigured: another key, another message, or a damaged row."""
    try:
        text = AESGCM(keys.key(kept.storage_key)).decrypt(kept.content[:NONCE], kept.content[NONCE:], _aad(kept.gemeente, kept.bericht))
    except InvalidTag:
        raise Misconfigured(f"Het statistiekresidu van bericht {kept.bericht} opent niet onder zijn opslagsleutel.") from None
    return _DECODER.decode(text)


def _residue(signaal: Signaal) -> Residu:
    adres = signaal.adres
    return Residu(
        postcode=adres.postcode,
        huisnummer=adres.huisnummer,
        toevoeging=f"{adres.huisletter or ''}{adres.toevoeging or ''}" or None,
        geboortedatum=signaal.personen[0].geboortedatum,
        ontstaansdatum=signaal.achterstand.ontstaansdatum,
    )


def _aad(gemeente: str, message: UUID) -> bytes:
    return join("statistiek", gemeente, str(message))
