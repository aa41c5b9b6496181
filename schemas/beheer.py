"""What an integrator's door and the console say of a participant on its way in: what it showed, what is missing, what somebody asked.

Authority: contract, "/beheer/v1"; decisions 0036 and 0040. Organisations only: no person data stands in any of it. Leaves what opens a gate
to `gateway.onboarding`, and the form of a conformance result to `schemas.toets`.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.profielproef import ProfielVerzoek
from schemas.toets import Mond, Toetssoort
from schemas.types import Gemeentecode, Kort, Naam, Nummerveld, Oin, Sector, Wire

Status = Literal["aangemeld", "in_test", "getoetst", "schaduw", "actief", "opgeschort", "beeindigd"]
Deelnemerrol = Literal[
    "schuldeiser",
    "signaalpartner",
    "gemeente",
    "uitvoerder",
    "gerechtsdeurwaarder",
    "bewindvoerder",
    "toezichthouder",
    "schuldhulpverlener",
    "kredietverstrekker",
    "cbs",
    "experiment_hypotheek",
    "experiment_cak",
    "experiment_belastingdienst",
]
"""Roles that an integrator may ask for; who connects others or runs the gateway is registered by the operator."""
Mandaatrol = Literal["schuldeiser", "signaalpartner", "uitvoerder", "toezichthouder"]
Gebruik = Annotated[
    str,
    Meta(
        pattern=r"^(api|bestand)/(signaal|intrekking|stand|saldoantwoord|regelingantwoord|bericht|terugkoppeling|zaak|overzicht|regeling"
        r"|toezicht|ddas)$(?!\n)",
        description="Mond en berichtsoort",
        examples=["api/signaal"],
    ),
]
Papiersoort = Literal["verwerkersovereenkomst", "dpia"]
Vingerafdruk = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="SHA-256 van het certificaat", examples=["9f" * 32])
]
Pem = Annotated[str, Meta(min_length=1, max_length=16_384, description="PEM")]
Lijst = Annotated[str, Meta(min_length=1, max_length=49_152, description="CSV: schuldeiser;gemeentecode;sector;geldig_van;geldig_tot")]


class Gemis(Wire, frozen=True, kw_only=True):
    """What is missing: the gate, the status that it stands before, what it lacks and the command that mends it."""

    poort: str
    voor: Status
    ontbreekt: str
    opdracht: str


class Certificaatstand(Wire, frozen=True, kw_only=True):
    """A registered certificate. `bezwaar`: why it will not do."""

    vingerafdruk: Vingerafdruk
    geldig_van_op: datetime
    geldig_tot_op: datetime
    dagen: int
    ingetrokken_op: datetime | None = None
    bezwaar: str | None = None


class Stukstand(Wire, frozen=True, kw_only=True):
    """A paper that was registered, by the reference that its owner files it under."""

    soort: Papiersoort
    kenmerk: Kort
    versie: Kort
    geldig_van: date
    geldig_tot: date | None = None


class Mandaatstand(Wire, frozen=True, kw_only=True):
    """Who acts for whom, in which role."""

    gemachtigde: Oin
    principaal: Oin
    rol: str
    geldig_van: date
    geldig_tot: date | None = None


class Overeenkomststand(Wire, frozen=True, kw_only=True):
    """An agreement of a creditor with a municipality."""

    gemeentecode: Gemeentecode
    sector: Sector
    geldig_van: date
    geldig_tot: date | None = None


class Toetsstand(Wire, frozen=True, kw_only=True):
    """A conformance run; `gezakt` are the scenarios that failed with what to mend. `telt`: its signature counts here."""

    id: UUID
    mond: Mond
    soorten: list[Toetssoort]
    geslaagd: bool
    telt: bool
    scenarios: int
    gezakt: list[str]
    getoetst_op: datetime


class Schaduwstand(Wire, frozen=True, kw_only=True):
    """A shadow delivery: how many records it offered, how many would have been delivered."""

    mond: Mond
    aangeboden: int
    in_orde: int
    beproefd_op: datetime


class Profielstand(Wire, frozen=True, kw_only=True):
    """A registered mapping profile of files whose names fit `patroon`."""

    naam: str
    patroon: str
    geldig_van: date
    geldig_tot: date | None = None


class Deelnemerkaart(Wire, frozen=True, kw_only=True):
    """A participant in a list. `volgende`: the status that comes next; `ontbreekt`: how much stands before it."""

    oin: Oin
    naam: Naam
    status: Status
    rollen: list[str]
    ontbreekt: int
    volgende: Status | None = None
    certificaat_tot_op: datetime | None = None


class Deelnemers(Wire, frozen=True, kw_only=True):
    """The participants of who asks."""

    deelnemers: list[Deelnemerkaart]


class Deelnemerdossier(Wire, frozen=True, kw_only=True):
    """All that a participant has shown, and what is missing. `stappen`: what who asks may do now."""

    oin: Oin
    naam: Naam
    status: Status
    rollen: list[str]
    sectoren: list[Sector]
    gebruik: list[Gebruik]
    stappen: list[Status]
    ontbreekt: list[Gemis]
    certificaten: list[Certificaatstand]
    stukken: list[Stukstand]
    mandaten: list[Mandaatstand]
    overeenkomsten: list[Overeenkomststand]
    toetsen: list[Toetsstand]
    schaduwproeven: list[Schaduwstand]
    profielen: list[Profielstand]
    gemeentecode: Gemeentecode | None = None


class AansluitingAanvraag(Wire, frozen=True, kw_only=True):
    """What a participant uses; none: others act for it."""

    gebruik: Annotated[list[Gebruik], Meta(max_length=24)]


class StukAanvraag(Wire, frozen=True, kw_only=True):
    """Register a paper."""

    soort: Papiersoort
    kenmerk: Kort
    versie: Kort
    geldig_van: date
    geldig_tot: date | None = None


class CertificaatAanvraag(Wire, frozen=True, kw_only=True):
    """Register a certificate; or, in a trial, have one issued on a request (PKCS #10). One of the two."""

    certificaat: Pem | None = None
    aanvraag: Pem | None = None


class Certificaatuitgifte(Wire, frozen=True, kw_only=True):
    """A registered certificate; `keten` when it was issued here."""

    vingerafdruk: Vingerafdruk
    geldig_tot_op: datetime
    keten: Pem | None = None


class CertificaatIntrekking(Wire, frozen=True, kw_only=True):
    """Revoke a certificate."""

    vingerafdruk: Vingerafdruk


class StapAanvraag(Wire, frozen=True, kw_only=True):
    """Take a step of the life cycle."""

    naar: Status


class AanmeldVerzoek(Wire, frozen=True, kw_only=True, tag="aanmelden", tag_field="soort"):
    """Let a new participant in as `aangemeld`; `machtiging` is the reference of the paper by which it lets the integrator act."""

    oin: Oin
    naam: Naam
    rollen: Annotated[list[Deelnemerrol], Meta(min_length=1, max_length=8)]
    machtiging: Kort
    sectoren: Annotated[list[Sector], Meta(max_length=16)] | None = None
    handelsnamen: Annotated[list[Naam], Meta(max_length=16)] | None = None
    gemeentecode: Gemeentecode | None = None
    gebruik: Annotated[list[Gebruik], Meta(max_length=24)] | None = None
    nummerformaten: Annotated[list[Nummerveld], Meta(max_length=6)] | None = None


class MandaatVerzoek(Wire, frozen=True, kw_only=True, tag="mandaat", tag_field="soort"):
    """Let a party act for a participant of the integrator."""

    gemachtigde: Oin
    principaal: Oin
    rol: Mandaatrol
    geldig_van: date
    geldig_tot: date | None = None


class OvereenkomstenVerzoek(Wire, frozen=True, kw_only=True, tag="overeenkomsten", tag_field="soort"):
    """Take over the list of a convenant (CSV), whole or not at all."""

    lijst: Lijst


class ActiveringVerzoek(Wire, frozen=True, kw_only=True, tag="activering", tag_field="soort"):
    """Make a participant active, or lift its suspension; the gates are judged when it is decided."""

    oin: Oin


VerzoekAanvraag = AanmeldVerzoek | MandaatVerzoek | OvereenkomstenVerzoek | ActiveringVerzoek | ProfielVerzoek
Besluit = Literal["goedgekeurd", "afgewezen"]


class BesluitAanvraag(Wire, frozen=True, kw_only=True):
    """What a second person says."""

    besluit: Besluit


class Verzoek(Wire, frozen=True, kw_only=True):
    """Something that waits for a person of the operator who did not ask it."""

    id: UUID
    soort: Literal["aanmelden", "mandaat", "overeenkomsten", "activering", "profiel"]
    betreft: str
    gevraagd_door: Oin
    gevraagd_op: datetime
    staat: Literal["gevraagd", "goedgekeurd", "afgewezen"]
    besloten_op: datetime | None = None


class Verzoeken(Wire, frozen=True, kw_only=True):
    """What was asked: what waits first, the longest first; then the newest."""

    verzoeken: list[Verzoek]


class Lijstfout(Wire, frozen=True, kw_only=True):
    """What is wrong in a list, and where: line from 1, column."""

    regel: int
    kolom: str
    melding: str


class Lijstuitkomst(Wire, frozen=True, kw_only=True):
    """What a list means: new rows, rows with another end, rows that are there; or its faults."""

    nieuw: int
    gewijzigd: int
    gelijk: int
    fouten: list[Lijstfout]


class LijstAanvraag(Wire, frozen=True, kw_only=True):
    """A list of agreements to look at."""

    lijst: Lijst
