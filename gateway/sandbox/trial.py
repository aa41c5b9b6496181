"""`seinhuis sandbox --once`: plays the integrator's part too, and sees whether every row of the tables comes out.

Authority: `scenarios` and `docs/zandbak.md`. Leaves the partners to `desk` and `creditors`.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table

from adapters.client.base import pages
from adapters.client.gemeente import Gemeente
from adapters.client.inbox import Inbox
from adapters.client.schuldeiser import Schuldeiser
from gateway.sandbox.creditors import Creditor
from gateway.sandbox.desk import DOEL, Desk
from gateway.sandbox.scenarios import AANBOD, BEHANDELINGEN, Beantwoording, beantwoordingen
from schemas.regelingen import (
    BenaderdeMetGrondslag,
    BenaderdeMetVoorstel,
    BetaalvoorstelAanvraag,
    KennisgevingAanvraag,
    RegelingClient,
    Regelingsoort,
    Voorstelvordering,
)
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, KlantOnbekend, OverzichtClient, Overzichtsaanvraag
from schemas.signaal import Signaal

PATIENCE_SECONDS = 60.0
_STEP = 0.2


class Practice(NamedTuple):
    """A running sandbox: the canned municipality and creditors, the integrator's two clients, examples, and who may be asked (OIN)."""

    desk: Desk
    canned: Sequence[Creditor]
    you: Schuldeiser
    town: Gemeente
    signals: Sequence[Signaal]
    creditors: Sequence[str]
    today: date

    def step(self) -> list[str]:
        """One round of all canned partners. Raises ClientError, NotOpened, NotGenuine."""
        return [*self.desk.look(), *(line for creditor in self.canned for line in creditor.look())]


class Outcome(NamedTuple):
    """One row: what was chosen, what must come out, and what came out."""

    choice: str
    expected: str
    found: str


def go_through(practice: Practice, console: Console, client: OverzichtClient, patience: float = PATIENCE_SECONDS) -> bool:
    """The whole table, shown; `patience` in seconds for each part. Returns whether every row came out.

    Raises ClientError, NotOpened, NotGenuine.
    """
    outcomes = [*_signals(practice, patience), *_questions(practice, client, patience)]
    outcomes += [*_arranged(practice, client, patience), *_inbox(practice, patience), *_answered(practice)]
    table = Table("keuze", "moet worden", "werd")
    for one in outcomes:
        table.add_row(*one)
    console.print(table)
    wrong = [one.choice for one in outcomes if one.expected != one.found]
    console.print("zandbak: OK" if not wrong else f"zandbak: MISLUKT: {', '.join(wrong)}", markup=False)
    return not wrong


def _signals(practice: Practice, patience: float) -> Iterator[Outcome]:
    """As a creditor: deliver one of each, and see status and feedback."""
    ids = {row.achternaam: practice.you.deliver(one).id for row, one in zip(BEHANDELINGEN, practice.signals, strict=True)}
    wanted = {row.achternaam: row.status for row in BEHANDELINGEN}
    kenmerken = {one.kenmerk: row.achternaam for row, one in zip(BEHANDELINGEN, practice.signals, strict=True)}
    direct = {row.achternaam: row.terugkoppeling for row in BEHANDELINGEN if row.terugkoppeling and row.vrijgave == "direct"}
    told: dict[str, str] = {}

    def done() -> bool:
        told.update({kenmerken[line.kenmerk]: line.code for page in pages(practice.you.feedback) for line in page.terugkoppelingen})
        return _states(practice, ids) == wanted and told == direct

    _until(practice, done, patience)
    for name, status in _states(practice, ids).items():
        expected = " ".join(filter(None, (wanted[name], direct.get(name))))
        yield Outcome(name, expected, " ".join(filter(None, (status, told.get(name)))))


def _states(practice: Practice, ids: dict[str, UUID]) -> dict[str, str]:
    return {name: practice.you.state(id).status for name, id in ids.items()}


def _questions(practice: Practice, client: OverzichtClient, patience: float) -> Iterator[Outcome]:
    """As a municipality: ask a creditor per row, and see what each answers."""
    rows = dict(zip(practice.creditors, beantwoordingen(practice.today), strict=False))
    named = [GevraagdeSchuldeiser(oin=oin, klantnummer=row.klantnummer) for oin, row in rows.items()]
    asked = practice.town.ask(
        Overzichtsaanvraag(kenmerk="PROEF-SO-1", zaaknummer="PROEF-1", grond="plan_van_aanpak", client=client, schuldeisers=named)
    )

    def states() -> dict[str, str]:
        return {vraag.schuldeiser: vraag.staat for vraag in practice.town.overview(asked.id).vragen}

    _until(practice, lambda: states() == {oin: row.staat for oin, row in rows.items()}, patience)
    found = states()
    yield from (Outcome(row.klantnummer, row.staat, found[oin]) for oin, row in rows.items())
    owed = sum(_saldo(row) for row in rows.values())
    totaal = practice.town.assembled(asked.id).totaal
    yield Outcome("som van het overzicht", str(owed), str(totaal.saldo_cent if totaal else None))


def _arranged(practice: Practice, client: OverzichtClient, patience: float) -> Iterator[Outcome]:
    """As a municipality: a pause and a proposal to a creditor per row."""
    rows = dict(zip(practice.creditors, beantwoordingen(practice.today), strict=False))
    whom = RegelingClient(personen=client.personen, adres=client.adres)
    claim = Voorstelvordering(kenmerk="ZANDBAK-1", saldo_cent=65_160, percentage_honderdsten=1_000, prognose_cent=6_516)
    pause = KennisgevingAanvraag(
        kenmerk="PROEF-KG-1", zaaknummer="PROEF-1", client=whom, begin=practice.today, einde=practice.today + timedelta(days=90),
        schuldeisers=[BenaderdeMetGrondslag(oin=oin, grondslag="verzoek", klantnummer=r.klantnummer) for oin, r in rows.items()],
    )  # fmt: skip
    offered = [BenaderdeMetVoorstel(oin=oin, klantnummer=r.klantnummer, vorderingen=[claim]) for oin, r in rows.items()]
    proposal = BetaalvoorstelAanvraag(kenmerk="PROEF-BV-1", zaaknummer="PROEF-1", client=whom, soort="SB", schuldeisers=offered)
    for soort, sent in (("kennisgeving", practice.town.send(pause)), ("betaalvoorstel", practice.town.send(proposal))):
        wanted = {oin: _state(row.to(sent.soort)) for oin, row in rows.items()}

        def states(id: UUID = sent.id, kind: Regelingsoort = sent.soort) -> dict[str, str]:
            return {partij.schuldeiser: partij.staat for partij in practice.town.regeling(kind, id).partijen}

        _until(practice, partial(_equal, states, wanted), patience)
        found = states()
        yield from (Outcome(f"{soort} {row.klantnummer}", wanted[oin], found[oin]) for oin, row in rows.items())


def _equal(states: Callable[[], dict[str, str]], wanted: dict[str, str]) -> bool:
    return states() == wanted


def _state(antwoord: object) -> str:
    """The state that an answer gives: its kind on the wire."""
    return "open" if antwoord is None else str(msgspec.to_builtins(antwoord)["soort"])


def _saldo(row: Beantwoording) -> int:
    return sum(claim.saldo_cent or 0 for claim in getattr(row.antwoord, "vorderingen", []))


def _inbox(practice: Practice, patience: float) -> Iterator[Outcome]:
    """As a municipality: what lies in the inbox, row by row."""
    found: dict[str, list[str]] = {}
    with Inbox(practice.town, DOEL) as inbox:
        for item in inbox:
            name = item.open()["identiteit"]["personen"][0]["achternaam"]
            if name == "Proefterug":
                _until(practice, partial(_withdrawn, practice, item.bericht.id), patience)
            marks = _marks(item.bericht.indeling, bool(item.bericht.voorrang), _withdrawn(practice, item.bericht.id))
            found.setdefault(name, []).append(marks)
            item.processed("PROEF-1")
    for row in AANBOD:
        expected = _marks("meervoudig" if row.schuldeisers > 1 else "enkelvoudig", row.crisis is not None, row.terug)
        yield Outcome(row.achternaam, " / ".join([expected] * row.schuldeisers), " / ".join(found.get(row.achternaam, [])))


def _marks(indeling: str, voorrang: bool, ingetrokken: bool) -> str:
    return " ".join([indeling, *["voorrang"] * voorrang, *["ingetrokken"] * ingetrokken])


def _withdrawn(practice: Practice, id: UUID) -> bool:
    return practice.town.message(id).ingetrokken_op is not None


def _answered(practice: Practice) -> Iterator[Outcome]:
    """As a creditor: the questions that the canned municipality asked."""
    for line in practice.you.saldoverzoeken().saldoverzoeken:
        number = practice.you.question(practice.you.saldoverzoek(line.id)).klantnummer
        yield Outcome(f"saldoverzoek {number}", "klant_onbekend", practice.you.answer(line.id, KlantOnbekend()).staat)


def _until(practice: Practice, done: Callable[[], bool], patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        practice.step()
        if done() or time.monotonic() > until:
            return
        time.sleep(_STEP)
