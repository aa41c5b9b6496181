"""A resident's extract: what was asked of and sent to whom, what each answered (a state and a day, no amounts), who looked at it, why.

Authority: AVG art. 15 and art. 5 lid 2; `docs/contract.md`, "The resident's extract". Days are of the Netherlands. The municipality
gives it to the resident; the gateway knows no resident.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from schemas.regelingen import Partijstaat, Regelingsoort
from schemas.schuldenoverzicht import Machtigingsoort, Overzichtgrond, Overzichtstaat, Saldostaat
from schemas.types import Doel, Gemeentecode, Kenmerk, Naam, Oin, Wire
from schemas.zaken import Zaaknummer

Inzagesoort = Literal[
    "vraag_gelezen", "antwoorden_opgehaald", "overzicht_gemaakt", "bericht_klaargezet", "bericht_gelezen", "reacties_opgehaald"
]  # fmt: skip
Intrekreden = Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class Uittrekselpartij(Wire, frozen=True, kw_only=True):
    """Who; without a name when it takes no part any more."""

    oin: Oin
    naam: Naam | None = None


class Uittrekselvraag(Wire, frozen=True, kw_only=True):
    """What one creditor was asked and how that ended."""

    schuldeiser: Uittrekselpartij
    staat: Saldostaat
    gevraagd_op: date
    met_bsn: bool
    herinnerd_op: date | None = None
    beantwoord_op: date | None = None
    ingetrokken_op: date | None = None


class Uittrekselbericht(Wire, frozen=True, kw_only=True):
    """What one creditor was sent in the same case: a pause, a proposal or a cooling-off period, its last day, and how that ended."""

    soort: Regelingsoort
    schuldeiser: Uittrekselpartij
    staat: Partijstaat
    verstuurd_op: date
    einde: date
    herinnerd_op: date | None = None
    beantwoord_op: date | None = None
    ingetrokken_op: date | None = None


class Inzageregel(Wire, frozen=True, kw_only=True):
    """Who opened what of it, how often, and on which first and last day. `namens`: for whom it did so, when that was somebody else."""

    organisatie: Uittrekselpartij
    wat: Inzagesoort
    aantal: int
    eerst_op: date
    laatst_op: date
    namens: Uittrekselpartij | None = None


class Uittreksel(Wire, frozen=True, kw_only=True):
    """Everything about one overview, and what was sent in its case, that is the resident's to know, from rows and from the log."""

    id: UUID
    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    gemeente: Gemeentecode
    gevraagd_door: Uittrekselpartij
    grond: Overzichtgrond
    doel: Doel
    grondslag: str
    gevraagd_op: date
    uiterlijk: date
    staat: Overzichtstaat
    vragen: list[Uittrekselvraag]
    berichten: list[Uittrekselbericht]
    inzage: list[Inzageregel]
    gemeentenaam: Naam | None = None
    machtiging: Machtigingsoort | None = None
    machtiging_datum: date | None = None
    ingetrokken_op: date | None = None
    reden_intrekking: Intrekreden | None = None
