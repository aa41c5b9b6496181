"""The schuldenoverzicht: what a municipality asks about one client, what each creditor answers, and how either sees it.

Authority: Wgs art. 3 lid 1 onder a and art. 8 lid 1; `docs/contract.md`, section on the schuldenoverzicht; the Schuldenknooppunt for the
names of answers and reasons. The question and the answer travel sealed; no message here tells one creditor of another, and none holds a
sum over creditors. Amounts are whole euro cents. What must hold between members is for `gateway.overviews`.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.inbox import Sleutels
from schemas.signaal import Adres
from schemas.types import Emailadres, Gemeentecode, Kenmerk, Kort, Naam, Oin, Telefoonnummer, Wire, surname, text
from schemas.zaken import Zaaknummer

Overzichtgrond = Literal["aanvraag", "plan_van_aanpak"]
Overzichtstaat = Literal["open", "deels", "volledig", "verlopen", "ingetrokken"]
Saldostaat = Literal["open", "beantwoord", "klant_onbekend", "geen_medewerking", "verlopen", "ingetrokken"]
Machtigingsoort = Literal["toestemmingsverklaring", "beschikking"]
Weigergrond = Literal["finale_kwijting", "recent_gestabiliseerd", "geen_samenwerking"]
Schuldsoort = Literal["openstaand", "uit_handen_gegeven", "overgedragen", "onbekend"]
Bsn = Annotated[
    str, Meta(pattern=r"^[0-9]{9}$(?!\n)", description="Alleen voor schuldeisers die zijn geregistreerd om het BSN te gebruiken")
]
Bedrag = Annotated[int, Meta(ge=0, le=9_999_999_999, description="Bedrag in hele eurocenten", examples=[45012])]
Nummer = Annotated[str, text(64, "F-2026-00417")]
Base64 = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9+/]{2,}={0,2}$(?!\n)", min_length=4, max_length=1_398_104, description="Document in base64, tot 1 MiB")
]


class OverzichtPersoon(Wire, frozen=True, kw_only=True):
    """The client or the partner; a creditor recognises a customer by it."""

    rol: Literal["client", "partner"]
    voorletters: Annotated[str, text(20, "J.")]
    voorvoegsel: Annotated[str, text(20, "de")] | None = None
    achternaam: Annotated[str, surname(100, "Vries")]
    geboortedatum: date


class OverzichtClient(Wire, frozen=True, kw_only=True):
    """About whom is asked. Earlier addresses reach a water company only, and only those in its area; `bsn` only who may use it."""

    personen: Annotated[list[OverzichtPersoon], Meta(min_length=1, max_length=2)]
    adres: Adres
    eerdere_adressen: Annotated[list[Adres], Meta(min_length=1, max_length=10)] | None = None
    bsn: Bsn | None = None


class Meterstand(Wire, frozen=True, kw_only=True):
    """A reading of a water meter."""

    datum: date
    stand: Annotated[int, Meta(ge=0, le=99_999_999)]


class GevraagdeSchuldeiser(Wire, frozen=True, kw_only=True):
    """One creditor that the client named. `metBsn`: this one gets the variant with the BSN. No other creditor sees any of this."""

    oin: Oin
    klantnummer: Kort | None = None
    factuurnummers: Annotated[list[Nummer], Meta(min_length=1, max_length=50)] | None = None
    met_bsn: bool | None = None
    meterstanden: Annotated[list[Meterstand], Meta(min_length=1, max_length=10)] | None = None


class Machtiging(Wire, frozen=True, kw_only=True):
    """By which document somebody who is not the municipality may ask; the document itself (base64) is kept sealed."""

    soort: Machtigingsoort
    datum: date
    document: Base64


class Overzichtsaanvraag(Wire, frozen=True, kw_only=True):
    """Ask named creditors what they claim. `kenmerk` is the municipality's own: the same question is asked once."""

    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    grond: Overzichtgrond
    uiterlijk: date | None = None
    client: OverzichtClient
    schuldeisers: Annotated[list[GevraagdeSchuldeiser], Meta(min_length=1, max_length=100)]
    machtiging: Machtiging | None = None


class Verzegeld(Wire, frozen=True, kw_only=True):
    """Sealed content (compact JWE, `dir` and A256GCM) and what opens it, as the inbox gives messages."""

    inhoud: str
    sleutels: Sleutels


class Overzichtsvraag(Wire, frozen=True, kw_only=True):
    """One question of an overview, as its municipality sees it."""

    id: UUID
    schuldeiser: Oin
    staat: Saldostaat
    gesteld_op: datetime
    herinnerd_op: datetime | None = None
    beantwoord_op: datetime | None = None
    antwoord: Verzegeld | None = None


class Schuldenoverzicht(Wire, frozen=True, kw_only=True):
    """An overview. Its state follows from its questions; no sum is kept, totals are made where the answers are opened."""

    id: UUID
    kenmerk: Kenmerk
    zaaknummer: Zaaknummer
    grond: Overzichtgrond
    uiterlijk: date
    staat: Overzichtstaat
    aangemaakt_op: datetime
    vragen: list[Overzichtsvraag]
    ingetrokken_op: datetime | None = None


class Schuldenoverzichten(Wire, frozen=True, kw_only=True):
    """A page of overviews, newest first, without answers."""

    schuldenoverzichten: list[Schuldenoverzicht]
    volgende: str | None = None


class OverzichtIntrekking(Wire, frozen=True, kw_only=True):
    """Why a question no longer stands. It reaches every creditor that got it, without the reason."""

    reden: Literal["toestemming_ingetrokken", "traject_beeindigd", "onterecht"]


class Saldovraag(Wire, frozen=True, kw_only=True):
    """What is sealed for one creditor."""

    personen: list[OverzichtPersoon]
    adres: Adres
    eerdere_adressen: list[Adres] | None = None
    bsn: Bsn | None = None
    klantnummer: Kort | None = None
    factuurnummers: list[Nummer] | None = None
    meterstanden: list[Meterstand] | None = None
    machtiging: "Machtigingsbewijs | None" = None


class Machtigingsbewijs(Wire, frozen=True, kw_only=True):
    """The document that a question rests on, as a creditor may check it: kind, date and SHA-256 (base64url)."""

    soort: Machtigingsoort
    datum: date
    hash: str


class Saldoverzoek(Wire, frozen=True, kw_only=True):
    """A question as the creditor sees it: its own, and nothing of any other. After `klant_onbekend` only id, state and day are left."""

    id: UUID
    staat: Saldostaat
    gesteld_op: date
    gemeente: Gemeentecode | None = None
    grond: Overzichtgrond | None = None
    uiterlijk: date | None = None
    herinnerd_op: date | None = None
    ingetrokken_op: date | None = None
    vraag: Verzegeld | None = None


class Saldoverzoeken(Wire, frozen=True, kw_only=True):
    """A page of questions, oldest first; without `volgende` there are no more."""

    saldoverzoeken: list[Saldoverzoek]
    volgende: str | None = None


class SaldoContact(Wire, frozen=True, kw_only=True):
    """Where the municipality can ask the creditor about its answer."""

    naam: Naam | None = None
    telefoonnummer: Telefoonnummer | None = None
    emailadres: Emailadres | None = None


class Titel(Wire, frozen=True, kw_only=True):
    """The creditor's own title to enforce."""

    soort: Literal["vonnis", "dwangbevel", "notariele_akte", "beschikking", "anders"]
    datum: date


class Beslag(Wire, frozen=True, kw_only=True):
    """A seizure that the creditor itself has laid."""

    soort: Literal["loon_of_uitkering", "bankrekening", "toeslag", "roerende_zaken", "onroerende_zaak", "anders"]
    sinds: date


class Incasso(Wire, frozen=True, kw_only=True):
    """Who collects for the creditor; the claim is still the creditor's."""

    naam: Naam
    soort: Literal["incassobureau", "gerechtsdeurwaarder"]
    dossiernummer: Nummer
    oin: Oin | None = None


class Overdracht(Wire, frozen=True, kw_only=True):
    """The new holder of a claim; ask there."""

    naam: Naam
    oin: Oin | None = None


class Schuldvordering(Wire, frozen=True, kw_only=True):
    """One claim. `hoofdsom + rente + kosten - betaald = saldo`; a claim that was transferred or is unknown has no amounts."""

    soort: Schuldsoort
    kenmerk: Nummer
    ontstaansdatum: date | None = None
    hoofdsom_cent: Bedrag | None = None
    rente_cent: Bedrag | None = None
    kosten_cent: Bedrag | None = None
    betaald_cent: Bedrag | None = None
    saldo_cent: Bedrag | None = None
    titel: Titel | None = None
    beslag: Beslag | None = None
    preferent: bool | None = None
    uit_handen_gegeven_aan: Incasso | None = None
    overgedragen_aan: Overdracht | None = None


class KlantOnbekend(Wire, frozen=True, kw_only=True, tag_field="soort", tag="klant_onbekend"):
    """The creditor does not know this client. Nothing of the question is left at the creditor's side."""


class GeenMedewerking(Wire, frozen=True, kw_only=True, tag_field="soort", tag="geen_medewerking"):
    """The creditor does not take part, and says why."""

    reden: Weigergrond


class Vorderingen(Wire, frozen=True, kw_only=True, tag_field="soort", tag="vorderingen"):
    """The creditor's own claims as of a day. `standaardAkkoord`: it agrees beforehand with a settlement under its general agreement."""

    peildatum: date
    klantnummer: Kort | None = None
    contact: SaldoContact | None = None
    standaard_akkoord: bool | None = None
    vorderingen: Annotated[list[Schuldvordering], Meta(min_length=1, max_length=200)]


Saldoantwoord = KlantOnbekend | GeenMedewerking | Vorderingen


class Antwoordbewijs(Wire, frozen=True, kw_only=True):
    """Signed receipt of an answer. `handtekening` is a compact JWS (ES256) over the other members (RFC 8785)."""

    id: UUID
    staat: Saldostaat
    ontvangen_op: datetime
    inhoud_hash: str
    logblad: str
    handtekening: str | None = None
