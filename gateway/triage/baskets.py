"""Baskets (werkbakken): which one takes a message, by the municipality's own criteria in the municipality's own order.

Authority: decision 0008 (the gateway decides nothing about people): there is no criterion of ours, the first basket that matches
wins, and the default basket takes the rest, so that no message is ever dropped. Evaluated whenever a message is shown or claimed.
Leaves storing the setting to `gateway.partners.choices`.
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from schemas.instellingen import Standaardwerkbak, Voorwaarden, Werkbakken
from schemas.triage import Triage, Triagekenmerken

DEFAULT = Werkbakken(standaard=Standaardwerkbak(code="algemeen", naam="Algemeen", kanaal="brief"), werkbakken=[])


class Fact(NamedTuple):
    """What a basket can see of a message; a triage attribute that was not kept is None and meets no criterion."""

    soort: str
    sector: str
    bedrag_cent: int
    indeling: str
    schuldeiser: str
    crisis: bool
    wijk: str | None
    ouderdom: str | None


class Baskets:
    """One version of a municipality's baskets. Immutable."""

    def __init__(self, setting: Werkbakken) -> None:
        self.setting = setting
        self._rows = tuple((basket, _Criteria(basket.voorwaarden)) for basket in setting.werkbakken)
        self._districts = {postcode: wijk.code for wijk in setting.wijken for postcode in wijk.postcodes}

    def place(self, fact: Fact) -> Standaardwerkbak:
        """The basket that takes a message."""
        for basket, criteria in self._rows:
            if criteria.hold(fact):
                return basket
        return self.setting.standaard

    def matching(self, fact: Fact) -> list[str]:
        """The codes of all baskets whose criteria hold, in order; the default basket not included."""
        return [basket.code for basket, criteria in self._rows if criteria.hold(fact)]

    def shown(self, kept: Triage | None) -> Triagekenmerken | None:
        """The kept attributes as an inbox shows them: with the district instead of the postcode."""
        if kept is None:
            return None
        return Triagekenmerken(wijk=self._districts.get(kept.postcode4 or ""), ouderdom=kept.ouderdom)

    def of_partner(self, oin: str) -> frozenset[str]:
        """The codes of the baskets that this follow-up partner works."""
        return frozenset(b.code for b in self.setting.all() if b.opvolgpartner == oin)


class _Criteria:
    """The criteria of one basket: (position in `Fact`, values) pairs, and the bounds of the amount."""

    def __init__(self, given: Voorwaarden) -> None:
        lists = ("soort", given.soorten), ("sector", given.sectoren), ("indeling", given.indelingen), ("wijk", given.wijken)
        others = ("ouderdom", given.ouderdom), ("schuldeiser", given.schuldeisers), ("crisis", _one(given.crisis))
        self._any_of = [(Fact._fields.index(name), frozenset(values)) for name, values in (*lists, *others) if values]
        self._low = given.bedrag_vanaf_cent
        self._high = given.bedrag_tot_cent

    def hold(self, fact: Fact) -> bool:
        if self._low is not None and fact.bedrag_cent < self._low:
            return False
        if self._high is not None and fact.bedrag_cent >= self._high:
            return False
        return all(fact[position] in values for position, values in self._any_of)


def _one(value: bool | None) -> list[bool] | None:
    return None if value is None else [value]


@lru_cache(maxsize=512)
def compiled(stored: bytes | None) -> Baskets:
    """The baskets of a stored setting (canonical JSON), or of the default when there is none."""
    return Baskets(DEFAULT if stored is None else msgspec.json.decode(stored, type=Werkbakken))
