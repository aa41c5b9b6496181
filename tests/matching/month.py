"""A synthetic month with planted addresses: what comes when, from whom, spelled how, and what must be found.

The truth is written down per household before anything is delivered, from the definitions in `docs/matching.md`; nothing here
asks the gateway. House numbers are even; a typing error makes one odd, so that it never hits another household.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same month again
from typing import Any, NamedTuple

import schemas
from adapters.synthetic.generator import Creditor, Generator, Place
from tests.flows.world import HAARLEM, NAME, UTRECHT

Found = frozenset[str]
VARIANTS: list[dict[str, Any]] = json.loads((Path(schemas.__file__).parent / "vectors" / "adresvarianten.json").read_text("utf-8"))
OINS = {
    "huur": "00000099000000001000", "elektriciteit": "00000099000000004000", "gas": "00000099000000004000",
    "drinkwater": "00000099000000005000", "zorgverzekering": "00000099000000006000", "warmte": "00000099000000007000",
}  # fmt: skip
TOWNS = {HAARLEM: ("2011", ("Haarlem", "HAARLEM", "haarlem")), UTRECHT: ("3511", ("Utrecht", "UTRECHT", "utrecht"))}
LETTERS = ["".join(pair) for pair in product("ABCDEGHJKLMNPRSTVWXZ", repeat=2) if "".join(pair) not in ("SA", "SD", "SS")]
TYPING_ERRORS = 0.05
PER_DOOR = 3  # households at one postcode and number, told apart by their addition only


class Step(NamedTuple):
    """One signal of a household: sector, which contract and tenant, the amount, and what must be found at it."""

    sector: str
    found: tuple[str, ...] = ()
    contract: int = 1
    tenant: int = 0
    amount: int = 50_000


class Kind(NamedTuple):
    """A planted household: what came last month (picked up or not), what comes now, and how often it is planted."""

    weight: int
    now: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    picked_up: bool = False


M, C, H = "meervoudig", "opeenvolgend", "herhaald"
KINDS = {
    "one signal": Kind(40, (Step("huur"),)),
    "co-tenants": Kind(8, (Step("huur", tenant=0), Step("huur", tenant=1))),
    "two products of one supplier": Kind(8, (Step("elektriciteit"), Step("gas"))),
    "two creditors": Kind(10, (Step("huur", (M,)), Step("drinkwater", (M,)))),
    "three creditors": Kind(5, (Step("zorgverzekering", (M,)), Step("gas", (M,)), Step("warmte", (M,)))),
    "two contracts": Kind(4, (Step("huur", (M,)), Step("huur", (M,), contract=2))),
    "after another creditor": Kind(8, (Step("huur", (C,)),), (Step("drinkwater"),)),
    "again, never picked up": Kind(4, (Step("huur", (C,)),), (Step("huur"),)),
    "both": Kind(4, (Step("huur", (M, C)), Step("elektriciteit", (M, C))), (Step("zorgverzekering"),)),
    "repeat": Kind(5, (Step("huur", (H, C)),), (Step("huur"),), picked_up=True),
    "lower repeat": Kind(3, (Step("gas", (H, C), amount=40_000),), (Step("gas"),), picked_up=True),
    "higher": Kind(4, (Step("huur", (C,), amount=50_001),), (Step("huur"),), picked_up=True),
    "repeat and another": Kind(3, (Step("huur", (M, H, C)), Step("drinkwater", (M, C))), (Step("huur"),), picked_up=True),
}


class Planted(NamedTuple):
    """One signal on its way. `clean` is False when it, or another signal of its household, has a typing error."""

    value: dict[str, Any]
    oin: str
    found: Found
    clean: bool


class Month(NamedTuple):
    """Everything, by the moment at which it comes."""

    picked_up: list[Planted]
    before: list[Planted]
    now: list[Planted]


class Author:
    """Writes a month of about `size` signals."""

    def __init__(self, seed: int, before: date, now: date) -> None:
        self._random = Random(seed)  # seeded: the same month again
        self._streams = {
            (moment, sector): Generator(seed + nr, [Place("2011", "Haarlem", HAARLEM)], day, [Creditor(oin, sector, NAME)]).signals(10**7)
            for nr, ((moment, day), (sector, oin)) in enumerate(product((("before", before), ("now", now)), OINS.items()))
        }

    def month(self, size: int) -> Month:
        """Plant households until there are `size` signals."""
        month = Month([], [], [])
        kinds, weights = list(KINDS.values()), [kind.weight for kind in KINDS.values()]
        household = 0
        while sum(map(len, month)) < size:
            self._plant(household, self._random.choices(kinds, weights)[0], month)
            household += 1
        for part in month:
            self._random.shuffle(part)
        return month

    def _plant(self, household: int, kind: Kind, month: Month) -> None:
        door, place = divmod(household, PER_DOOR)
        gemeente = (HAARLEM, UTRECHT)[door % 2]
        number, letters = divmod(door // 2, len(LETTERS))
        variants = VARIANTS[(door + place * 11) % len(VARIANTS)]
        tenants = [self._tenant(f"{household}-{n}") for n in range(2)]
        typed = [self._random.random() < TYPING_ERRORS for _ in kind.now]
        (month.picked_up if kind.picked_up else month.before).extend(
            self._signal("before", step, self._adres(gemeente, letters, 2 * number + 2, variants, step), tenants, household, clean=True)
            for step in kind.before
        )
        for step, wrong in zip(kind.now, typed, strict=True):
            adres = self._adres(gemeente, letters, 2 * number + 2 + wrong, variants, step)
            month.now.append(self._signal("now", step, adres, tenants, household, clean=not any(typed)))

    def _adres(self, gemeente: str, letters: int, number: int, variants: dict[str, Any], step: Step) -> dict[str, Any]:
        area, spellings = TOWNS[gemeente]
        letter, addition = variants[step.sector]
        adres = {"postcode": area + LETTERS[letters], "huisnummer": number, "woonplaats": self._random.choice(spellings)}
        return adres | ({"huisletter": letter} if letter else {}) | ({"toevoeging": addition} if addition else {})

    def _tenant(self, name: str) -> dict[str, Any]:
        born = f"{1940 + self._random.randrange(60)}-{1 + self._random.randrange(12):02}-{1 + self._random.randrange(28):02}"
        return {"voorletters": "T.", "achternaam": f"Testpersoon {name}", "geboortedatum": born}

    def _signal(
        self, moment: str, step: Step, adres: dict[str, Any], tenants: list[dict[str, Any]], household: int, *, clean: bool
    ) -> Planted:
        value = next(self._streams[moment, step.sector])
        role = value["personen"][0]["rol"]
        changes = {
            "adres": adres,
            "personen": [{"rol": role, **tenants[step.tenant]}],
            "contractkenmerk": f"C-{household}-{step.contract}",
            "achterstand": {**value["achterstand"], "bedragCent": step.amount},
        }
        return Planted({**value, **changes}, OINS[step.sector], frozenset(step.found), clean)


def deliveries(planted: list[Planted], size: int, random: Random) -> Iterator[list[Planted]]:
    """The signals of each creditor, cut into deliveries, in no order."""
    by_creditor: dict[str, list[Planted]] = {}
    for one in planted:
        by_creditor.setdefault(one.oin, []).append(one)
    cut = [part[begin : begin + size] for part in by_creditor.values() for begin in range(0, len(part), size)]
    random.shuffle(cut)
    yield from cut
