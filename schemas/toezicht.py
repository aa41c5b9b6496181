"""Oversight of one municipality: who saw what and why, for its privacy officer; a resident's request; a leak; unsealing.

Authority: AVG art. 5 lid 2, 15, 21, 25, 33; `docs/contract.md`, "/toezicht/v1". An answer names organisations and messages, never a
resident; staff appears in the officer's view only. Whom an officer looks for comes in a body, never in an address.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.bewijs import Logbewijs
from schemas.inbox import Sleutels, Veldgroep
from schemas.types import Kenmerk, Kort, Naam, Oin, Postcode, Wire, surname, text
from schemas.uittreksel import Uittreksel

Zekerheid = Literal["zeker", "mogelijk", "adres"]
"""zeker: person and a given address; mogelijk: person, at an address that was not given; adres: the address only."""
Twijfel = Literal[
    "geen_verklaring", "zaak_na_toegang", "niet_behandeld", "buiten_uren", "volume", "reeks", "eigen_adres", "buiten_patroon",
    "nieuwe_naam",
]  # fmt: skip
Verklaring = Literal["zaak", "bericht", "toestemming"]
Oordeel = Literal["in_orde", "in_onderzoek", "misbruik"]
Ontzegelreden = Literal["klacht", "misbruik", "datalek", "inzageverzoek", "vordering"]
Ontzegelstaat = Literal["gevraagd", "goedgekeurd", "afgewezen", "geopend"]
Gebeurtenis = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{1,39}\.[a-z_]{2,40}$(?!\n)", description="Soort gebeurtenis in de log")]
Aantal = Annotated[int, Meta(ge=1, le=500)]
WACHTRIJ_DAGEN = 62
"""So far back the review queue goes, today included."""


class Adresvraag(Wire, frozen=True, kw_only=True):
    """An address to look for."""

    postcode: Postcode
    huisnummer: Annotated[int, Meta(ge=1, le=99_999)]
    huisletter: Annotated[str, Meta(pattern=r"^[A-Za-z]$(?!\n)")] | None = None
    toevoeging: Annotated[str, text(10, "2")] | None = None


class Persoonsvraag(Wire, frozen=True, kw_only=True):
    """A person to look for."""

    achternaam: Annotated[str, surname(200, "Vries")]
    geboortedatum: date


class LogVraag(Wire, frozen=True, kw_only=True):
    """What to look for in the log; everything that is given must hold. `na`: go on after this number."""

    persoon: Persoonsvraag | None = None
    adressen: Annotated[list[Adresvraag], Meta(max_length=20)] = []  # noqa: RUF012 - msgspec copies an empty default
    van: date | None = None
    tot: date | None = None
    deelnemer: Oin | None = None
    stroom: Kort | None = None
    gebeurtenis: Gebeurtenis | None = None
    medewerker: Kort | None = None
    bericht: UUID | None = None
    na: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    maximum: Aantal = 100


class Logregel(Wire, frozen=True, kw_only=True):
    """One entry as the officer sees it. `herkend`: how it was found when a person or address was looked for."""

    id: UUID
    nummer: int
    tijd: datetime
    gebeurtenis: str
    stroom: str
    partij: Oin
    principaal: Oin
    partijnaam: Naam | None = None
    bericht: UUID | None = None
    zaak: UUID | None = None
    claim: UUID | None = None
    doel: str | None = None
    artikel: str | None = None
    wijze: str | None = None
    medewerker: str | None = None
    veldgroepen: list[Veldgroep] = []  # noqa: RUF012 - msgspec copies an empty default
    herkend: Zekerheid | None = None


class Logregels(Wire, frozen=True, kw_only=True):
    """A page of entries in the order of their number; `volgende` is the number to go on after, absent at the end."""

    regels: list[Logregel]
    volgende: int | None = None


class Regelbewijs(Wire, frozen=True, kw_only=True):
    """One entry with its canonical bytes (as text), its leaf hash (hex) and, within a minute, the proof that it stands in the log."""

    regel: Logregel
    inhoud: str
    logblad: str
    log: Logbewijs | None = None


class GetekendControlepunt(Wire, frozen=True, kw_only=True):
    """A signed checkpoint (C2SP note) over the first `omvang` entries."""

    omvang: int
    getekend_op: datetime
    controlepunt: str


class Controlepunten(Wire, frozen=True, kw_only=True):
    """The newest checkpoints, newest first."""

    controlepunten: list[GetekendControlepunt]
    sleutel: str


class InzageAanvraag(Wire, frozen=True, kw_only=True):
    """A resident asked who processed what about him (AVG art. 15): name, birth date and every address he lived at."""

    kenmerk: Kenmerk
    persoon: Persoonsvraag
    adressen: Annotated[list[Adresvraag], Meta(min_length=1, max_length=20)]


class Treffer(Wire, frozen=True, kw_only=True):
    """A message that may be about the resident."""

    bericht: UUID
    zekerheid: Zekerheid
    ontvangen_op: datetime
    schuldeiser: Oin


class Inzageverzoek(Wire, frozen=True, kw_only=True):
    """A request with what was found; `bevestigd` once the municipality confirmed. Hits by address only are never given out."""

    id: UUID
    kenmerk: Kenmerk
    gevraagd_op: datetime
    treffers: list[Treffer]
    bevestigd_op: datetime | None = None
    bevestigd: list[UUID] | None = None
    overzichten: list[UUID] | None = None


class InzageBevestiging(Wire, frozen=True, kw_only=True):
    """Which messages are of the resident, and which schuldenoverzichten the municipality asked for him."""

    berichten: Annotated[list[UUID], Meta(max_length=1000)]
    overzichten: Annotated[list[UUID], Meta(max_length=100)] = []  # noqa: RUF012 - msgspec copies an empty default


class Verwerking(Wire, frozen=True, kw_only=True):
    """One processing of the resident's data: which organisation, when, what, why, under which article."""

    nummer: int
    tijd: datetime
    organisatie: Oin
    wat: str
    waarom: str
    organisatienaam: Naam | None = None
    namens: Oin | None = None
    artikel: str | None = None
    veldgroepen: list[Veldgroep] = []  # noqa: RUF012 - msgspec copies an empty default


class Inzageuittreksel(Wire, frozen=True, kw_only=True):
    """What a resident gets: processings in this municipality, in order; no staff, no other person."""

    id: UUID
    kenmerk: Kenmerk
    gemeente: str
    opgemaakt_op: datetime
    verwerkingen: list[Verwerking]
    overzichten: list[Uittreksel]


class LekVraag(Wire, frozen=True, kw_only=True):
    """Who was touched: by a party, by what was sealed to a key, or in a period; at least the period."""

    van: date
    tot: date
    deelnemer: Oin | None = None
    sleutel: Kenmerk | None = None


class Gebeurtenistelling(Wire, frozen=True, kw_only=True):
    """So many entries of one kind."""

    gebeurtenis: str
    aantal: int


class Lekrapport(Wire, frozen=True, kw_only=True):
    """How many residents (by person, else by address) and messages were touched, and in what way. `zonder_naam`: no pseudonym was kept."""

    betrokkenen: int
    berichten: int
    zonder_naam: int
    gebeurtenissen: list[Gebeurtenistelling]
    veldgroepen: list[Veldgroep]
    eerste_op: datetime | None = None
    laatste_op: datetime | None = None


class Twijfelgeval(Wire, frozen=True, kw_only=True):
    """An access that is not explained, or speaks against itself, and why; `oordeel` once an officer signed it off."""

    regel: Logregel
    redenen: list[Twijfel]
    oordeel: Oordeel | None = None
    beoordeeld_op: datetime | None = None


class Wachtrij(Wire, frozen=True, kw_only=True):
    """The accesses of a period that need a look: `toegangen` in all, `verklaard` of them by what; signed-off ones only when asked for."""

    van: date
    tot: date
    toegangen: int
    verklaard: dict[str, int]
    gevallen: list[Twijfelgeval]


class Beoordeling(Wire, frozen=True, kw_only=True):
    """What an officer thinks of an access."""

    oordeel: Oordeel


class Beoordeeld(Wire, frozen=True, kw_only=True):
    """An access that was signed off."""

    regel: UUID
    oordeel: Oordeel
    beoordeeld_op: datetime


class EigenAdres(Wire, frozen=True, kw_only=True):
    """Where one of the municipality's own staff lives, so that a look at it shows; kept as commitments only."""

    medewerker: Kort
    adres: Adresvraag


class EigenAdressen(Wire, frozen=True, kw_only=True):
    """How many addresses are written down now."""

    aantal: int


class OntzegelAanvraag(Wire, frozen=True, kw_only=True):
    """Ask for the name in a message, with a reason and the file it is for."""

    bericht: UUID
    reden: Ontzegelreden
    kenmerk: Kenmerk


class OntzegelBesluit(Wire, frozen=True, kw_only=True):
    """What the second person says."""

    besluit: Literal["goedgekeurd", "afgewezen"]


class Ontzegeling(Wire, frozen=True, kw_only=True):
    """An unsealing: who asked, who decided; never one and the same. A member of staff is named where one logged in."""

    id: UUID
    bericht: UUID
    reden: Ontzegelreden
    kenmerk: Kenmerk
    staat: Ontzegelstaat
    gevraagd_door: Oin
    gevraagd_op: datetime
    gevraagd_door_medewerker: Naam | None = None
    besloten_door: Oin | None = None
    besloten_op: datetime | None = None
    besloten_door_medewerker: Naam | None = None


class Ontzegeld(Wire, frozen=True, kw_only=True):
    """What opens the name: the sealed group with its key, or, with an own key, what the municipality opens itself."""

    ontzegeling: UUID
    bericht: UUID
    persoonsgegevens: dict[Veldgroep, str]
    sleutels: Sleutels
