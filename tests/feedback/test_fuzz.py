"""Must show 5: whatever municipalities do with signals, a creditor sees nothing outside the whitelist.

3,000 outcomes; 20,000 with SEINHUIS_PROOF=1.

The outcomes go through the real flows on a real database; the whitelist is written from the rules (`whitelist.py`).
"""

import os
import random  # noqa: TID251 - seeded
from collections import defaultdict
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest

from gateway.feedback import feed
from gateway.feedback.policy import FeedbackPolicy
from schemas.codelijsten import Berichtstatus, Eindresultaat
from schemas.terugkoppeling import Terugkoppelcode
from schemas.zaken import ZaakBericht
from tests.feedback.town import CLERK, COUNSELLOR, LANDLORD, OTHER, Town
from tests.feedback.whitelist import Happened, violations

SIZE = 20_000 if os.environ.get("SEINHUIS_PROOF") else 3_000
BATCH = 250
RESULTS, STATUSES, CODES = get_args(Eindresultaat), get_args(Berichtstatus), get_args(Terugkoppelcode)
REASONS = ("geen_inwoner", "onterecht_signaal", "herhaalde_melding", "onleesbaar", "andere_reden")
OWN_STATUS = {"onterecht_signaal", "herhaalde_melding", "andere_reden", "geen_inwoner"}
SENDERS = (LANDLORD, OTHER)


class Fuzz:
    """Does things at random and remembers, per creditor and kenmerk, what it did."""

    def __init__(self, town: Town, seed: int, *, choosing: bool) -> None:
        self.town = town
        self.random = random.Random(seed)
        self.happened: dict[str, dict[str, set[Happened]]] = {s.principal: defaultdict(set) for s in SENDERS}
        self.owners: dict[UUID, tuple[str, str]] = {}
        self.ground = False
        self.outcomes = 0
        self.cases = 0
        self.choosing = choosing

    def note(self, id: UUID, key: str, by: Any) -> None:
        principal, kenmerk = self.owners[id]
        self.happened[principal][kenmerk].add(Happened(key, by is COUNSELLOR, self.ground))
        self.outcomes += 1

    def batch(self) -> None:
        ids = self._taken()
        if self.choosing:
            self._choose()
        while ids:
            some = [ids.pop() for _ in range(min(len(ids), self.random.randint(1, 3)))]
            self.random.choices((self._close, self._reject, self._tell), (5, 2, 4))[0](some)
        self.town.clock.advance(timedelta(hours=self.random.randint(1, 100)))
        self.town.release()

    def _taken(self) -> list[UUID]:
        ids: list[UUID] = []
        for sender in SENDERS:
            ids += self.town.take(BATCH // 2, sender=sender)
        found = self.town.rows("SELECT id, principal, kenmerk FROM bericht WHERE id = ANY (%s)", ids)
        self.owners |= {id: (principal, kenmerk) for id, principal, kenmerk in found}
        self.random.shuffle(ids)
        return ids

    def _choose(self) -> None:
        for code in self.random.sample(CODES, 2):
            on = self.random.random() < 0.7
            if code == "hulp_geaccepteerd":
                self.ground = on
            self.town.choose(code, on=on, since=self.town.today if code == "hulp_geaccepteerd" and on else None)

    def _close(self, ids: list[UUID]) -> None:
        self.cases += 1
        by = self.random.choice((CLERK, CLERK, COUNSELLOR))
        result = self.random.choice(RESULTS)
        own = {id: self.random.choice(STATUSES) for id in ids if self.random.random() < 0.4}
        for id in ids:
            status = own.get(id, "opgepakt")
            self.note(id, f"status.{status}" if status in OWN_STATUS else f"resultaat.{result}", by)
        berichten = [ZaakBericht(bericht=id, status=status, grond=self._ground()) for id, status in own.items()]
        self.town.finish(self.town.open(*ids, nummer=f"Z-{self.cases}"), result, by, berichten=berichten)
        if self.random.random() < 0.3:
            self._tell(ids)

    def _reject(self, ids: list[UUID]) -> None:
        for id in ids:
            reason = self.random.choice(REASONS)
            self.note(id, f"afwijzing.{reason}", CLERK)
            self.town.reject(id, reason)

    def _tell(self, ids: list[UUID]) -> None:
        for _ in range(self.random.randint(1, 3)):
            by, code = self.random.choice((CLERK, COUNSELLOR)), self.random.choice(CODES)
            for id in ids:
                self.note(id, f"verzoek.{code}", by)
            self.town.give(*ids, code=code, by=by, grond=self._ground())

    def _ground(self) -> Any:
        return self.random.choice((None, None, "onder_drempel", "rechtspersoon"))

    def seen(self) -> tuple[int, list[str]]:
        """How many items the creditors see in all, and what is wrong with them."""
        total, wrong = 0, []
        for sender in SENDERS:
            own, cursor, more = dict(self.happened[sender.principal]), 0, True
            while more:
                body = msgspec.json.encode(feed.page(self.town.ingest, sender.principal, cursor, self.random.randint(1, 500)))
                page = msgspec.json.decode(body)
                assert page.keys() == {"terugkoppelingen", "volgende"}
                more, cursor = bool(page["terugkoppelingen"]), int(page["volgende"])
                total += len(page["terugkoppelingen"])
                wrong += [w for item in page["terugkoppelingen"] for w in violations(item, own)]
        return total, wrong


def run(town: Town, size: int, seed: int, *, choosing: bool = True) -> Fuzz:
    fuzz = Fuzz(town, seed, choosing=choosing)
    while fuzz.outcomes < size:
        fuzz.batch()
    town.week()
    return fuzz


def test_no_creditor_sees_anything_outside_the_whitelist(town: Town) -> None:
    fuzz = run(town, SIZE, seed=20261122)
    total, wrong = fuzz.seen()
    print(f"{fuzz.outcomes} outcomes, {total} items seen, {len(wrong)} outside the whitelist")  # noqa: T201 - the figure is the point
    assert wrong == []
    standing = town.rows("SELECT count(*), count(nr) FROM terugkoppeling WHERE NOT herroepen")
    assert standing == [(total, total)]
    assert total > fuzz.outcomes // 4
    assert {code for (code,) in town.rows("SELECT DISTINCT code FROM terugkoppeling")} == set(CODES)


LEAKS = {
    "an outcome under a more telling code": (
        "TK-06",
        {"uitkomsten": ("resultaat.vervolghulp_financieel",), "alleen_schuldhulpverlener": False},
    ),
    "a text that says why": ("TK-04", {"tekst": "Dit signaal is niet opgepakt wegens detentie."}),
    "a death as a status of a message": ("TK-05", {"uitkomsten": ("resultaat.overleden", "verzoek.overleden")}),
    "a pause that shows help": ("TK-09", {"pauze_dagen": 30}),
    "counselling told by anybody": ("TK-06", {"alleen_schuldhulpverlener": False}),
    "accepted help without a ground": ("TK-08", {"grond_vereist": False, "standaard": True}),
}


@pytest.mark.parametrize(("row", "changes"), LEAKS.values(), ids=LEAKS)
def test_positive_control_a_policy_row_that_leaks_is_caught(town: Town, row: str, changes: dict[str, Any]) -> None:
    rows = [r for r in FeedbackPolicy.load().rows if r.id != row]
    (leaking,) = [msgspec.structs.replace(r, **changes) for r in FeedbackPolicy.load().rows if r.id == row]
    town.policy(FeedbackPolicy([leaking, *rows]))
    _, wrong = run(town, 400, seed=8, choosing=False).seen()
    assert wrong


def test_positive_control_a_field_or_kenmerk_too_many_is_caught() -> None:
    own = {"K-1": {Happened("resultaat.overleden")}}
    item = {"kenmerk": "K-1", "code": "overleden", "omschrijving": "Deze persoon is overleden.", "week": "2026-W48"}
    assert violations(item, own) == []
    assert violations({**item, "gemeente": "0344"}, own) == ["field gemeente"]
    assert violations({**item, "kenmerk": "K-2"}, own) == ["kenmerk of another"]
    assert violations({**item, "week": "2026-11-20"}, own) == ["week"]
    assert violations(item, {"K-1": {Happened("status.overleden")}}) == ["overleden after ['status.overleden']"]
