"""Changes in the partner register, each with its entry in the log, in one transaction.

Authority: architecture, "who is who"; rule PR-03 (no partner without its papers) is for the gates of the life cycle, which
are not decided here. A certificate is registered by its thumbprint; its OIN must be the partner's.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.core.errors import Conflict, NotFound
from gateway.keys.keystore import KeyStore
from gateway.keys.names import managed
from gateway.partners import administration
from gateway.partners.administration import Row
from gateway.partners.agreements import Afspraak
from gateway.partners.mailroom import Bestandsprofiel, Ophaaladres, SftpSleutel, Uitlaat
from gateway.partners.register import (
    Bsnregistratie,
    Certificaat,
    Deelnemer,
    GemeenteInstelling,
    Leveringsgebied,
    Mandaat,
    Overeenkomst,
    Verklaring,
)
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import Onderdeel, RegisterGewijzigd
from gateway.sealing.jwe import require_usable
from gateway.store.database import Database
from schemas.keyed import Keyed

_PARTS: dict[type, Onderdeel] = {
    Deelnemer: "deelnemer",
    Certificaat: "certificaat",
    Mandaat: "mandaat",
    Overeenkomst: "overeenkomst",
    GemeenteInstelling: "gemeente_instelling",
    Gemeentesleutel: "gemeentesleutel",
    SftpSleutel: "sftp_sleutel",
    Bestandsprofiel: "bestandsprofiel",
    Partijsleutel: "partijsleutel",
    Bsnregistratie: "bsnregistratie",
    Leveringsgebied: "leveringsgebied",
    Ophaaladres: "ophaaladres",
    Afspraak: "afspraak",
    Uitlaat: "uitlaat",
}
Connection = psycopg.Connection[Any]


class Office(NamedTuple):
    """What a change needs; made by the composition root. `operator` is the OIN of who runs the gateway."""

    database: Database
    keys: KeyStore
    clock: Clock
    operator: str
    activity: Callable[[str], str]
    trace: Callable[[], Trace]


def save(office: Office, *rows: Row) -> None:
    """Insert or replace rows, all or none.

    Raises:
        Misconfigured: a key that nothing could be sealed to.
        Conflict: an SFTP key of another partner (whoever shows it has not the private half), or one that was revoked; the name of
            another key of this party or municipality; the id of another agreement, on which messages may rest.
    """
    keyed = sealer(office.keys)
    for row in rows:
        if isinstance(row, Gemeentesleutel | Partijsleutel):
            require_usable(row)
    with office.database.transaction() as connection:
        for row in rows:
            if isinstance(row, SftpSleutel | Gemeentesleutel | Partijsleutel | Afspraak):
                _require_free(connection, row, keyed)
            administration.save(connection, row, keyed)
            _note(office, connection, _PARTS[type(row)])


def _require_free(connection: Connection, row: SftpSleutel | Gemeentesleutel | Partijsleutel | Afspraak, keyed: Keyed) -> None:
    if isinstance(row, SftpSleutel):
        known = administration.stored(connection, row, keyed)
        if known is not None and (known.oin != row.oin or known.ingetrokken_op is not None):
            raise Conflict("SFTP_SLEUTEL_GEBRUIKT", "Deze sleutel is van een ander of is ingetrokken; laat een nieuwe maken.")
    elif administration.stored(connection, row, keyed) in (None, row):
        return
    elif isinstance(row, Gemeentesleutel | Partijsleutel):
        raise Conflict("SLEUTELNAAM_GEBRUIKT", "Zo heet al een andere of een ingetrokken sleutel van deze deelnemer; kies een nieuwe naam.")
    else:
        raise Conflict("AFSPRAAK_BESTAAT", "Er is al een andere afspraak met dit kenmerk; beëindig die, en kies een nieuw kenmerk.")


def save_declaration(office: Office, row: Verklaring, document_hash: bytes) -> None:
    """Register a signed declaration of social collection by the SHA-256 of its document."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        administration.save_declaration(connection, row, document_hash, keyed)
        _note(office, connection, "verklaring")


def set_status(office: Office, oin: str, status: str) -> None:
    """Suspend, activate or end a partner. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.set_status(connection, oin, status, keyed):
            raise NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN, of zijn deelname is beëindigd.")
        _note(office, connection, "deelnemer")


def revoke_certificate(office: Office, vingerafdruk: bytes) -> None:
    """Revoke a certificate; every node refuses it within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_certificate(connection, vingerafdruk, office.clock.now(), keyed):
            raise NotFound("CERTIFICAAT_ONBEKEND", "Er is geen geldig certificaat met deze vingerafdruk.")
        _note(office, connection, "certificaat")


def revoke_sftp_key(office: Office, vingerafdruk: bytes) -> None:
    """Revoke an SFTP key; sessions that use it end within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_sftp_key(connection, vingerafdruk, office.clock.now(), keyed):
            raise NotFound("SFTP_SLEUTEL_ONBEKEND", "Er is geen geldige SFTP-sleutel met deze vingerafdruk.")
        _note(office, connection, "sftp_sleutel")


def end_party_key(office: Office, oin: str, kid: str) -> None:
    """Take back a key of a party: what is new is sealed to an earlier one of its own, or to the gateway's. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.end_party_key(connection, oin, kid, office.clock.now(), keyed):
            raise NotFound("SLEUTEL_ONBEKEND", "Deze deelnemer heeft geen geldige sleutel met deze naam.")
        _note(office, connection, "partijsleutel")


def end_agreement(office: Office, id: str, until: date) -> None:
    """Give a general agreement its last day; one before its first day undoes it. Raises NotFound; Conflict: it ends earlier already."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        row = next((row for row, sealed in administration.agreements(connection, keyed, id) if sealed), None)
        if row is None:
            raise NotFound("AFSPRAAK_ONBEKEND", "Er is geen afspraak met dit kenmerk.")
        if row.geldig_tot is not None and row.geldig_tot < until:
            raise Conflict("AFSPRAAK_EINDIGT_EERDER", f"Deze afspraak eindigt al op {row.geldig_tot}; leg voor daarna een nieuwe vast.")
        administration.save(connection, msgspec.structs.replace(row, geldig_tot=until), keyed)
        _note(office, connection, "afspraak")


def revoke_remote(office: Office, oin: str) -> None:
    """Take back where a partner's files are fetched; what is being fetched ends within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_remote(connection, oin, office.clock.now(), keyed):
            raise NotFound("OPHAALADRES_ONBEKEND", "Van deze deelnemer is geen ophaaladres geregistreerd.")
        _note(office, connection, "ophaaladres")


def end_outlet(office: Office, gemeentecode: str) -> None:
    """Hand a municipality's messages on to its desk no more; what waits there is taken back within a minute. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.end_outlet(connection, gemeentecode, office.clock.now(), keyed):
            raise NotFound("UITLAAT_ONTBREEKT", "Deze gemeente heeft geen uitlaat die aan staat.")
        _note(office, connection, "uitlaat")


def managed_key(office: Office, gemeentecode: str) -> Gemeentesleutel:
    """Make the key pair that the gateway keeps for a municipality, and register its public half."""
    kid = managed(gemeentecode)
    key = Gemeentesleutel(gemeentecode=gemeentecode, kid=kid, wijze="beheerd", publiek=office.keys.create_private(kid))
    save(office, key)
    return key


def _note(office: Office, connection: Connection, onderdeel: Onderdeel) -> None:
    version = connection.execute("SELECT versie FROM register_versie").fetchone()
    frame = Frame(Sender(office.operator, office.operator), office.trace(), office.clock.now(), office.activity("beheren"))
    append.append(connection, [RegisterGewijzigd(**frame.fields(), onderdeel=onderdeel, registerversie=str(version and version[0]))])
