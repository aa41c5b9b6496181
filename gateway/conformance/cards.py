"""The cards of a creditor: invented persons to deliver signals about, as they stand in an administration, and mended where a card says so.

The same cards for the same partner on the same day. Amounts stand in euros, as people write them: turning them into cents is the partner's.
The kenmerk is the partner's own. Leaves what each card is for to the scenarios. Persons and effort are those of `adapters.synthetic`.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, NamedTuple

from adapters.synthetic.generator import Creditor, Generator, Place
from gateway.conformance import judging_creditor as names
from gateway.conformance.cast import GEMEENTEN
from gateway.partners.register import Deelnemer

PLACE = Place("3511", GEMEENTEN[0].naam, GEMEENTEN[0].code)
ELSEWHERE = GEMEENTEN[1].naam
SIGNALLED = frozenset({"huur", "elektriciteit", "gas", "warmte", "drinkwater", "zorgverzekering"})
_FIRST_NUMBER = 101
_SEED = 84
_API = (
    names.EERSTE, names.VERLOREN, names.WACHTEN, names.VERBETEREN, names.MEERDUIDIG, names.CENTEN, names.BETAALD, names.ONECHT, *names.REEKS
)  # fmt: skip
BY_FILE = ("bestand-1", "bestand-2", "bestand-fout")
STAND = names.STAND


class Kaart(NamedTuple):
    """One case: `signaal` as it stands in the administration (no kenmerk, no cents), `verbeterd` the same once it was mended."""

    naam: str
    bedrag: str
    signaal: Mapping[str, Any]
    verbeterd: Mapping[str, Any] | None = None

    @property
    def cents(self) -> int:
        """The amount as it must arrive."""
        return int(self.bedrag.replace(".", "").replace(",", ""))

    @property
    def place(self) -> tuple[str, int]:
        """What tells it from all other cards."""
        adres = self.signaal["adres"]
        return adres["postcode"], adres["huisnummer"]


def cards(row: Deelnemer, today: date) -> dict[str, Kaart]:
    """Every card for a creditor, by name; none when it delivers no signals."""
    if not may_signal(row):
        return {}
    creditor = Creditor(row.oin, min(row.sectoren & SIGNALLED), sorted(row.handelsnamen or {row.naam})[0])
    signals = Generator(_SEED, [PLACE], today, [creditor]).signals(len(_API) + len(BY_FILE) + len(STAND))
    made = {}
    for nr, (name, signal) in enumerate(zip((*_API, *BY_FILE, *STAND), signals, strict=True)):
        made[name] = _card(name, nr, deepcopy(signal), today)
    return made


def may_signal(row: Deelnemer) -> bool:
    """Whether a partner delivers signals at all."""
    return "signaalpartner" in row.rollen and bool(row.sectoren & SIGNALLED)


def amount(nr: int, name: str) -> int:
    """The arrears of a card in cents, each its own."""
    return names.CENTEN_BEDRAG if name == names.CENTEN else 41_000 + 111 * nr


def _card(name: str, nr: int, signal: dict[str, Any], today: date) -> Kaart:
    cents = amount(nr, name)
    del signal["kenmerk"], signal["achterstand"]["bedragCent"]
    signal["adres"] = {"postcode": f"{PLACE.postcode4}AB", "huisnummer": _FIRST_NUMBER + nr, "woonplaats": PLACE.woonplaats}
    text = f"{cents // 100:,},{cents % 100:02d}".replace(",", ".", 1) if cents >= 100_000 else f"{cents // 100},{cents % 100:02d}"
    if name == names.MEERDUIDIG:
        signal["adres"]["woonplaats"] = ELSEWHERE
        return Kaart(name, text, signal, {**signal, "adres": {**signal["adres"], "gemeentecode": PLACE.gemeentecode}})
    if name in {names.VERBETEREN, BY_FILE[2]}:
        late = {**signal["achterstand"], "ontstaansdatum": (today + timedelta(days=40)).isoformat()}
        return Kaart(name, text, {**signal, "achterstand": late}, signal)
    if name == names.FOUT_IN_REEKS:
        return Kaart(name, text, {**signal, "contact": {"telefoonnummers": ["06-12345678"]}}, signal)
    return Kaart(name, text, signal)
