"""The settings of a municipality: thresholds, optional fields, baskets, follow-up partners, terms. Each has an operation of its own.

Authority: contract, "`PUT instellingen/…`"; decision 0008 (prioritising is the municipality's own configuration). A setting is
replaced as a whole and every version is kept. Leaves what does not fit together to `gateway.triage.validity`.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from schemas.inbox import Indeling, Veldgroep
from schemas.signaal import Soort
from schemas.triage import Kanaal, Ouderdom, Postcode4, Triageveld, Werkbakcode, Wijkcode
from schemas.types import Cents, Kort, Naam, Oin, Sector, Wire

Instellingnaam = Literal["drempels", "velden", "werkbakken", "opvolgpartners", "termijnen", "inhaalslag"]
OptioneelVeld = Literal["geboortedatum", "klantnummer"]


class Drempels(Wire, frozen=True, kw_only=True):
    """The threshold per sector, in euro cents: a signal below it is marked, never dropped. A sector that is not named has none."""

    drempels: Annotated[dict[Sector, Cents], Meta(max_length=30)]


class Velden(Wire, frozen=True, kw_only=True):
    """The optional fields that a municipality takes, and the triage attributes that may be kept for it."""

    optionele_velden: Annotated[list[OptioneelVeld], Meta(max_length=2)]
    triage: Annotated[list[Triageveld], Meta(max_length=2)] = []  # noqa: RUF012 - msgspec copies an empty default


class Voorwaarden(Wire, frozen=True, kw_only=True):
    """The criteria of a basket: every one that is present must hold, a list holds when one of its values does."""

    soorten: Annotated[list[Soort], Meta(min_length=1, max_length=3)] | None = None
    sectoren: Annotated[list[Sector], Meta(min_length=1, max_length=30)] | None = None
    bedrag_vanaf_cent: Cents | None = None
    bedrag_tot_cent: Annotated[Cents, Meta(description="Grens die zelf niet meetelt")] | None = None
    indelingen: Annotated[list[Indeling], Meta(min_length=1, max_length=4)] | None = None
    wijken: Annotated[list[Wijkcode], Meta(min_length=1, max_length=200)] | None = None
    ouderdom: Annotated[list[Ouderdom], Meta(min_length=1, max_length=4)] | None = None
    schuldeisers: Annotated[list[Oin], Meta(min_length=1, max_length=200)] | None = None
    crisis: bool | None = None


class Standaardwerkbak(Wire, frozen=True, kw_only=True):
    """The basket of whatever no other takes; it always exists."""

    code: Werkbakcode
    naam: Naam
    kanaal: Kanaal
    opvolgpartner: Oin | None = None


class Werkbak(Standaardwerkbak, frozen=True, kw_only=True):
    """A basket: criteria, the channel it is worked through, and who follows it up when that is not the municipality itself."""

    voorwaarden: Voorwaarden


class Wijk(Wire, frozen=True, kw_only=True):
    """A district, as the municipality draws it: a list of four-digit postcodes."""

    code: Wijkcode
    postcodes: Annotated[list[Postcode4], Meta(min_length=1, max_length=500)]


class Werkbakken(Wire, frozen=True, kw_only=True):
    """The baskets in order; the first whose criteria hold takes the message."""

    standaard: Standaardwerkbak
    werkbakken: Annotated[list[Werkbak], Meta(max_length=50)]
    wijken: Annotated[list[Wijk], Meta(max_length=200)] = []  # noqa: RUF012 - msgspec copies an empty default

    def all(self) -> list[Standaardwerkbak]:
        """Every basket, in order; the default one last."""
        return [*self.werkbakken, self.standaard]


class Zegelsleutel(Wire, frozen=True, kw_only=True):
    """A public key (RFC 7517, P-256) that somebody may seal to."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    kid: Kort
    x: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
    y: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]


class Opvolgpartner(Wire, frozen=True, kw_only=True):
    """Who follows up under mandate: the field groups it needs, and its public key when the municipality has a key of its own."""

    oin: Oin
    naam: Naam
    veldgroepen: Annotated[list[Veldgroep], Meta(min_length=1, max_length=3)]
    sleutel: Zegelsleutel | None = None


class Opvolgpartners(Wire, frozen=True, kw_only=True):
    """The follow-up partners of a municipality."""

    opvolgpartners: Annotated[list[Opvolgpartner], Meta(max_length=20)]


class Termijnregels(Wire, frozen=True, kw_only=True):
    """The municipality's own terms: first contact and first analysis in calendar days, decision in weeks (Wgs art. 4a: at most 8)."""

    eerste_contact_dagen: Annotated[int, Meta(ge=1, le=90)] = 14
    analyse_dagen: Annotated[int, Meta(ge=1, le=90)] = 28
    besluit_weken: Annotated[int, Meta(ge=1, le=8)] = 8


class Inhaalslag(Wire, frozen=True, kw_only=True):
    """How many catch-up signals may be claimed per day; absent: no limit. The rest waits for a next day, none is dropped."""

    per_dag: Annotated[int, Meta(ge=1, le=100_000)] | None = None


class Stand(Wire, frozen=True, kw_only=True):
    """Which version holds and since when; version 0 is the default that nobody set."""

    versie: int
    gewijzigd_op: datetime | None = None


class DrempelsStand(Stand, frozen=True, kw_only=True):
    """The thresholds that hold."""

    instelling: Drempels


class VeldenStand(Stand, frozen=True, kw_only=True):
    """The fields that hold."""

    instelling: Velden


class WerkbakkenStand(Stand, frozen=True, kw_only=True):
    """The baskets that hold."""

    instelling: Werkbakken


class OpvolgpartnersStand(Stand, frozen=True, kw_only=True):
    """The follow-up partners that hold."""

    instelling: Opvolgpartners


class TermijnregelsStand(Stand, frozen=True, kw_only=True):
    """The terms that hold."""

    instelling: Termijnregels


class InhaalslagStand(Stand, frozen=True, kw_only=True):
    """The limit that holds."""

    instelling: Inhaalslag


class Werkbaktelling(Wire, frozen=True, kw_only=True):
    """How many messages a basket takes, and how many meet its criteria at all, those that an earlier basket takes included."""

    code: Werkbakcode
    aantal: int
    voldoet: int


class Werkbakkenproef(Wire, frozen=True, kw_only=True):
    """How the messages of a period would have been divided; counts only, nothing is kept."""

    van: date
    tot: date
    totaal: int
    werkbakken: list[Werkbaktelling]
