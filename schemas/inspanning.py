"""The report of a creditor's own efforts before its signals: shares, channels and days, per sector.

Authority: contract, "/schuldeiser/v1"; Bgs art. 2. Figures of the asking creditor only; no figure names a person or a signal.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta

from schemas.types import Oin, Sector, Wire

_Aandeel = Annotated[float, Meta(ge=0, le=1)]


class Dagen(Wire, frozen=True, kw_only=True):
    """Days between the first effort and the signal: a tenth waits at most `p10`, half `mediaan`, nine tenths `p90`."""

    p10: int
    mediaan: int
    p90: int


class SectorInspanning(Wire, frozen=True, kw_only=True):
    """One sector. `met_verklaring` rests on a declaration; the other shares are of the signals with dated facts.

    `kanalen` counts the signals in which a channel was used; `dagen_tot_signaal` is absent when no dated effort is left.
    """

    sector: Sector
    signalen: int
    met_verklaring: int
    met_persoonlijk_contact: int
    onder_norm: int
    aandeel_verklaring: _Aandeel
    aandeel_persoonlijk_contact: _Aandeel
    aandeel_onder_norm: _Aandeel
    kanalen: dict[str, int]
    dagen_tot_signaal: Dagen | None = None


class Inspanningsverslag(Wire, frozen=True, kw_only=True):
    """The report over the days of receipt `van` up to and with `tot`. After twelve months only whole months are counted."""

    schuldeiser: Oin
    van: date
    tot: date
    sectoren: list[SectorInspanning]
