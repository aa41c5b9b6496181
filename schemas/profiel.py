"""Mapping profiles: how the file of one partner becomes signals, as data. One profile per partner and format, dated and versioned.

Authority: `docs/contract.md`, files; `docs/profielen.md` explains every member. A profile translates and never judges; what it cannot fill
stays empty, and a date that is not in the record is not made. Leaves reading and checking to `adapters.formats`.
"""

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from schemas.bestand import Bestandsoort
from schemas.standen import Vervalreden
from schemas.types import Kenmerk, Naam, Oin, Sector, Wire, text

Formaat = Literal["csv", "xlsx", "xml"]
Codering = Literal["utf-8", "windows-1252", "iso-8859-1"]
Omzetting = Literal[
    "tekst", "getal", "bedrag", "datum", "postcode", "huisnummer", "huisletter", "toevoeging", "telefoon", "janee", "waardelijst"
]
Rijsoort = Literal["vroegsignaal", "actualisering", "eindelevering", "intrekking"]
Bewijslid = Literal[
    "contacten",
    "herinneringen",
    "gewezenOpSchuldhulp",
    "gegevensdelingAangeboden",
    "kostenInRekeningOp",
    "aanmaningOp",
    "geenUitstelOp",
]

_XMLPAD = r"(/[A-Za-z_][A-Za-z0-9._-]{0,79}){1,10}"
Bron = Annotated[
    str, text(200, "Contractnummer"), Meta(description="Naam of letter van een kolom, of in XML een pad vanaf het record (Klant/Naam, @id)")
]
# Never `Bron | list[Bron]`: msgspec 0.22 corrupts memory on a union of a text with a pattern and a list.
Bronnen = Annotated[list[Bron], Meta(min_length=1, max_length=5)]
Patroon = Annotated[str, text(20, "dd-mm-jjjj"), Meta(description="jjjj, mm of m, dd of d; * vooraan of achteraan voor wat niet telt")]
Waarde = str | int | bool
Code = Annotated[str, text(80)]
Codes = Annotated[list[Code], Meta(min_length=1, max_length=100)]


class Voorwaarde(Wire, frozen=True, kw_only=True):
    """A condition on one column: all members that are there must hold."""

    uit: Bron
    gelijk: Codes | None = None
    begint_met: Codes | None = None
    gevuld: bool | None = None


class Bestandsvorm(Wire, frozen=True, kw_only=True):
    """How bytes become columns. What is absent of `codering` and `scheiding` is found in the file and reported.

    `kopregel`: the row with the names, 0 when there is none; what stands above it is not read as records. `record`: XML path to a record.
    `datum` and `decimaal` hold for every field that has none of its own. `slot` is the row that every whole file ends with.
    """

    codering: Codering | None = None
    scheiding: Literal[";", ",", "\t", "|"] | None = None
    kopregel: Annotated[int, Meta(ge=0, le=100)] = 1
    kolommen: Literal["namen", "letters"] = "namen"
    blad: Annotated[str, text(31)] | None = None
    record: Annotated[str, Meta(pattern=rf"^{_XMLPAD}$(?!\n)")] | None = None
    datum: Patroon | None = None
    decimaal: Literal[",", "."] = ","
    slot: Voorwaarde | None = None


class Peildatumbron(Wire, frozen=True, kw_only=True):
    """Where the day of the file stands: a column (of a stand; the same in every record), a cell above the records, or the name of the file.

    In XML a cell is the path of an element before the records. In a file of signals the day is a source for fields and nothing more.
    """

    uit: Bron | None = None
    cel: Annotated[str, Meta(pattern=rf"^([A-Z]{{1,3}}[1-9][0-9]{{0,2}}|{_XMLPAD})$(?!\n)", examples=["B2"])] | None = None
    bestandsnaam: Annotated[str, text(100, "stand_{jjjjmmdd}*.csv")] | None = None
    patroon: Patroon | None = None


class Profielkop(Wire, frozen=True, kw_only=True):
    """What holds for the whole file; `namens` when the file is of another than the partner that sends it."""

    soort: Bestandsoort = "signalen"
    namens: Oin | None = None
    sector: Sector | None = None
    handelsnaam: Naam | None = None
    profiel: Kenmerk | None = None
    reden_vervallen: Vervalreden | None = None
    inhaalslag: bool | None = None
    peildatum: Peildatumbron | None = None


class Kenmerkafleiding(Wire, frozen=True, kw_only=True):
    """A lasting kenmerk where the system has none: `voorvoegsel`, contract, and the year and month of `periode`.

    `wijziging`: the column with the day of an update or end of supply, which has a kenmerk of its own and names the one of the signal.
    """

    contract: Bronnen
    periode: Bron | None = None
    wijziging: Bron | None = None
    patroon: Patroon | None = None
    voorvoegsel: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,19}$(?!\n)")] | None = None


class Rijsoorten(Wire, frozen=True, kw_only=True):
    """A column that says what a row is; without it every row is a vroegsignaal."""

    uit: Bron
    codes: Annotated[dict[Code, Rijsoort], Meta(min_length=1, max_length=50)]


class Stap(Wire, frozen=True, kw_only=True):
    """One step of the dunning process: at these codes it was done, on the day in `datum`. Which members it needs depends on `lid`."""

    codes: Codes
    lid: Bewijslid
    datum: Bron
    patroon: Patroon | None = None
    kanaal: Literal["telefoon", "email", "sms", "whatsapp", "brief", "huisbezoek", "balie", "portaal"] | None = None
    initiatief: Literal["schuldeiser", "klant"] | None = None
    bereikt: bool | None = None
    reactie: Literal["geen", "niet_afwijzend", "akkoord", "afwijzend"] | None = None


class Bewijsafleiding(Wire, frozen=True, kw_only=True):
    """Evidence of effort: a registered declaration, or steps by the dunning code `uit`. A code that is nowhere is refused."""

    verklaring: Kenmerk | None = None
    uit: Bron | None = None
    zonder: Annotated[list[Code], Meta(max_length=100)] = []  # noqa: RUF012 - msgspec copies an empty default
    stappen: Annotated[list[Stap], Meta(max_length=50)] = []  # noqa: RUF012


class Veld(Wire, frozen=True, kw_only=True):
    """One member of the signal: from a column (`uit`), from several joined with `met` (`samen`), or a fixed `waarde`."""

    naar: Annotated[
        str,
        Meta(
            pattern=r"^(/[A-Za-z0-9]{1,40}){1,5}$(?!\n)",
            description="Plek in het signaal; in lijsten het volgnummer vanaf 0",
            examples=["/achterstand/bedragCent"],
        ),
    ]
    uit: Bron | None = None
    samen: Bronnen | None = None
    waarde: Waarde | None = None
    omzetting: Omzetting = "tekst"
    patroon: Patroon | None = None
    decimaal: Literal[",", "."] | None = None
    lijst: Annotated[dict[Code, Waarde], Meta(min_length=1, max_length=500)] | None = None
    met: Annotated[str, Meta(pattern=r"^[ ._:/-]{0,3}$(?!\n)")] = " "
    leeg: Annotated[list[Code], Meta(max_length=50)] = []  # noqa: RUF012
    standaard: Waarde | None = None
    verplicht: bool = False
    als: Voorwaarde | None = None


class Profiel(Wire, frozen=True, kw_only=True):
    """One profile. `partner` is who sends the files; `geldig_van` the first day on which this version reads them."""

    naam: Kenmerk
    versie: Annotated[int, Meta(ge=1, le=9999)]
    geldig_van: date
    partner: Oin
    formaat: Formaat
    bestand: Bestandsvorm = Bestandsvorm()
    kop: Profielkop = Profielkop()
    kenmerk: Kenmerkafleiding | None = None
    soort: Rijsoorten | None = None
    bewijs: Bewijsafleiding | None = None
    velden: Annotated[list[Veld], Meta(min_length=1, max_length=200)]
    overslaan: Annotated[list[Voorwaarde], Meta(max_length=20)] = []  # noqa: RUF012
