"""Contact data that were found for a case: in and out as a JWE to the municipality's own key.

The gateway looks at the header (whose key, which algorithm) and keeps the token under a storage key that is destroyed at its term; it has
no code that opens it, and no creditor has an operation that returns it. Authority: contract, `PUT zaken/{id}/contactgegevens`; AVG art. 5.
"""

import base64
import binascii
import os
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.cases import rows
from gateway.cases.desk import CaseDesk, Link, error, held, require, show
from gateway.cases.rows import ContactRow
from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Misconfigured, NotFound, Unavailable
from gateway.keys import names
from gateway.privacylog import append
from gateway.privacylog.afterwards import ContactgegevensGelezen, ContactgegevensVastgelegd
from gateway.sealing.jwe import ALGORITHMS
from gateway.sealing.sealing import NONCE, RETENTION, storage_aad
from gateway.store.tenant import municipality
from schemas.zaken import Contactgegevens, Zaak

LAG_MAX_SECONDS = 60.0


def keep(caller: Sender, gemeente: str, trace: Trace, id: UUID, found: Contactgegevens, desk: CaseDesk) -> Zaak:
    """Keep contact data, sealed as they came, in the place of what was there. Raises NotFound, Conflict, Unavailable."""
    now = desk.clock.now()
    desk.require_past(found.datum)
    _require_sealed(found.gegevens, gemeente, desk)
    storage_key = names.storage(gemeente, names.iso_week(dutch_day(now) + RETENTION))
    nonce = os.urandom(NONCE)
    stored = nonce + AESGCM(desk.keys.key(storage_key)).encrypt(
        nonce, found.gegevens.encode(), storage_aad(gemeente, id, _shown(found.bron, found.grondslag, found.datum))
    )
    with desk.database.transaction(municipality(gemeente)) as connection:
        require(held(connection, gemeente, id), "contact")
        row = ContactRow(found.bron, found.grondslag, found.datum, storage_key, stored)
        rows.save_contact(connection, gemeente, id, row, now)
        append.append(connection, [ContactgegevensVastgelegd(**desk.frame(caller, trace).fields(), gemeente=gemeente, zaak=id)])
        return show(connection, gemeente, id)


def read(caller: Sender, gemeente: str, trace: Trace, id: UUID, desk: CaseDesk, *, disclose: bool) -> Contactgegevens:
    """The sealed contact data of a case, for its municipality; logged when `disclose`. Raises NotFound, Unavailable."""
    with desk.database.transaction(municipality(gemeente)) as connection:
        row = rows.contact(connection, gemeente, id)
        if row is None:
            raise NotFound
        if disclose:
            _require_log(connection)
            append.append(connection, [ContactgegevensGelezen(**desk.frame(caller, trace).fields(), gemeente=gemeente, zaak=id)])
    text = _unwrap(row, desk.keys.key(row.storage_key), gemeente, id)
    return msgspec.convert({"bron": row.bron, "grondslag": row.grondslag, "datum": row.datum, "gegevens": text}, Contactgegevens)


def _require_sealed(token: str, gemeente: str, desk: CaseDesk) -> None:
    key = desk.feedback.register().sealing_key(gemeente)
    if key is None:
        raise Unavailable("GEMEENTE_ZONDER_SLEUTEL", f"Gemeente {gemeente} heeft nog geen sleutel.", retry_after=3600)
    head = token.partition(".")[0]
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)), type=dict[str, Any])
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        header = {}
    if (header.get("alg"), header.get("enc"), header.get("kid")) != (ALGORITHMS.get(key.publiek.get("kty", "")), "A256GCM", key.kid):
        melding = "Verzegel de gegevens als JWE voor de geregistreerde sleutel van de gemeente (kid), met A256GCM."
        raise Conflict("NIET_VERZEGELD", melding, errors=[error("NIET_VERZEGELD", melding, "/gegevens")])


def _shown(bron: str, grondslag: str, datum: date) -> bytes:
    """What stands beside the sealed data: bound to it, so that it cannot be changed unseen."""
    return f"{bron}\n{grondslag}\n{datum}".encode()


def _unwrap(row: ContactRow, key: bytes, gemeente: str, zaak: UUID) -> str:
    try:
        return (
            AESGCM(key)
            .decrypt(row.gegevens[:NONCE], row.gegevens[NONCE:], storage_aad(gemeente, zaak, _shown(row.bron, row.grondslag, row.datum)))
            .decode()
        )
    except InvalidTag:
        raise Misconfigured(f"Contactgegevens van zaak {zaak} openen niet onder hun opslagsleutel.") from None


def _require_log(connection: Link) -> None:
    row = connection.execute("SELECT log_lag_seconds()").fetchone()
    if row is None or row[0] > LAG_MAX_SECONDS:
        raise Unavailable("LOG_LOOPT_ACHTER", "De verwerkingslog loopt achter; er worden nu geen gegevens verstrekt.", retry_after=30)
