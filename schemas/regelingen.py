"""Around the schuldenoverzicht: a pause of collection, a proposal to settle, a cooling-off period; what a creditor answers to each.

Authority: `docs/contract.md`, section on arrangements; NVVK Kennisgeving (MR-01, MR-03), Wgs art. 5 (MR-04), Fw art. 287a (SO-13). None
of these is a report to the index of debt help (VISH): they are messages of their own (MR-02), and none holds a BSN. Person, court
reference and amounts travel sealed per creditor. Amounts are whole euro cents. What must hold between members is for
`gateway.regelingen`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from msgspec import Meta

from schemas.bewijs import Logbewijs
from schemas.schuldenoverzicht import (
    Bedrag,
    GeenMedewerking,
    KlantOnbekend,
    Machtiging,
    Machtigingsbewijs,
    Nummer,
    OverzichtPersoon,
    Verzegeld,
)
from schemas.signaal import Adres
from schemas.types import Gemeentecode, Kenmerk, Kort, Oin, Wire
from schemas.zaken import Zaaknummer

Regelingsoort = Literal["kennisgeving", "betaalvoorstel", "afkoelingsperiode"]
Regelingstaat = Literal["lopend", "geeindigd", "ingetrokken"]
Partijstaat = Literal[
    "open", "bevestigd", "klant_onbekend", "geen_medewerking", "akkoord", "akkoord_vooraf", "geweigerd", "geen_reactie", "ingetrokken"
]
Grondslag = Literal["convenant", "verzoek"]
Voorstelsoort = Literal["SB", "SK"]
Reikwijdte = Literal["alle_vorderingen", "alleen_premie"]
Weigerreden = Literal["vordering_onjuist", "aanbod_te_laag", "voorstel_onvolledig", "schuld_uitgesloten", "eerdere_regeling", "zekerheid"]
Toelichting = Literal[
    "bedrag_wijkt_af", "vordering_ontbreekt", "vordering_overgedragen", "vordering_voldaan",
    "preferentie_niet_toegepast", "afloscapaciteit_hoger", "vermogen_niet_betrokken",
    "berekening_ontbreekt", "inkomen_niet_onderbouwd", "looptijd_ontbreekt",
    "boete_of_strafbaar_feit", "fraudevordering", "wettelijk_niet_toegestaan",
    "recente_finale_kwijting", "regeling_niet_nagekomen", "pand_of_hypotheek", "derde_is_aansprakelijk",
]  # fmt: skip
Feitsoort = Literal["bezorgd", "akkoord_vooraf", "gelezen", "herinnerd", "beantwoord", "geeindigd", "ingetrokken"]
SOORTEN: tuple[Regelingsoort, ...] = get_args(Regelingsoort)
Rechtbankzaak = Annotated[
    str,
    Meta(pattern=r"^[A-Z][A-Za-z0-9 ./-]{2,39}$(?!\n)", description="Zaak- of rekestnummer van de rechtbank", examples=["C/15/123 R 26/4"]),
]
Ecli = Annotated[str, Meta(pattern=r"^ECLI:NL:[A-Z]{2,7}:[0-9]{4}:[A-Z0-9.]{1,25}$(?!\n)", examples=["ECLI:NL:RBNHO:2026:1234"])]
Factuurnummers = Annotated[list[Nummer], Meta(min_length=1, max_length=50)]


class RegelingClient(Wire, frozen=True, kw_only=True):
    """About whom it is. There is no variant with a BSN."""

    personen: Annotated[list[OverzichtPersoon], Meta(min_length=1, max_length=2)]
    adres: Adres


class Benaderde(Wire, frozen=True, kw_only=True):
    """One named creditor, with how it knows this customer. No other creditor sees any of this."""

    oin: Oin
    klantnummer: Kort | None = None
    factuurnummers: Factuurnummers | None = None


class BenaderdeMetGrondslag(Benaderde, frozen=True, kw_only=True):
    """A creditor that is asked to pause. `convenant` only where a dated agreement that binds it is registered."""

    grondslag: Grondslag


class Voorstelvordering(Wire, frozen=True, kw_only=True):
    """What is proposed on one claim: hundredths of a percent of `saldoCent` (1250 is 12.5 %), and the forecast in cents."""

    kenmerk: Nummer
    saldo_cent: Bedrag
    percentage_honderdsten: Annotated[int, Meta(ge=0, le=10_000, description="Honderdsten van een procent", examples=[1250])]
    prognose_cent: Bedrag


class BenaderdeMetVoorstel(Benaderde, frozen=True, kw_only=True):
    """A creditor with what is proposed to it."""

    vorderingen: Annotated[list[Voorstelvordering], Meta(min_length=1, max_length=200)]


class Uitspraak(Wire, frozen=True, kw_only=True):
    """The court's decision: its day, and a case number or an ECLI."""

    datum: date
    zaaknummer: Rechtbankzaak | None = None
    ecli: Ecli | None = None


class _Aanvraag(Wire, frozen=True, kw_only=True):
    """What every arrangement says. `kenmerk` is the municipality's own: the same is sent once."""

    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    client: RegelingClient
    machtiging: Machtiging | None = None


class KennisgevingAanvraag(_Aanvraag, frozen=True, kw_only=True):
    """Ask named creditors to pause collection, from `begin` through `einde`: at most 8 months."""

    begin: date
    einde: date
    schuldeisers: Annotated[list[BenaderdeMetGrondslag], Meta(min_length=1, max_length=100)]


class BetaalvoorstelAanvraag(_Aanvraag, frozen=True, kw_only=True):
    """Propose a settlement to named creditors: schuldbemiddeling (SB) or a saneringskrediet (SK)."""

    soort: Voorstelsoort
    termijn_werkdagen: Annotated[int, Meta(ge=5, le=40)] = 10
    schuldeisers: Annotated[list[BenaderdeMetVoorstel], Meta(min_length=1, max_length=100)]


class AfkoelingsperiodeAanvraag(_Aanvraag, frozen=True, kw_only=True):
    """Tell named creditors of a cooling-off period that a court ordered, from `begin` through `einde`: at most 6 months."""

    begin: date
    einde: date
    uitspraak: Uitspraak
    schuldeisers: Annotated[list[Benaderde], Meta(min_length=1, max_length=100)]


Regelingaanvraag = KennisgevingAanvraag | BetaalvoorstelAanvraag | AfkoelingsperiodeAanvraag


class Regelingsinhoud(Wire, frozen=True, kw_only=True):
    """What is sealed for one creditor: the person, its own numbers, and of a decision or a proposal what is meant for it."""

    personen: list[OverzichtPersoon]
    adres: Adres
    klantnummer: Kort | None = None
    factuurnummers: list[Nummer] | None = None
    machtiging: Machtigingsbewijs | None = None
    uitspraak: Uitspraak | None = None
    vorderingen: list[Voorstelvordering] | None = None


class Regelingpartij(Wire, frozen=True, kw_only=True):
    """How it stands with one creditor, as the municipality sees it. `afspraak`: the registered agreement that it rests on.

    `bezorgd_op`: since when it is where the creditor can get it; `gelezen_op`: when the creditor first opened it or collected the file.
    """

    id: UUID
    schuldeiser: Oin
    staat: Partijstaat
    grondslag: Grondslag | None = None
    afspraak: str | None = None
    bezorgd_op: datetime | None = None
    gelezen_op: datetime | None = None
    herinnerd_op: datetime | None = None
    beantwoord_op: datetime | None = None
    antwoord: Verzegeld | None = None


class Regeling(Wire, frozen=True, kw_only=True):
    """A pause, proposal or cooling-off period. `einde` is the last day; it ends by itself after it."""

    id: UUID
    soort: Regelingsoort
    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    begin: date
    einde: date
    termijn_werkdagen: int | None = None
    voorstel: Voorstelsoort | None = None
    staat: Regelingstaat
    aangemaakt_op: datetime
    partijen: list[Regelingpartij]
    geeindigd_op: datetime | None = None
    ingetrokken_op: datetime | None = None


class Regelingen(Wire, frozen=True, kw_only=True):
    """A page of arrangements of one kind, newest first, without answers."""

    regelingen: list[Regeling]
    volgende: str | None = None


class RegelingIntrekking(Wire, frozen=True, kw_only=True):
    """Why it no longer stands. The withdrawal reaches every creditor that got the start, without the reason."""

    reden: Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class Regelingbericht(Wire, frozen=True, kw_only=True):
    """A message as its creditor sees it, and nothing of any other. After `klant_onbekend` only id, kind, state and day are left."""

    id: UUID
    soort: Regelingsoort
    staat: Partijstaat
    bezorgd_op: date
    gemeente: Gemeentecode | None = None
    grondslag: Grondslag | None = None
    voorstel: Voorstelsoort | None = None
    begin: date | None = None
    einde: date | None = None
    herinnerd_op: date | None = None
    geeindigd_op: date | None = None
    ingetrokken_op: date | None = None
    inhoud: Verzegeld | None = None


class Regelingberichten(Wire, frozen=True, kw_only=True):
    """A page of messages of one kind, oldest first; without `volgende` there are no more."""

    berichten: list[Regelingbericht]
    volgende: str | None = None


class Bevestigd(Wire, frozen=True, kw_only=True, tag_field="soort", tag="bevestigd"):
    """The creditor found the customer and acts on it. A health insurer pauses the premium only, not eigen risico or eigen bijdrage."""

    klantnummer: Kort | None = None
    factuurnummers: Factuurnummers | None = None
    reikwijdte: Reikwijdte = "alle_vorderingen"


class Akkoord(Wire, frozen=True, kw_only=True, tag_field="soort", tag="akkoord"):
    """The creditor agrees with what is proposed to it."""

    klantnummer: Kort | None = None


class Weigering(Wire, frozen=True, kw_only=True):
    """One reason and the code that explains it. There are no own words: they could hold person data."""

    reden: Weigerreden
    toelichting: Toelichting


class Geweigerd(Wire, frozen=True, kw_only=True, tag_field="soort", tag="geweigerd"):
    """The creditor refuses, and says why: the burden is on the creditor."""

    redenen: Annotated[list[Weigering], Meta(min_length=1, max_length=10)]


Pauzeantwoord = Bevestigd | KlantOnbekend | GeenMedewerking
Voorstelantwoord = Akkoord | Geweigerd
Regelingantwoord = Bevestigd | KlantOnbekend | GeenMedewerking | Akkoord | Geweigerd
ANTWOORDEN: dict[Regelingsoort, Any] = {
    "kennisgeving": Pauzeantwoord,
    "betaalvoorstel": Voorstelantwoord,
    "afkoelingsperiode": Pauzeantwoord,
}
"""What may be answered to each kind."""


class Regelingbewijs(Wire, frozen=True, kw_only=True):
    """Signed receipt of an answer. `handtekening` is a compact JWS (ES256) over the other members (RFC 8785)."""

    id: UUID
    soort: Regelingsoort
    staat: Partijstaat
    ontvangen_op: datetime
    inhoud_hash: str
    logblad: str
    handtekening: str | None = None


class Feit(Wire, frozen=True, kw_only=True):
    """Something that happened to a message, with its leaf (hex) in the log; `log` comes within a minute."""

    soort: Feitsoort
    op: datetime
    logblad: str
    log: Logbewijs | None = None


class Stiltebewijs(Wire, frozen=True, kw_only=True):
    """Evidence for a court (Fw art. 287a) that a creditor did not answer a proposal: delivery, reminders, term. No person is in it."""

    id: UUID
    betaalvoorstel: UUID
    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    schuldeiser: Oin
    gemeente: Gemeentecode
    gemeentenaam: str
    voorstel: Voorstelsoort
    termijn_werkdagen: int
    uiterlijk: date
    feiten: list[Feit]
    opgemaakt_op: datetime
    controleadres: str
    handtekening: str | None = None
