"""What the log can say of changes: the partner register, a municipality's settings, and the lists and history it brings along.

Authority: AVG art. 5 lid 2 and 24; contract, "instellingen". Leaves the values to the tables of what was changed.
"""

from typing import Literal

from gateway.privacylog.entry import Entry
from schemas.instellingen import Instellingnaam
from schemas.terugkoppeling import Terugkoppelcode
from schemas.types import Gemeentecode, Nummerveld, Oin

Onderdeel = Literal[
    "deelnemer",
    "certificaat",
    "mandaat",
    "overeenkomst",
    "verklaring",
    "gemeente_instelling",
    "gemeentesleutel",
    "sftp_sleutel",
    "bestandsprofiel",
    "partijsleutel",
    "bsnregistratie",
    "leveringsgebied",
    "ophaaladres",
    "uitlaat",
    "afspraak",
    "aansluiting",
    "stuk",
    "certificaatinhoud",
    "toetsuitslag",
    "proeftoelating",
]
Overgang = Literal["aangemeld", "in_test", "getoetst", "schaduw", "actief", "opgeschort", "beeindigd"]


class RegisterGewijzigd(Entry, frozen=True, kw_only=True, tag="register.gewijzigd"):
    """The partner register changed."""

    onderdeel: Onderdeel
    registerversie: str


class DeelnemerOvergegaan(Entry, frozen=True, kw_only=True, tag="deelnemer.overgegaan"):
    """A participant came to another state; `proef`: without its papers, in an installation to try things on."""

    deelnemer: Oin
    oud: Overgang
    nieuw: Overgang
    proef: bool = False


class NummerveldAangehouden(Entry, frozen=True, kw_only=True, tag="nummerveld.aangehouden"):
    """In a number field that this principal fills too many numbers pass the eleven-test: what passes there waits for review."""

    onderdeel: Nummerveld


class NummerveldVrijgegeven(Entry, frozen=True, kw_only=True, tag="nummerveld.vrijgegeven"):
    """An operator released such a field."""

    deelnemer: Oin
    onderdeel: Nummerveld


class InstellingGewijzigd(Entry, frozen=True, kw_only=True, tag="instelling.gewijzigd"):
    """A municipality changed one of its settings; the version stands in its history."""

    gemeente: Gemeentecode
    onderdeel: Instellingnaam
    registerversie: str


class RitmeGewijzigd(Entry, frozen=True, kw_only=True, tag="ritme.gewijzigd"):
    """The municipality changed when its messages may be claimed."""

    gemeente: Gemeentecode


class BezwaarVastgelegd(Entry, frozen=True, kw_only=True, tag="bezwaar.vastgelegd"):
    """The municipality put an address or person on its objection list; `betrokkene` commits to the address."""

    gemeente: Gemeentecode
    betrokkene: str


class BezwaarBeeindigd(Entry, frozen=True, kw_only=True, tag="bezwaar.beeindigd"):
    """The municipality took an objection off its list."""

    gemeente: Gemeentecode
    betrokkene: str


class HistorieGeladen(Entry, frozen=True, kw_only=True, tag="historie.geladen"):
    """The municipality told of its own earlier signals at an address; kept as keyed pseudonyms. `betrokkene` commits to the address."""

    gemeente: Gemeentecode
    aantal: int
    betrokkene: str


class TerugkoppelkeuzeGewijzigd(Entry, frozen=True, kw_only=True, tag="terugkoppeling.keuze_gewijzigd"):
    """A municipality switched a feedback code on or off."""

    gemeente: Gemeentecode
    code: Terugkoppelcode
    resultaat: Literal["aan", "uit"]


class TekstenGewijzigd(Entry, frozen=True, kw_only=True, tag="teksten.gewijzigd"):
    """The municipality changed the texts of its letters."""

    gemeente: Gemeentecode


class StatistiekIngesteld(Entry, frozen=True, kw_only=True, tag="statistiek.ingesteld"):
    """The municipality said who delivers its statistics."""

    gemeente: Gemeentecode
    resultaat: Literal["gateway", "zaaksysteem"]


class LogVernietigd(Entry, frozen=True, kw_only=True, tag="log.vernietigd"):
    """The content of `aantal` entries from `van` up to `tot` was destroyed at its term; `verklaring`: the log's signed note of which."""

    van: int
    tot: int
    aantal: int
    verklaring: str


class LogtermijnGewijzigd(Entry, frozen=True, kw_only=True, tag="log.termijn_gewijzigd"):
    """A municipality chose how many months the content of its entries is kept."""

    gemeente: Gemeentecode
    maanden: int
