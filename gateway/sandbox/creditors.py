"""The canned creditors of the sandbox: fill the integrator's inbox, withdraw what the table says, and answer what they are asked.

They work with the client as a partner would. Authority: `scenarios`. Leaves what a municipality does to `desk`.
"""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

import msgspec

from adapters.client.schuldeiser import Schuldeiser
from adapters.synthetic.generator import Generator
from gateway.sandbox.parties import Gemeente, creditors, places
from gateway.sandbox.scenarios import AANBOD, Aanbod, Beantwoording, beantwoordingen
from schemas.regelingen import SOORTEN, Bevestigd, Regelingsoort
from schemas.signaal import Signaal

_SEED = 8_300
Task = tuple[Regelingsoort | None, UUID]
"""What to answer: a balance request (None) or a message of a kind."""


class Creditor:
    """One creditor; `look` answers what is open. `now`: seconds; `late`: after how many it answers late."""

    def __init__(self, client: Schuldeiser, sector: str, today: date, now: Callable[[], float], late: float) -> None:
        self.client = client
        self._insurer = sector == "zorgverzekering"
        self._rows = {row.klantnummer: row for row in beantwoordingen(today)}
        self._now = now
        self._late = late
        self._waiting: dict[Task, tuple[Beantwoording, float]] = {}
        self._watched: set[UUID] = set()

    def look(self) -> list[str]:
        """One round. Returns what was done, one line each, without person data. Raises ClientError, NotOpened, NotGenuine."""
        for (soort, id) in self._open():
            if (soort, id) not in self._waiting:
                row = self._rows.get(self._number(soort, id), self._rows["PROEF-DIRECT"])
                self._waiting[soort, id] = row, self._now() + (self._late if row.laat else 0)
        due = [(task, row) for task, (row, at) in self._waiting.items() if row.to(task[0]) is not None and at <= self._now()]
        return [*(self._answer(*task, row) for task, row in due), *self._withdraw()]

    def offer(self, row: Aanbod, signaal: Signaal) -> None:
        """Deliver one row of the table. Raises ClientError, NotGenuine."""
        (person, *_) = signaal.personen
        personen = [msgspec.structs.replace(person, achternaam=row.achternaam)]
        receipt = self.client.deliver(msgspec.structs.replace(signaal, personen=personen, crisis=row.crisis))
        if row.terug:
            self._watched.add(receipt.id)

    def _open(self) -> Iterator[Task]:
        yield from ((None, line.id) for line in self.client.saldoverzoeken(staat="open").saldoverzoeken)
        for soort in SOORTEN:
            yield from ((soort, line.id) for line in self.client.regelingberichten(soort, staat="open").berichten)

    def _number(self, soort: Regelingsoort | None, id: UUID) -> str:
        if soort is None:
            return self.client.question(self.client.saldoverzoek(id)).klantnummer or ""
        return self.client.content(self.client.regelingbericht(soort, id)).klantnummer or ""

    def _answer(self, soort: Regelingsoort | None, id: UUID, row: Beantwoording) -> str:
        if soort is None and row.antwoord is not None:
            self.client.answer(id, row.antwoord)
        elif soort is not None and (antwoord := row.voorstel if soort == "betaalvoorstel" else row.pauze) is not None:
            if isinstance(antwoord, Bevestigd):  # for whom it pauses; a health insurer the premium only
                antwoord = Bevestigd(klantnummer=row.klantnummer, reikwijdte="alleen_premie" if self._insurer else "alle_vorderingen")
            self.client.answer_regeling(soort, id, antwoord)
        del self._waiting[soort, id]
        return f"{soort or 'saldoverzoek'} {id}: de schuldeiser {row.doet}"

    def _withdraw(self) -> list[str]:
        claimed = [id for id in self._watched if self.client.state(id).status != "bezorgd"]
        for id in claimed:
            self.client.withdraw(id, "betaald")
            self._watched.remove(id)
        return [f"signaal {id}: de schuldeiser trekt het in" for id in claimed]


def fill(first: Creditor, second: Creditor, gemeente: Gemeente, today: date) -> int:
    """Put the table in the inbox of a municipality; returns how many messages that are. Raises ClientError, NotGenuine."""
    sent = 0
    for seed, row in enumerate(AANBOD, start=_SEED):
        sources = [*lawful(seed, gemeente, today, of=1), *lawful(seed, gemeente, today, of=2)][: row.schuldeisers]
        for creditor, signaal in zip((first, second), sources, strict=False):
            creditor.offer(row, msgspec.structs.replace(signaal, adres=sources[0].adres))
            sent += 1
    return sent


def lawful(seed: int, gemeente: Gemeente, today: date, of: int, count: int = 1) -> list[Signaal]:
    """Lawful signals of the creditor with number `of` about people of a municipality."""
    towns = [place for place in places() if place.gemeentecode == gemeente.code]
    return [msgspec.convert(value, Signaal) for value in Generator(seed, towns, today, creditors()[of : of + 1]).signals(count)]
