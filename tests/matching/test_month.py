"""Must show 3: a month with planted addresses, in many deliveries at once. On the variants all is found and nothing invented.

CI runs 10,000 signals, SEINHUIS_PROOF=1 runs 100,000. Signals with a typing error, and those of their household, are counted apart.
"""

import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same order again
from uuid import UUID

import pytest

from gateway.core.chain import Inbound, Sender
from gateway.inboxes import claiming, reading
from gateway.meldingen import listing
from gateway.meldingen.listing import Filter
from gateway.signals.receive import receive
from gateway.store.prepare import Dsns
from schemas.inbox import ClaimBevestiging
from schemas.meldingen import Melding
from tests.flows.world import CLERK, HAARLEM, TRACE, UTRECHT
from tests.matching.month import Author, Month, Planted, deliveries
from tests.matching.world import MatchingWorld

SIZE = 100_000 if os.environ.get("SEINHUIS_PROOF") == "1" else 10_000
WRITERS, DELIVERY = 6, 250
TOWNS = (HAARLEM, UTRECHT)
Sent = dict[UUID, Planted]


class Delivered:
    """A month that went through the flow; `sent` has what was planted by message id."""

    def __init__(self, world: MatchingWorld) -> None:
        self.world = world
        now = world.clock.now()
        before = now - timedelta(days=40)
        self.month: Month = Author(7, before.date(), world.today).month(SIZE)
        self.sent: Sent = {}
        world.clock.at = before
        self._deliver(self.month.picked_up)
        self._pick_up()
        self._deliver(self.month.before)
        world.clock.at = now
        self.now = self._deliver(self.month.now)

    def _deliver(self, planted: Sequence[Planted]) -> Sent:
        """Many deliveries at once, numbered meanwhile."""
        done = threading.Event()
        sent: Sent = {}

        def number() -> None:
            while not done.is_set():
                self.world.number()

        def send(part: list[Planted]) -> list[tuple[UUID, Planted]]:
            sender = Sender(part[0].oin, part[0].oin)
            chunk = [Inbound(nr, sender, TRACE, self.world.clock.now(), f"/signalen/{nr}", one.value) for nr, one in enumerate(part)]
            outcomes = receive(chunk, self.world.steps)
            assert [o.status for o in outcomes if o.status != "bezorgd"] == [], [o.findings for o in outcomes if o.status != "bezorgd"][:1]
            return [(o.id, one) for o, one in zip(outcomes, part, strict=True) if o.id]

        sequencer = threading.Thread(target=number)
        sequencer.start()
        with ThreadPoolExecutor(WRITERS) as pool:
            for pairs in pool.map(send, deliveries(list(planted), DELIVERY, Random(1))):
                sent.update(pairs)
        done.set()
        sequencer.join()
        self.world.number()
        self.sent.update(sent)
        return sent

    def _pick_up(self) -> None:
        for gemeente in TOWNS:
            while (claim := self.world.claim(gemeente, maximum=500)).berichten:
                claiming.acknowledge_claim(CLERK, gemeente, TRACE, claim.id, ClaimBevestiging(status="ontvangen"), self.world.desk)
        self.world.number()
        self.world.clock.advance(timedelta(days=1))

    def shown(self) -> Iterator[tuple[UUID, frozenset[str]]]:
        """What the inboxes say of every message of this month."""
        for gemeente in TOWNS:
            after = 0
            while page := reading.page(gemeente, self.world.desk, after=after, limit=500).berichten:
                yield from ((b.id, frozenset(b.kenmerken or ())) for b in page if b.id in self.now)
                after = page[-1].volgnummer

    def meldingen(self) -> Iterator[Melding]:
        """The feed, to its end."""
        for gemeente in TOWNS:
            after, last = -1, 0
            while after != last:
                after = last
                page = listing.page(gemeente, self.world.matcher, after=after, limit=500, wanted=Filter())
                yield from page.meldingen
                last = int(page.volgende)


@pytest.fixture
def delivered(dsns: Dsns, tmp_path: Path) -> Iterator[Delivered]:
    world = MatchingWorld(dsns, tmp_path)
    yield Delivered(world)
    world.close()


def test_every_planted_multiple_consecutive_and_repeat_is_found_and_none_invented(delivered: Delivered) -> None:
    tally: dict[bool, Counter[tuple[str, str]]] = {True: Counter(), False: Counter()}
    shown = dict(delivered.shown())
    assert shown.keys() == delivered.now.keys()
    for id, planted in delivered.now.items():
        for kind in ("meervoudig", "opeenvolgend", "herhaald"):
            said, true = kind in shown[id], kind in planted.found
            tally[planted.clean][kind, ("neither", "invented", "missed", "found")[2 * true + said]] += 1
    _print(delivered, tally)
    for kind in ("meervoudig", "opeenvolgend", "herhaald"):
        assert tally[True][kind, "found"] > SIZE // 50
        assert (tally[True][kind, "missed"], tally[True][kind, "invented"]) == (0, 0)
    assert sum(tally[False][kind, "missed"] for kind in ("meervoudig", "opeenvolgend", "herhaald")) > 0  # the control: errors do hide
    _check_feed(delivered)
    _check_pseudonyms(delivered)


def _check_feed(delivered: Delivered) -> None:
    """The feed shows each melding once when nothing changes any more, with all its messages and what they say."""
    meldingen = list(delivered.meldingen())
    assert len({m.id for m in meldingen}) == len(meldingen)
    assert sorted(id for m in meldingen for id in m.berichten) == sorted(delivered.sent)
    for melding in meldingen:
        planted = [delivered.sent[id] for id in melding.berichten]
        if melding.berichten[0] in delivered.now and all(one.clean for one in planted):
            for kind in ("meervoudig", "opeenvolgend"):
                assert (kind in melding.kenmerken) == all(kind in one.found for one in planted)


def _check_pseudonyms(delivered: Delivered) -> None:
    """No pseudonym is in two municipalities, also not of one person and contract that were signalled in both."""
    for column in ("address", "person", "contract"):
        ((shared,),) = delivered.world.rows(
            f"SELECT count(*) FROM (SELECT {column} FROM bericht GROUP BY {column} HAVING count(DISTINCT gemeente) > 1) AS d"
        )
        assert shared == 0
    signal = delivered.world.signal()
    other = delivered.world.signals(1, gemeente=UTRECHT)[0]
    same = {"personen": signal["personen"], "contractkenmerk": "ZELFDE"}
    for adres in (signal["adres"], signal["adres"], other["adres"]):
        delivered.world.give({**delivered.world.signal(), "adres": adres, **same})
    rows = delivered.world.rows("SELECT gemeente, person, contract FROM bericht ORDER BY received DESC, id DESC LIMIT 3")
    (there, *_), one, two = rows
    assert (there, one[0], two[0]) == (UTRECHT, HAARLEM, HAARLEM)
    assert one == two  # the control: within one municipality the same person has the same pseudonym
    assert not {rows[0][1], rows[0][2]} & {one[1], one[2]}


def _print(delivered: Delivered, tally: dict[bool, Counter[tuple[str, str]]]) -> None:
    say = sys.stdout.write
    say(f"{len(delivered.sent)} signals, {len(delivered.now)} this month, {sum(not p.clean for p in delivered.now.values())} apart\n")
    for clean, name in ((True, "variants"), (False, "typing errors")):
        for kind in ("meervoudig", "opeenvolgend", "herhaald"):
            found, missed, invented = (tally[clean][kind, outcome] for outcome in ("found", "missed", "invented"))
            precision, recall = found / max(1, found + invented), found / max(1, found + missed)
            say(f"{name:14} {kind:13} found {found:6} missed {missed:5} invented {invented:5} ")
            say(f"precision {precision:.4f} recall {recall:.4f}\n")
