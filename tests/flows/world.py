"""A gateway without doors: the real steps on a real database, with register and keys in memory and a clock that stands still."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from adapters.synthetic.generator import Creditor, Place
from gateway.cases.desk import CaseDesk
from gateway.core.chain import Inbound, Lawful, Outcome, Routed, Sender, Stopped, Trace
from gateway.core.clock import FixedClock, SystemClock, dutch_day
from gateway.feedback.policy import FeedbackPolicy
from gateway.feedback.recording import Feedback
from gateway.inboxes import claiming, reading
from gateway.inboxes.desk import Desk
from gateway.keys import names
from gateway.keys.keystore import CachedKeys, KeyStore, MemoryKeyStore
from gateway.keys.signing import ReceiptSigner
from gateway.partners.register import Deelnemer, GemeenteInstelling, Register
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.policy.register import PurposeRegister
from gateway.privacylog import sequencer
from gateway.privacylog.append import append
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.entries import decode
from gateway.privacylog.entry import Frame
from gateway.privacylog.growth import Seen
from gateway.privacylog.settings import RegisterGewijzigd
from gateway.privacylog.verify import Report, verify
from gateway.routing.municipalities import Municipalities
from gateway.routing.step import route_record
from gateway.rules.rulebook import Rulebook
from gateway.signals.receive import Steps, receive
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from schemas.inbox import Bericht, Bevestiging, Claim, ClaimAanvraag
from tests.canaries import lawful
from tests.tenants import SIGNER

HAARLEM, UTRECHT = "0392", "0344"
DOEL = "WGS-3-1-b"
LANDLORD = Sender("00000099000000001000", "00000099000000001000")
OTHER = Sender("00000099000000002000", "00000099000000002000")
CLERK = Sender("00000099000000003000", "00000099000000003000")
TRACE = Trace("4b" * 16, "a7" * 8)
NAME = "Woningstichting Voorbeeld"
PURPOSES = PurposeRegister.load()
RULEBOOK = Rulebook.load(PURPOSES.agreement_needed)
MUNICIPALITIES = Municipalities.load()
_PLACES = {HAARLEM: Place("2011", "Haarlem", HAARLEM), UTRECHT: Place("3511", "Utrecht", UTRECHT)}


class World:
    """One gateway of `LANDLORD`, `OTHER` and two municipalities with managed keys. `woken` counts commits that woke the sequencer."""

    def __init__(self, dsns: Dsns, folder: Path, *, size: int = 12, keys: CachedKeys | None = None) -> None:
        self.dsns = dsns
        self._folder = folder
        self.clock = FixedClock(SystemClock().now())
        self.keys = keys or MemoryKeyStore()
        self.receipts = ReceiptSigner(self.keys, names.RECEIPT)
        self.checkpoints = CheckpointSigner("seinhuis.example/log", self.keys.key(names.CHECKPOINT))
        roles = (("aanname", dsns.ingest), ("inbox", dsns.inbox), ("log", dsns.log), ("taken", dsns.taken))
        self.ingest, self.inbox, self.log, self.tasks = (Database(dsn, name=name, size=size, signer=SIGNER) for name, dsn in roles)
        self.seen = Seen()
        self.register = _register(self.keys)
        self.woken = 0
        telling, seals = PURPOSES.activity("terugkoppelen"), sealer(self.keys)
        self.feedback = Feedback(FeedbackPolicy.load(), lambda: self.register, self.clock, telling, seals)
        self.steps = Steps(
            database=self.ingest,
            register=lambda: self.register,
            rulebook=RULEBOOK,
            route=_route,
            keys=self.keys,
            clock=self.clock,
            committed=self._wake,
            activity=PURPOSES.activity,
        )
        self.desk = Desk(
            database=self.inbox,
            keys=self.keys,
            purposes=PURPOSES,
            clock=self.clock,
            committed=self._wake,
            activity=PURPOSES.activity,
            feedback=self.feedback,
        )
        self.cases = CaseDesk(self.inbox, self.keys, self.clock, self.feedback, PURPOSES.activity("zaken"))
        self._numbers = count(1)
        self._open_the_log()

    def close(self) -> None:
        """Close the pools."""
        for database in (self.ingest, self.inbox, self.log, self.tasks):
            database.close()

    def signals(self, n: int, *, gemeente: str = HAARLEM, seed: int = 0, **changes: object) -> list[dict[str, Any]]:
        """Lawful signals of today, with canaries, but for what `changes` puts in their place."""
        creditor = Creditor(LANDLORD.principal, "huur", NAME)
        numbers = seed or next(self._numbers)
        made = lawful(self._folder, n, seed=numbers, creditors=[creditor], places=[_PLACES[gemeente]], today=self.today)
        return [{**signal, **changes} for signal in made]

    def signal(self, **changes: Any) -> dict[str, Any]:
        """One lawful signal."""
        return self.signals(1, **changes)[0]

    @property
    def today(self) -> date:
        """The day in the Netherlands on the world's clock."""
        return dutch_day(self.clock.now())

    def inbound(self, values: Sequence[Any], sender: Sender = LANDLORD) -> list[Inbound]:
        """Records as an edge makes them."""
        return [Inbound(nr, sender, TRACE, self.clock.now(), f"/signalen/{nr}", value) for nr, value in enumerate(values)]

    def deliver(self, *values: object, sender: Sender = LANDLORD) -> list[Outcome]:
        """One chunk through the flow."""
        return receive(self.inbound(values, sender), self.steps)

    def delivered(self, *values: object) -> list[UUID]:
        """Deliver, number, and give the ids; every record must be accepted."""
        ids = [outcome.id for outcome in self.deliver(*values) if outcome.status == "bezorgd"]
        self.number()
        found = [id for id in ids if id is not None]
        assert len(found) == len(values)
        return found

    def number(self) -> int:
        """Number all that is committed."""
        total = 0
        while done := sequencer.run_once(self.log, self.checkpoints, self.clock, self.seen):
            total += done
        return total

    def claim(
        self, gemeente: str = HAARLEM, *, doel: str = DOEL, maximum: int = 100, seconds: int = 600, desk: Desk | None = None
    ) -> Claim:
        """Take messages."""
        request = ClaimAanvraag(doel=doel, maximum=maximum, lease_seconden=seconds, wijze="onbemand")
        return claiming.claim(CLERK, gemeente, TRACE, request, desk or self.desk)

    def acknowledge(self, claim: Claim, id: UUID, zaaknummer: str | None = None, gemeente: str = HAARLEM) -> str:
        """Acknowledge one message of a claim; `verwerkt` when there is a case number. Returns its state."""
        request = Bevestiging(claim=claim.id, status="verwerkt" if zaaknummer else "ontvangen", zaaknummer=zaaknummer)
        return claiming.acknowledge(CLERK, gemeente, TRACE, id, request, self.desk).staat

    def page(self, gemeente: str = HAARLEM, after: int = 0, limit: int = 500) -> list[Bericht]:
        """A page of the inbox."""
        return reading.page(gemeente, self.desk, after=after, limit=limit).berichten

    def expire(self, claim: Claim) -> None:
        """Let the lease of a claim end now."""
        self.run("UPDATE inbox_item SET lease_until = now() - interval '1 second' WHERE claim = %s", claim.id)

    def state_of(self, id: UUID) -> str:
        """The state of a message as stored."""
        return str(self.rows("SELECT state FROM inbox_item WHERE bericht = %s", id)[0][0])

    def events(self) -> list[str]:
        """The names of all events in the log but those of the register, in order of their ids."""
        return [str(row[0]) for row in self.rows("SELECT event FROM log_entry WHERE event <> 'register.gewijzigd' ORDER BY id")]

    def entries(self, event: str) -> list[Any]:
        """The entries of one event, decoded."""
        return [decode(bytes(row[0])) for row in self.rows("SELECT body FROM log_entry WHERE event = %s ORDER BY id", event)]

    def verify(self) -> Report:
        """The state of the log."""
        with self.log.transaction() as connection:
            return verify(connection, self.checkpoints.verifier)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the owner reads."""
        with psycopg.connect(self.dsns.owner) as owner:
            return owner.execute(query, values).fetchall()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])

    def run(self, statement: str, *values: object) -> None:
        """What the owner does, committed."""
        with psycopg.connect(self.dsns.owner) as owner:
            owner.execute(statement, values or None)

    def _wake(self) -> None:
        self.woken += 1

    def _open_the_log(self) -> None:
        """A log begins with the registration of its partners: number 0 is never a message."""
        frame = Frame(CLERK, TRACE, self.clock.now(), PURPOSES.activity("beheren"))
        with psycopg.connect(self.dsns.beheer) as connection:
            append(connection, [RegisterGewijzigd(**frame.fields(), onderdeel="deelnemer", registerversie="1")])
        self.number()


def _register(keys: KeyStore) -> Register:
    creditors = [
        Deelnemer(s.principal, NAME, frozenset({"schuldeiser", "signaalpartner"}), "actief", frozenset({"huur"}), frozenset({NAME}))
        for s in (LANDLORD, OTHER)
    ]
    codes = (HAARLEM, UTRECHT)
    optional = frozenset({"geboortedatum", "klantnummer"})
    places = [GemeenteInstelling(code, f"Gemeente {code}", date(2021, 1, 1), optionele_velden=optional) for code in codes]
    sealing = [Gemeentesleutel(code, names.managed(code), "beheerd", keys.create_private(names.managed(code))) for code in codes]
    return Register(1, deelnemers=creditors, gemeenten=places, sleutels=sealing)


def _route(lawful: Lawful, register: Register) -> Routed | Stopped:
    return route_record(lawful, MUNICIPALITIES, PURPOSES.decide, register)
