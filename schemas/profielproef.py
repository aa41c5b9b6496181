"""A mapping profile to try on some invented lines, or to register, at the counter of the partner register.

Authority: contract, "/beheer/v1"; `docs/profielen.md`. Leaves what a profile may say to `schemas.profiel`.
"""

from typing import Annotated, Any

from msgspec import Meta

from schemas.ontvangst import Bevinding
from schemas.types import Oin, Wire


class ProefAanvraag(Wire, frozen=True, kw_only=True):
    """A mapping profile (TOML) and some lines of an own file, invented: nothing is kept."""

    profiel: Annotated[str, Meta(min_length=1, max_length=32_768, description="Mappingprofiel (TOML)")]
    voorbeeld: Annotated[str, Meta(min_length=1, max_length=16_384, description="Regels van een eigen bestand, met verzonnen personen")]
    bestandsnaam: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,100}$(?!\n)", description="Naam van het bestand")] = "voorbeeld.csv"


class Proefrecord(Wire, frozen=True, kw_only=True):
    """One record as it would be read: where it stood, the canonical record, what is wrong with it."""

    plek: str
    soort: str
    record: dict[str, Any]
    bevindingen: list[Bevinding]


class Proefuitkomst(Wire, frozen=True, kw_only=True):
    """What a profile makes of an example; `fouten` are of the profile itself, then nothing was read."""

    records: list[Proefrecord]
    fouten: list[str]
    meer: bool


class ProfielAanvraag(Wire, frozen=True, kw_only=True):
    """Register a mapping profile (TOML) for files whose names fit `patroon`."""

    patroon: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._*?-]{1,100}$(?!\n)", description="Namen van bestanden", examples=["*.csv"])]
    profiel: Annotated[str, Meta(min_length=1, max_length=32_768, description="Mappingprofiel (TOML)")]


class ProfielVerzoek(ProfielAanvraag, frozen=True, kw_only=True, tag="profiel", tag_field="soort"):
    """Register a mapping profile of a participant that is live: its files are read by it once a second person agreed."""

    oin: Oin
