"""The signal as a creditor delivers it, one or many at a time.

Authority: Besluit gemeentelijke schuldhulpverlening art. 2 (contact data and the height of the arrears), Wgs art. 8b
(closed list). There is no free-text field, no BSN, no IBAN. What a well-formed signal may lawfully say is for `rules`.
"""

from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta

from schemas.types import (
    Cents,
    Emailadres,
    Gemeentecode,
    Kenmerk,
    Kort,
    Naam,
    Postcode,
    Sector,
    Telefoonnummer,
    Wire,
    text,
)

Soort = Literal["vroegsignaal", "actualisering", "eindelevering"]
Vordering = Literal["wmo", "wlz", "inkomstenbelasting", "omzetbelasting", "loonheffingen"]


class Achterstand(Wire, frozen=True, kw_only=True):
    """Height of the arrears; the origin date is used for checks only, and so is the claim of an experiment: neither travels."""

    bedrag_cent: Cents
    ontstaansdatum: date
    vordering: Vordering | None = None


class Persoon(Wire, frozen=True, kw_only=True):
    """A person on the contract. Birth date is optional and serves the municipality's BRP match only."""

    rol: Literal["hoofdhuurder", "medehuurder", "contractant", "medecontractant", "verzekeringnemer"]
    voorletters: Annotated[str, text(20, "J.")]
    voorvoegsel: Annotated[str, text(20, "de")] | None = None
    achternaam: Annotated[str, text(100, "Vries")]
    geboortedatum: date | None = None


class Adres(Wire, frozen=True, kw_only=True):
    """A Dutch address; `gemeentecode` only to settle a postcode that lies in more than one municipality."""

    postcode: Postcode
    huisnummer: Annotated[int, Meta(ge=1, le=99_999)]
    huisletter: Annotated[str, Meta(pattern=r"^[A-Za-z]$(?!\n)")] | None = None
    toevoeging: Annotated[str, text(10, "2")] | None = None
    woonplaats: Annotated[str, text(80, "Haarlem")]
    gemeentecode: Gemeentecode | None = None


class Contact(Wire, frozen=True, kw_only=True):
    """Ways to reach the person."""

    telefoonnummers: Annotated[list[Telefoonnummer], Meta(max_length=3)] | None = None
    emailadressen: Annotated[list[Emailadres], Meta(max_length=3)] | None = None


class Contactmoment(Wire, frozen=True, kw_only=True):
    """One dated effort for personal contact (Bgs art. 2 onder a)."""

    kanaal: Literal["telefoon", "email", "sms", "whatsapp", "brief", "huisbezoek", "balie", "portaal"]
    datum: date
    initiatief: Literal["schuldeiser", "klant"]
    bereikt: bool


class Gegevensdeling(Wire, frozen=True, kw_only=True):
    """The offer to pass on data and how the customer reacted (Bgs art. 2 onder d): silence allows, refusal blocks."""

    datum: date
    reactie: Literal["geen", "niet_afwijzend", "akkoord", "afwijzend"]


class Inspanning(Wire, frozen=True, kw_only=True):
    """What the creditor did before this signal: dated facts, or a reference to its registered declaration."""

    wijze: Literal["gegevens", "verklaring"]
    verklaring: Kenmerk | None = None
    contacten: Annotated[list[Contactmoment], Meta(max_length=50)] | None = None
    herinneringen: Annotated[list[date], Meta(max_length=50)] | None = None
    kosten_in_rekening_op: date | None = None
    gewezen_op_schuldhulp: date | None = None
    gegevensdeling_aangeboden: Gegevensdeling | None = None
    betalingsregeling: Literal["geen", "lopend", "niet_nagekomen"] | None = None
    klantrelatie_actief: bool | None = None
    aanmaning_op: date | None = None
    geen_uitstel_op: date | None = None


class Crisis(Wire, frozen=True, kw_only=True):
    """A threatening situation (Wgs art. 4 lid 2)."""

    soort: Literal["ontruiming", "eindelevering", "afsluiting", "einde_verzekering"]
    beoogde_datum: date | None = None


class Signaal(Wire, frozen=True, kw_only=True):
    """One early signal, as delivered."""

    kenmerk: Kenmerk
    soort: Soort
    eerder_kenmerk: Kenmerk | None = None
    sector: Sector
    handelsnaam: Naam
    signaaldatum: date
    achterstand: Achterstand
    personen: Annotated[list[Persoon], Meta(min_length=1, max_length=2)]
    adres: Adres
    contact: Contact | None = None
    klantnummer: Kort | None = None
    contractkenmerk: Kort | None = None
    crisis: Crisis | None = None
    warme_overdracht: bool | None = None
    inspanning: Inspanning


class AanleveringAanvraag(Wire, frozen=True, kw_only=True):
    """Many signals at once; `sector` and `handelsnaam` are defaults for records that leave them out.

    `inhaalslag`: a catch-up of old arrears; marked, and shaped by what a municipality takes per day, never dropped.
    """

    kenmerk: Kenmerk
    sector: Sector | None = None
    handelsnaam: Naam | None = None
    inhaalslag: bool | None = None
    signalen: Annotated[list[Signaal], Meta(min_length=1, max_length=5000)]


class AanleveringEnvelop(Wire, frozen=True, kw_only=True):
    """`AanleveringAanvraag` with its records still undecoded, so that a bad record harms no other."""

    kenmerk: Kenmerk
    sector: Sector | None = None
    handelsnaam: Naam | None = None
    inhaalslag: bool | None = None
    signalen: Annotated[list[Any], Meta(min_length=1, max_length=5000)]


class IntrekkingAanvraag(Wire, frozen=True, kw_only=True):
    """Why a signal no longer holds."""

    reden: Literal["betaald", "betalingsregeling", "bezwaar", "onterecht"]
