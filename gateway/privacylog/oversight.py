"""What the log can say of oversight: whatever a privacy officer looks at or decides is on record as everything else is.

Authority: AVG art. 5 lid 2, 15, 21, 25 and 33; BIO2 8.15. Whom an officer looked for appears as commitments; reasons are codes.
"""

from typing import Literal
from uuid import UUID

from gateway.privacylog.entry import Entry
from schemas.inbox import Veldgroep
from schemas.types import Gemeentecode, Oin


class OverToezicht(Entry, frozen=True, kw_only=True):
    """An event of oversight in one municipality."""

    gemeente: Gemeentecode


class LogGezocht(OverToezicht, frozen=True, kw_only=True, tag="toezicht.gezocht"):
    """An officer searched the log; `gezocht` commits to each person or address looked for."""

    aantal: int
    gezocht: tuple[str, ...] = ()


class LogregelGelezen(OverToezicht, frozen=True, kw_only=True, tag="toezicht.regel_gelezen"):
    """An officer read one entry in full, with its proof."""

    regel: UUID


class InzageVerzocht(OverToezicht, frozen=True, kw_only=True, tag="inzage.verzocht"):
    """A resident's request was taken up and messages were found."""

    inzageverzoek: UUID
    gezocht: tuple[str, ...]
    aantal: int


class InzageBevestigd(OverToezicht, frozen=True, kw_only=True, tag="inzage.bevestigd"):
    """The municipality confirmed which of the messages and overviews are of the resident."""

    inzageverzoek: UUID
    aantal: int


class InzageVerstrekt(OverToezicht, frozen=True, kw_only=True, tag="inzage.verstrekt"):
    """The extract was made: so many processings."""

    inzageverzoek: UUID
    aantal: int


class LekOnderzocht(OverToezicht, frozen=True, kw_only=True, tag="lek.onderzocht"):
    """An officer asked how many were touched by a partner, key or period."""

    aantal: int
    onderwerp: Literal["deelnemer", "sleutel", "periode"]
    deelnemer: Oin | None = None


class WachtrijGelezen(OverToezicht, frozen=True, kw_only=True, tag="toezicht.wachtrij_gelezen"):
    """An officer read which accesses are not explained."""

    aantal: int


class DagbeeldGelezen(OverToezicht, frozen=True, kw_only=True, tag="toezicht.dagbeeld_gelezen"):
    """An officer read how many accesses each member of staff had in each hour of a day."""

    aantal: int


class ToegangBeoordeeld(OverToezicht, frozen=True, kw_only=True, tag="toegang.beoordeeld"):
    """An officer signed an access off."""

    regel: UUID
    resultaat: Literal["in_orde", "in_onderzoek", "misbruik"]


class EigenAdresVastgelegd(OverToezicht, frozen=True, kw_only=True, tag="toezicht.eigen_adres"):
    """An address of one of the municipality's staff was written down, as a commitment."""

    medewerker: str
    betrokkene: str


class OverOntzegeling(OverToezicht, frozen=True, kw_only=True):
    """An event of one unsealing."""

    ontzegeling: UUID
    bericht: UUID


class OntzegelingGevraagd(OverOntzegeling, frozen=True, kw_only=True, tag="ontzegeling.gevraagd"):
    """An officer asked for the name in a message, with a reason."""

    reden: Literal["klacht", "misbruik", "datalek", "inzageverzoek", "vordering"]


class OntzegelingBesloten(OverOntzegeling, frozen=True, kw_only=True, tag="ontzegeling.besloten"):
    """Somebody else agreed, or did not."""

    resultaat: Literal["goedgekeurd", "afgewezen"]


class NaamOntzegeld(OverOntzegeling, frozen=True, kw_only=True, tag="ontzegeling.geopend"):
    """What opens the name went to the officer that asked."""

    doel: str
    rij: str
    veldgroepen: tuple[Veldgroep, ...]
