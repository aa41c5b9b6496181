"""What the log can say of what was destroyed, and of keys that took another's place: parts, numbers and versions, nothing of a person.

Authority: AVG art. 5 lid 1 onder e and lid 2 (storage limitation, and showing it); contract, "retention". Leaves what is due to
`gateway.retention`.
"""

from typing import Annotated, Literal

from msgspec import Meta

from gateway.privacylog.entry import Entry
from schemas.types import Gemeentecode, Oin

Bewaardeel = Literal[
    "inhoud",
    "inhoudssleutel",
    "deling",
    "opslagweek",
    "contactgegevens",
    "adres",
    "contract",
    "historie",
    "vingerafdruk",
    "quarantaine",
    "zoekvraag",
    "inzageverzoek",
    "ontzegeling",
    "medewerker_naam",
]
Sleutelsoort = Literal["opslag", "opslag-statistiek", "D-match"]
KekId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]


class BewaartermijnToegepast(Entry, frozen=True, kw_only=True, tag="bewaartermijn.toegepast"):
    """So many rows of one part of the dated table were emptied or removed because their term was over."""

    onderdeel: Bewaardeel
    aantal: int


class SleutelVernietigd(Entry, frozen=True, kw_only=True, tag="sleutel.vernietigd"):
    """A key was destroyed: whose (a municipality's or a party's) and of which week, quarter or version."""

    soort: Sleutelsoort
    periode: Annotated[str, Meta(pattern=r"^([0-9]{4}-[WK])?[0-9]{1,3}$")]
    gemeente: Gemeentecode | None = None
    deelnemer: Oin | None = None


class HoofdsleutelVervangen(Entry, frozen=True, kw_only=True, tag="hoofdsleutel.vervangen"):
    """Every key was wrapped under a new key-encryption key; both by their id, which says nothing of the key."""

    oud: KekId
    nieuw: KekId
    aantal: int


class PseudoniemversieGewijzigd(Entry, frozen=True, kw_only=True, tag="pseudoniemversie.gewijzigd"):
    """A municipality's pseudonyms have a next version beside the present one, or that one took its place."""

    gemeente: Gemeentecode
    periode: Annotated[str, Meta(pattern=r"^[0-9]{1,3}$")]
    resultaat: Literal["begonnen", "overgegaan"]
