"""A creditor's own data quality per month: reject rate, wrongful rate, findings of the gateway's own checks.

Authority: `docs/contract.md`, `/schuldeiser/v1`; rule VS-24 (reject rate, wrongful rate). Figures of the asking creditor only; what
municipalities report comes as whole tens, never below ten, and never with a kenmerk.
"""

from datetime import date
from typing import Annotated

from msgspec import Meta

from schemas.types import Kenmerk, Oin, Wire

_Aandeel = Annotated[float, Meta(ge=0, le=1)]


class ControleAantal(Wire, frozen=True, kw_only=True):
    """How many delivered signals one check found fault with, and some of them by the creditor's own kenmerk."""

    code: str
    aantal: int
    voorbeelden: list[Kenmerk]


class KwaliteitMaand(Wire, frozen=True, kw_only=True):
    """One month. `score` is the share of delivered signals without a quality finding."""

    maand: date
    aangeboden: int
    bezorgd: int
    geweigerd: int
    in_quarantaine: int
    onterecht_ingetrokken: int
    aandeel_geweigerd: _Aandeel
    aandeel_onterecht: _Aandeel
    score: _Aandeel


class GemeldAantal(Wire, frozen=True, kw_only=True):
    """What municipalities reported together over the whole period, rounded down to tens; absent below ten."""

    code: str
    minstens: int


class Kwaliteit(Wire, frozen=True, kw_only=True):
    """The figures over whole months: `van` is a first day of a month, `tot` a last one."""

    schuldeiser: Oin
    van: date
    tot: date
    maanden: list[KwaliteitMaand]
    controles: list[ControleAantal]
    gemeld: list[GemeldAantal]
