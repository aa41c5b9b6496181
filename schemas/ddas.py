"""The exchange model DDAS vroegsignalering v1.2 as we write it, and the request and answer of `POST gegevens`.

Authority: DDAS vroegsignalering v1.2 (VNG Realisatie): names, code lists and client variant B. Variant A (a BSN) is never written: this
gateway has none. Of a partner only its kind travels, of an amount whole euros. Leaves what must hold between fields to
`schemas.ddas_checks`, the JSON Schema of any supplier's file to `schemas.ddas_schema`.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from schemas.types import Emailadres, Naam, Wire, text

Signaalpartner = Literal[
    "Belastingdienst",
    "CAK Eigen bijdrage",
    "CAK Zorgverzekeringen",
    "Dienst Toeslagen",
    "DUO",
    "Energie",
    "Huur",
    "Hypotheek",
    "Overige",
    "Water",
    "Zorg",
]
SIGNAALPARTNER: dict[str, Signaalpartner] = {
    "huur": "Huur",
    "elektriciteit": "Energie",
    "gas": "Energie",
    "warmte": "Energie",
    "drinkwater": "Water",
    "zorgverzekering": "Zorg",
    "hypotheek": "Hypotheek",
    "belastingdienst": "Belastingdienst",
    "cak_eigen_bijdrage": "CAK Eigen bijdrage",
    "toeslagen": "Dienst Toeslagen",
}
SIGNALS_MAX = 50_000
CASES_MAX = 25_000


class Contactpersoon(Wire, frozen=True, kw_only=True):
    """Whom CBS writes to about the data of a municipality."""

    naam: Naam
    telefoonnummer: Annotated[str, text(200, "023 511 5115")]
    email: Emailadres
    functietitel: Annotated[str, text(200, "Adviseur schulden")]


class Organisatie(Wire, frozen=True, kw_only=True):
    """The municipality, or who acts for it."""

    naam: Naam
    kvk_nummer: Annotated[str, Meta(pattern=r"^[0-9]{8}$(?!\n)", examples=["34369366"])] = field(name="kvk-nummer")
    contactpersonen: Annotated[list[Contactpersoon], Meta(min_length=1, max_length=10)]


class Partner(Wire, frozen=True, kw_only=True):
    """The kind of creditor, never its name."""

    type: Signaalpartner


class Client(Wire, frozen=True, kw_only=True):
    """Variant B."""

    postcode: str
    huisnummer: str
    huisnummertoevoeging: str | None = None
    geboortedatum: date | None = None


class DdasSignaal(Wire, frozen=True, kw_only=True):
    """One signal. `ID` is a pseudonym of the supplier."""

    id: str = field(name="ID")
    crisissignaal: bool = field(default_factory=lambda: False)
    warme_overdracht: bool = field(default_factory=lambda: False)
    bedrag: int
    ontstaansdatum: date
    signaaldatum: date
    status: str
    signaalpartner: Partner
    client: Client


class Verwijzing(Wire, frozen=True, kw_only=True):
    """A signal of the same delivery."""

    id: str = field(name="ID")


class DdasPoging(Wire, frozen=True, kw_only=True):
    """One attempt to reach the resident."""

    soort: str
    bereikt: bool
    datum: date
    dagdeel: str | None = None


class DdasZaak(Wire, frozen=True, kw_only=True):
    """One case; `resultaat` is absent while it is open."""

    resultaat: str | None = None
    start_matchingperiode: date | None = field(default=None, name="startdatumMatchingperiode")
    eind_matchingperiode: date | None = field(default=None, name="einddatumMatchingperiode")
    datum_opgepakt: date
    vroegsignalen: list[Verwijzing]
    contactpogingen: list[DdasPoging]


class DdasLevering(Wire, frozen=True, kw_only=True):
    """One municipality."""

    teller: int
    gemeentecode: str
    aanleverende_organisatie: Organisatie
    vroegsignalen: list[DdasSignaal]
    vroegsignaalzaken: list[DdasZaak]


class Uitwisselmodel(Wire, frozen=True, kw_only=True):
    """One file: a period and its deliveries; `leveringen` is absent when there are none (an empty list is not allowed)."""

    startdatum_levering: date
    einddatum_levering: date
    aanleverdatum_en_tijd: datetime
    code_gegevensleverancier: str
    leveringen: list[DdasLevering] | None = None


class GegevensVraag(Wire, frozen=True, kw_only=True):
    """What CBS asks for; without a period the last whole quarter. `aanleverendeOrganisatie` is a name, KvK number or CBS code."""

    aanleverperiode_startdatum: date | None = None
    aanleverperiode_einddatum: date | None = None
    aanleverende_organisatie: Naam | None = None
    page: Annotated[int, Meta(ge=1)] | None = None
    page_size: Annotated[int, Meta(ge=1, le=CASES_MAX)] | None = None


class Paginering(Wire, frozen=True, kw_only=True):
    """Which page this is. A record is a case with its signals, or a signal without a case. Go on until `totalPages`."""

    page_size: int
    current_page: int
    total_pages: int
    total_records: int


class Gegevens(Wire, frozen=True, kw_only=True):
    """The answer."""

    gegevens: Uitwisselmodel
    paginering: Paginering


class Residu(Wire, frozen=True, kw_only=True):
    """What is kept of a signal for the statistics alone: sealed apart, gone when the period is accepted."""

    postcode: str
    huisnummer: int
    toevoeging: str | None = None
    geboortedatum: date | None = None
    ontstaansdatum: date


class StatistiekInstelling(Wire, frozen=True, kw_only=True):
    """Who delivers DDAS. `gateway`: from the data that this gateway keeps apart for it; `zaaksysteem`: nothing is kept here."""

    levering: Literal["gateway", "zaaksysteem"]
    organisatie: Organisatie | None = None


def euros(cents: int) -> int:
    """Whole euros: halves go up. The only rounding rule of the export."""
    return (cents + 50) // 100


def encode(value: Uitwisselmodel | Gegevens) -> bytes:
    """UTF-8 JSON, the same bytes for the same content."""
    return msgspec.json.encode(value)
