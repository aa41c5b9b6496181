"""Outlet profiles: how messages of a municipality become rows in the layout of the desk that works for it; the mirror of `profiel`.

Authority: feature F87; `docs/uitlaat.md` explains every member. A profile translates and never judges. What a row is made of is
`Uitlaatrecord`: the metadata of a message and, for the field groups that may travel, its content. Leaves writing to `adapters.desk`, and
who may have what to the purpose register.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from schemas.inbox import Indeling, Schuldeiser
from schemas.profiel import Code, Formaat, Patroon
from schemas.sealed import Identiteit, Klant
from schemas.signaal import Contact, Crisis, Soort
from schemas.triage import Werkbakcode
from schemas.types import Kenmerk, Sector, Wire, text

MOST = 5_000
"""Records of one file."""
Omzetting = Literal["tekst", "bedrag", "datum", "telefoon", "waardelijst"]
_ELEMENT = r"[A-Za-z_][A-Za-z0-9._-]{0,79}"
Plek = Annotated[
    str,
    Meta(
        pattern=r"^(/[A-Za-z0-9]{1,40}){1,5}$(?!\n)",
        description="Plek in het bericht; in lijsten het volgnummer vanaf 0",
        examples=["/identiteit/personen/0/achternaam"],
    ),
]
Plekken = Annotated[list[Plek], Meta(min_length=1, max_length=5)]
Vast = Annotated[str, text(80)]


class Uitlaatrecord(Wire, frozen=True, kw_only=True):
    """What a column can be filled with. `signaaldatum` and `ontvangen_op` are days in the Netherlands."""

    id: UUID
    volgnummer: int
    soort: Soort
    sector: Sector
    schuldeiser: Schuldeiser
    signaaldatum: date
    ontvangen_op: date
    bedrag_cent: int
    indeling: Indeling
    werkbak: Werkbakcode | None = None
    crisis: Crisis | None = None
    warme_overdracht: bool | None = None
    voorrang: bool | None = None
    inhaalslag: bool | None = None
    eerder_bericht: UUID | None = None
    identiteit: Identiteit | None = None
    contact: Contact | None = None
    klant: Klant | None = None


class Uitlaatvorm(Wire, frozen=True, kw_only=True):
    """How columns become bytes. `datum` and `decimaal` hold for every column without one of its own.

    XLSX without `datum` gets real dates, and real numbers for amounts. `wortel` and `record` are elements of XML.
    """

    codering: Literal["utf-8", "utf-8-bom", "windows-1252", "iso-8859-1"] = "utf-8"
    scheiding: Literal[";", ",", "\t", "|"] = ";"
    kopregel: bool = True
    blad: Annotated[str, Meta(pattern=r"^[A-Za-z0-9 _-]{1,31}$(?!\n)")] = "Signalen"
    wortel: Annotated[str, Meta(pattern=rf"^{_ELEMENT}$(?!\n)")] = "Signalen"
    record: Annotated[str, Meta(pattern=rf"^{_ELEMENT}$(?!\n)")] = "Signaal"
    datum: Patroon | None = None
    decimaal: Literal[",", "."] = ","


class Kolom(Wire, frozen=True, kw_only=True):
    """One column: from one place (`uit`), from several joined with `met` (`samen`), or a fixed `waarde`.

    `naam` is the head of the column; in XML the element, with `/` for one inside another. `lengte`: characters at most.
    """

    naam: Annotated[str, text(80, "Achternaam")]
    uit: Plek | None = None
    samen: Plekken | None = None
    waarde: Vast | None = None
    omzetting: Omzetting = "tekst"
    patroon: Patroon | None = None
    decimaal: Literal[",", "."] | None = None
    lijst: Annotated[dict[Code, Vast], Meta(min_length=1, max_length=100)] | None = None
    met: Annotated[str, Meta(pattern=r"^[ ._:/-]{0,3}$(?!\n)")] = " "
    standaard: Vast | None = None
    verplicht: bool = False
    lengte: Annotated[int, Meta(ge=1, le=8192)] | None = None


class Uitlaatprofiel(Wire, frozen=True, kw_only=True):
    """One layout. It says nothing of a municipality or a desk: that is how it is registered."""

    naam: Kenmerk
    versie: Annotated[int, Meta(ge=1, le=9999)]
    formaat: Formaat
    bestand: Uitlaatvorm = Uitlaatvorm()
    kolommen: Annotated[list[Kolom], Meta(min_length=1, max_length=200)]
