"""Changes in the partner register, each with its entry in the log, in one transaction. No change skips a gate of the life cycle.

Authority: architecture, "who is who"; contract, states. A participant begins as `aangemeld`, its status changes by `set_status` alone, and
a change that would open what was never shown (another role, another mouth) is refused. What the gates are stands in `poorten`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.core.errors import Conflict, NotFound
from gateway.keys.keystore import KeyStore
from gateway.keys.names import managed
from gateway.onboarding import dossier, levenscyclus, poorten, taken
from gateway.onboarding.dossier import AgreementNeeded, Dossier, Outside
from gateway.onboarding.poorten import Gemis
from gateway.partners import administration
from gateway.partners.acting import BEHEERDER
from gateway.partners.administration import Row
from gateway.partners.agreements import Afspraak
from gateway.partners.dossier import Aansluiting, Certificaatinhoud, Proeftoelating, Stuk, Toets
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
from gateway.privacylog.settings import DeelnemerOvergegaan, Onderdeel, Overgang, RegisterGewijzigd
from gateway.sealing.jwe import require_usable
from gateway.store.database import Transactions
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
    Aansluiting: "aansluiting",
    Stuk: "stuk",
    Certificaatinhoud: "certificaatinhoud",
    Toets: "toetsuitslag",
    Proeftoelating: "proeftoelating",
}
_GUARDED = frozenset({"getoetst", "schaduw", "actief"})
"""Statuses of participants of which no change may open what was never shown, or replace what was."""
Connection = psycopg.Connection[Any]


class Office(NamedTuple):
    """What a change needs; made by the composition root. `operator` is the OIN of who runs the gateway.

    `trusted`: the authorities that the doors trust (PEM); `agreement_needed`: of the purpose register; `trial`: this is an installation to
    try things on; `testkeys`: the JWK set of gateways whose conformance results count. `by`: who does it, the operator when absent.
    """

    database: Transactions
    keys: KeyStore
    clock: Clock
    operator: str
    activity: Callable[[str], str]
    trace: Callable[[], Trace]
    trial: bool = False
    trusted: bytes = b""
    agreement_needed: AgreementNeeded = lambda sector, day: True
    testkeys: Mapping[str, Any] = {}
    by: Sender | None = None

    @property
    def outside(self) -> Outside:
        """What a dossier is judged with."""
        return Outside(self.clock.now(), self.trusted, self.agreement_needed, self.testkeys)


def save(office: Office, *rows: Row) -> None:
    """Insert or replace rows, all or none.

    Raises:
        Misconfigured: a key that nothing could be sealed to.
        Conflict: an SFTP key of another partner (whoever shows it has not the private half), or one that was revoked; the name of
            another key of this party or municipality; the id of another agreement, on which messages may rest; a status that is not the
            participant's; a municipality's code that another has; what who is under way lacks, or another profile or paper for its own.
    """
    with office.database.transaction() as connection:
        save_in(office, connection, rows)


def save_in(office: Office, connection: Connection, rows: Iterable[Row]) -> None:
    """`save`, in a transaction of the caller's."""
    keyed, rows = sealer(office.keys), list(rows)
    guarded = {oin: gaps(office, connection, oin, keyed) for oin in sorted(_touched(rows))}
    for row in rows:
        if isinstance(row, Gemeentesleutel | Partijsleutel):
            require_usable(row)
        if isinstance(row, Certificaat | SftpSleutel | Gemeentesleutel | Partijsleutel | Afspraak):
            taken.require_free(connection, row, keyed)
        if isinstance(row, Bestandsprofiel | Stuk) and _guarded(office, connection, row.oin, keyed):
            taken.require_kept(connection, row, keyed)
        if isinstance(row, Deelnemer):
            _require_status(connection, row, office.operator, keyed)
        _write(connection, row, keyed)
        note(office, connection, _PARTS[type(row)])
    for oin, before in guarded.items():
        require_nothing(f"{oin}: dit", [gap for gap in gaps(office, connection, oin, keyed) if gap not in before])


def gaps(office: Office, connection: Connection, oin: str, keyed: Keyed) -> list[Gemis]:
    """What a participant under way lacks for the status that it has; of any other nothing."""
    found = _guarded(office, connection, oin, keyed)
    return poorten.missing(found, found.status) if found else []


def _guarded(office: Office, connection: Connection, oin: str, keyed: Keyed) -> Dossier | None:
    """What a participant under way has shown; None of any other, and of one that was let in to try things."""
    found = dossier.collect(connection, oin, keyed, office.outside)
    return None if found is None or found.status not in _GUARDED or (found.proef and office.trial) else found


def require_nothing(what: str, lacking: list[Gemis]) -> None:
    """Raises Conflict: something is missing; says all of it, each with the command that mends it."""
    if lacking:
        told = "; ".join(f"{gap.ontbreekt} (doe: {gap.opdracht})" for gap in lacking)
        raise Conflict("POORT_GESLOTEN", f"{what} kan nog niet: {told}.")


def _write(connection: Connection, row: Row, keyed: Keyed) -> None:
    try:
        administration.save(connection, row, keyed)
    except psycopg.errors.UniqueViolation as error:  # the database decides, so that of two at once one is told
        if error.diag.constraint_name != "deelnemer_gemeente":
            raise
        raise Conflict("GEMEENTECODE_BEZET", "Er is al een andere deelnemer met de rol gemeente en deze gemeentecode.") from None


def _touched(rows: Iterable[Row]) -> set[str]:
    """Whose gates these rows may bear on."""
    owned = {row.oin for row in rows if isinstance(row, Deelnemer | Aansluiting | Certificaat | SftpSleutel | Ophaaladres)}
    return owned | {row.gemachtigde for row in rows if isinstance(row, Mandaat)}


def _require_status(connection: Connection, row: Deelnemer, operator: str, keyed: Keyed) -> None:
    known = administration.partner(connection, row.oin, keyed)
    if BEHEERDER in row.rollen and row.oin != operator:
        raise Conflict("ROL_NIET_TE_GEVEN", "De rol beheerder is alleen van de organisatie die deze gateway beheert (SEINHUIS_OPERATOR).")
    if row.status != (known.status if known else levenscyclus.PAD[0]):
        raise Conflict("STATUS_NIET_TE_SCHRIJVEN", "Een deelnemer begint als aangemeld; zijn status verandert alleen door een stap.")


def save_declaration(office: Office, row: Verklaring, document_hash: bytes) -> None:
    """Register a signed declaration of social collection by the SHA-256 of its document."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        administration.save_declaration(connection, row, document_hash, keyed)
        note(office, connection, "verklaring")


def judged(office: Office, oin: str) -> Dossier:
    """What a participant has shown, as it counts now. Raises NotFound."""
    with office.database.transaction() as connection:
        found = dossier.collect(connection, oin, sealer(office.keys), office.outside)
    if found is None:
        raise NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN.")
    return found


def set_status(office: Office, oin: str, status: str) -> None:
    """Take a step of the life cycle. Raises NotFound; Conflict: no such step, or a gate before it that stays shut."""
    with office.database.transaction() as connection:
        set_status_in(office, connection, oin, status)


def set_status_in(office: Office, connection: Connection, oin: str, status: str) -> None:
    """`set_status`, in a transaction of the caller's."""
    keyed = sealer(office.keys)
    known = administration.partner(connection, oin, keyed)
    if known is None or known.status == levenscyclus.EINDE:
        raise NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN, of zijn deelname is beëindigd.")
    if known.status == status:
        return
    levenscyclus.require_step(known.status, status)
    found = dossier.collect(connection, oin, keyed, office.outside)
    if found is None or not (found.proef and office.trial):
        require_nothing(f"{oin} naar {status}", poorten.missing(found, status) if found else [])
    step(office, connection, known, status)


def step(office: Office, connection: Connection, known: Deelnemer, status: str, *, proef: bool = False) -> Deelnemer:
    """Write a step and put it on record; what has to be shown for it was judged before."""
    after = msgspec.structs.replace(known, status=status)
    administration.save(connection, after, sealer(office.keys))
    told = DeelnemerOvergegaan(
        **frame(office).fields(), deelnemer=known.oin, oud=_state(known.status), nieuw=_state(status), proef=proef
    )
    append.append(connection, [told])
    return after


def revoke_certificate(office: Office, vingerafdruk: bytes) -> None:
    """Revoke a certificate; every node refuses it within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_certificate(connection, vingerafdruk, office.clock.now(), keyed):
            raise NotFound("CERTIFICAAT_ONBEKEND", "Er is geen geldig certificaat met deze vingerafdruk.")
        note(office, connection, "certificaat")


def revoke_sftp_key(office: Office, vingerafdruk: bytes) -> None:
    """Revoke an SFTP key; sessions that use it end within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_sftp_key(connection, vingerafdruk, office.clock.now(), keyed):
            raise NotFound("SFTP_SLEUTEL_ONBEKEND", "Er is geen geldige SFTP-sleutel met deze vingerafdruk.")
        note(office, connection, "sftp_sleutel")


def end_party_key(office: Office, oin: str, kid: str) -> None:
    """Take back a key of a party: what is new is sealed to an earlier one of its own, or to the gateway's. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.end_party_key(connection, oin, kid, office.clock.now(), keyed):
            raise NotFound("SLEUTEL_ONBEKEND", "Deze deelnemer heeft geen geldige sleutel met deze naam.")
        note(office, connection, "partijsleutel")


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
        note(office, connection, "afspraak")


def revoke_remote(office: Office, oin: str) -> None:
    """Take back where a partner's files are fetched; what is being fetched ends within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.revoke_remote(connection, oin, office.clock.now(), keyed):
            raise NotFound("OPHAALADRES_ONBEKEND", "Van deze deelnemer is geen ophaaladres geregistreerd.")
        note(office, connection, "ophaaladres")


def end_outlet(office: Office, gemeentecode: str) -> None:
    """Hand a municipality's messages on to its desk no more; what waits there is hidden within 5 seconds. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        if not administration.end_outlet(connection, gemeentecode, office.clock.now(), keyed):
            raise NotFound("UITLAAT_ONTBREEKT", "Deze gemeente heeft geen uitlaat die aan staat.")
        note(office, connection, "uitlaat")


def managed_key(office: Office, gemeentecode: str) -> Gemeentesleutel:
    """Make the key pair that the gateway keeps for a municipality, and register its public half."""
    kid = managed(gemeentecode)
    save(office, key := Gemeentesleutel(gemeentecode=gemeentecode, kid=kid, wijze="beheerd", publiek=office.keys.create_private(kid)))
    return key


def note(office: Office, connection: Connection, onderdeel: Onderdeel) -> None:
    """Put on record that a part of the register changed."""
    version = connection.execute("SELECT versie FROM register_versie").fetchone()
    told = RegisterGewijzigd(**frame(office).fields(), onderdeel=onderdeel, registerversie=str(version and version[0]))
    append.append(connection, [told])


def frame(office: Office) -> Frame:
    """What every entry of this change begins with."""
    return Frame(office.by or Sender(office.operator, office.operator), office.trace(), office.clock.now(), office.activity("beheren"))


def _state(status: str) -> Overgang:
    known: Overgang = msgspec.convert(status, Overgang)
    return known
