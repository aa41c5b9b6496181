"""What the log can say of what comes after a message: cases, feedback, follow-up, forwarding, letters and statistics.

Authority: AVG art. 5 lid 2 and 30; Wgs art. 3, 4 and 9. Nothing here says what came of a resident's case: that stays with the
municipality. Leaves what a municipality sets for these to `settings`.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Disclosure, Entry, Grounded
from schemas.inbox import Veldgroep
from schemas.terugkoppeling import Terugkoppelcode
from schemas.types import Gemeentecode, Oin


class ZaakGeopend(Entry, frozen=True, kw_only=True, tag="zaak.geopend"):
    """A message was taken up in a case."""

    gemeente: Gemeentecode
    bericht: UUID
    zaak: UUID


class InZaak(Entry, frozen=True, kw_only=True):
    """Something happened in a case; what came of it stays with the municipality."""

    gemeente: Gemeentecode
    zaak: UUID


class ContactpogingVastgelegd(InZaak, frozen=True, kw_only=True, tag="zaak.contactpoging"):
    """An attempt to reach the resident was written down."""


class ZaakAfgesloten(InZaak, frozen=True, kw_only=True, tag="zaak.afgesloten"):
    """A case got its result."""


class ContactgegevensVastgelegd(InZaak, frozen=True, kw_only=True, tag="zaak.contactgegevens_vastgelegd"):
    """Sealed contact data were added to a case."""


class ContactgegevensGelezen(InZaak, frozen=True, kw_only=True, tag="zaak.contactgegevens_gelezen"):
    """Sealed contact data of a case went to its municipality."""


class MijlpaalVastgelegd(Entry, frozen=True, kw_only=True, tag="mijlpaal.vastgelegd"):
    """The municipality told what its clocks go by (which kinds, never about whom)."""

    gemeente: Gemeentecode
    bericht: UUID
    mijlpalen: tuple[str, ...]


class TerugkoppelingVastgelegd(Grounded, frozen=True, kw_only=True, tag="terugkoppeling.vastgelegd"):
    """The sender of a message will hear a coarse status, along a row of the feedback policy (`registerversie` is the policy's)."""

    resultaat: Terugkoppelcode


class TerugkoppelingOnthouden(Entry, frozen=True, kw_only=True, tag="terugkoppeling.onthouden"):
    """The sender of a message hears nothing; `regels` says why, never of what."""

    gemeente: Gemeentecode
    bericht: UUID


class BerichtGedeeld(Grounded, frozen=True, kw_only=True, tag="bericht.gedeeld"):
    """The municipality shared group keys of a message with a follow-up partner, sealed to the partner's key."""

    ontvanger: Oin
    veldgroepen: tuple[Veldgroep, ...]


class OpvolgingGeclaimd(Disclosure, frozen=True, kw_only=True, tag="opvolging.geclaimd"):
    """Disclosed to a follow-up partner (`partij`) that acts for the municipality (`principaal`), by a claim in its sub-mailbox."""

    wijze: Literal["bemand", "onbemand"]
    medewerker: str | None = None


class OpvolgingBeeindigd(Entry, frozen=True, kw_only=True, tag="opvolging.beeindigd"):
    """A follow-up partner gave its messages back, or is done with them."""

    gemeente: Gemeentecode
    claim: UUID
    resultaat: Literal["vrijgegeven", "afgerond"]


class BerichtDoorgezonden(Entry, frozen=True, kw_only=True, tag="bericht.doorgezonden"):
    """The municipality sent a message on; this entry is the only link between the two. Never shown outside supervision."""

    gemeente: Gemeentecode
    bericht: UUID
    naar_gemeente: Gemeentecode
    naar_bericht: UUID


class BrievenGemaakt(Disclosure, frozen=True, kw_only=True, tag="brieven.gemaakt"):
    """Person data of a message went to its municipality in a merge file."""

    kanaal: Literal["brief", "mail", "sms"]


class StatistiekGeleverd(Entry, frozen=True, kw_only=True, tag="statistiek.geleverd"):
    """Data of a municipality and period went to the statistics, as a whole: single persons are not written down."""

    gemeente: Gemeentecode
    doel: str
    rij: str
    registerversie: str
    van: date
    tot: date
    aantal: int


class StatistiekAanvaard(Entry, frozen=True, kw_only=True, tag="statistiek.aanvaard"):
    """The residues up to and with a signal date were destroyed, because the period was accepted."""

    gemeente: Gemeentecode
    tot: date
    aantal: int
