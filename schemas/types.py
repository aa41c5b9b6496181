"""Value types of the wire: one pattern per kind of value.

Authority: NLGov API Design Rules 2.2 (`date`, camelCase), the OIN form of Digikoppeling Identificatie en Authenticatie,
the postcode form of the BAG. Patterns are ECMA-262 and ASCII-only (`[0-9]`, never `\\d`); `(?!\\n)` closes the hole that
Python's `$` leaves for a trailing newline. Leaves to `rules` whether a well-formed value is also lawful.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

_END = r"$(?!\n)"
_LINE = r"[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*"
_PRINTABLE = "^" + _LINE + _END
_LETTER = r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]"


class Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """Base of every message: frozen, camelCase, unknown fields refused; a member that is null equals an absent one."""


Oin = Annotated[
    str,
    Meta(
        pattern=r"^(0000000[1-46-9]|00000010|00000099)[0-9A-Z]{8,9}0{3,4}" + _END,
        min_length=20,
        max_length=20,
        description="Organisatie-identificatienummer (20 posities)",
        examples=["00000099000000001000"],
    ),
]
Kenmerk = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}" + _END,
        description="Eigen, blijvend kenmerk van de aanleverende partij; nooit een persoonsgegeven",
        examples=["HUUR-2026-000123"],
    ),
]
Nummerveld = Literal["kenmerk", "klantnummer", "contractkenmerk", "factuurnummer", "dossiernummer", "zaaknummer"]
"""Fields with numbers of a partner's own, which look like a BSN once in eleven times."""
Sector = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z_]{2,39}" + _END, description="Sector van de vordering", examples=["huur"]),
]
Gemeentecode = Annotated[str, Meta(pattern=r"^[0-9]{4}" + _END, description="CBS-gemeentecode", examples=["0392"])]
Postcode = Annotated[str, Meta(pattern=r"^[1-9][0-9]{3}[A-Z]{2}" + _END, description="Postcode zonder spatie", examples=["2011AB"])]
Cents = Annotated[int, Meta(ge=1, le=99_999_999, description="Bedrag in hele eurocenten", examples=[45012])]
Telefoonnummer = Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{7,14}" + _END, description="E.164", examples=["+31612345678"])]
Emailadres = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}" + _END,
        max_length=254,
        examples=["j@example.nl"],
    ),
]
Doel = Annotated[str, Meta(pattern=r"^WGS-[0-9a-z-]{1,40}" + _END, description="Doel uit het doelbindingsregister", examples=["WGS-3-1-b"])]


def text(length: int, *examples: str) -> Meta:
    """A line of at least one and at most `length` characters that reads as it is written: no control characters, line breaks or
    direction marks (UAX #9).
    """
    return Meta(pattern=_PRINTABLE, min_length=1, max_length=length, examples=list(examples) or None)


def surname(length: int, *examples: str) -> Meta:
    """A printable line with at least one Latin letter, as every surname in the BRP has."""
    return Meta(pattern="^" + _LINE + _LETTER + _LINE + _END, min_length=1, max_length=length, examples=list(examples) or None)


Naam = Annotated[str, text(200)]
Kort = Annotated[str, text(40)]
