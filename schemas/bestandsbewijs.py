"""What a partner gets back for a file: a signed receipt at acceptance, a line per record, and a signed result at the end.

Authority: `docs/contract.md`, files and receipts. A receipt says what the file is to the gateway, or why it is refused as a whole and
where; the result commits to the leaves of the log in the order of the report. Nothing here holds a value that names a person.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from schemas.bestand import Bestandsoort
from schemas.ontvangst import Bevinding, Signaalstatus
from schemas.schuldenoverzicht import Saldostaat
from schemas.standen import StandAantallen, Uitkomst
from schemas.types import Gemeentecode, Kenmerk, Oin, Wire

Regelsoort = Literal["signaal", "intrekking", "stand", "saldoantwoord", "kennisgeving", "betaalvoorstel", "afkoelingsperiode", "bestand"]
Regelingstatus = Literal["bevestigd", "akkoord", "voorstel_geweigerd"]


class Bestandsontvangst(Wire, frozen=True, kw_only=True):
    """Signed receipt of a file (`<name>.ontvangst.json`). `hash` is the SHA-256 of the file as it came, `grootte` its bytes.

    `aantal`: records in it. `eerder`: this partner delivered the same bytes before, as that file. `plek`: where reading stopped.
    `malwarescan`: what looked at it. `schaduw`: nothing of it will be delivered.
    """

    id: UUID
    bestand: str
    grootte: int
    hash: str
    ontvangen_op: datetime
    status: Literal["aanvaard", "geweigerd"]
    schuldeiser: Oin | None = None
    soort: Bestandsoort | None = None
    kenmerk: str | None = None
    profiel: Kenmerk | None = None
    peildatum: date | None = None
    codering: str | None = None
    aantal: int | None = None
    malwarescan: str | None = None
    eerder: UUID | None = None
    bevindingen: list[Bevinding] = []  # noqa: RUF012 - msgspec copies an empty default
    plek: str | None = None
    schaduw: bool | None = None
    handtekening: str | None = None


class Bestandsregel(Wire, frozen=True, kw_only=True):
    """The outcome of one record: `volgnummer` from 1 in the order of the file, `plek` where it stands in it.

    Of an answer `status` is the state of its question, and `id` and `kenmerk` are that of the question. To a message of an arrangement
    `soort` is the kind of that; a proposal that the creditor refused is `voorstel_geweigerd`: the record itself was taken.
    In a stand `status` is what became of the signal; `bezorgd_als` is the kenmerk of the message made of it, where that is another.
    Pointers in `bevindingen` begin at the record.
    """

    volgnummer: int
    plek: str
    soort: Regelsoort
    status: Signaalstatus | Uitkomst | Saldostaat | Regelingstatus
    bevindingen: list[Bevinding] = []  # noqa: RUF012
    kenmerk: str | None = None
    id: UUID | None = None
    eerder_ontvangen: bool | None = None
    bezorgd_als: Kenmerk | None = None
    gemeente: Gemeentecode | None = None
    ontvangen_op: datetime | None = None
    ingetrokken_op: datetime | None = None
    inhoud_hash: str | None = None
    logblad: str | None = None


class Bestandsaantallen(Wire, frozen=True, kw_only=True):
    """Counts of one file; all but the first add up to `aangeboden`.

    In a stand `eerder_ontvangen` are those that stayed as they were, and `ingetrokken`, what is gone from it, comes on top.
    """

    aangeboden: int
    bezorgd: int = 0
    eerder_ontvangen: int = 0
    geweigerd: int = 0
    in_quarantaine: int = 0
    ingetrokken: int = 0


class Bestandsuitslag(Wire, frozen=True, kw_only=True):
    """Signed result, the last element of `<name>.verslag.xml`. `bladen_hash` is over all leaf hashes in the order of the report.

    `schaduw`: a rehearsal; `bezorgd` counts what would have been delivered.
    """

    id: UUID
    bestand: str
    kenmerk: str
    status: Literal["verwerkt", "geweigerd"]
    resultaat: Literal["volledig", "deels", "geen"]
    ontvangen_op: datetime
    verwerkt_op: datetime
    schuldeiser: Oin
    aantallen: Bestandsaantallen
    stand: StandAantallen | None = None
    bladen_hash: str
    bevindingen: list[Bevinding] = []  # noqa: RUF012
    schaduw: bool | None = None
    handtekening: str | None = None
