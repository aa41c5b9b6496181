"""A small world behind the doors: fake flows (classes that keep the ports), certificates made here, and a client over ASGI.

`World` is everything one test can turn; `ask` sends one request through the whole application.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api import examples, examples_meldingen, inspanning
from gateway.api.caller import Gate
from gateway.api.edge import Edge
from gateway.api.machine import machine_app
from gateway.api.operation import House
from gateway.api.ports import CreditorPort, MunicipalityPort
from gateway.core.chain import Outcome, Sender, Trace
from gateway.core.clock import FixedClock
from gateway.core.errors import NotFound
from gateway.partners.register import Certificaat, Deelnemer, Mandaat, Register
from schemas import inbox, ontvangst, signaal
from schemas import meldingen as wire
from schemas.inspanning import Inspanningsverslag
from schemas.ontvangst import Bevinding
from tests.http.casefakes import CaseFake, FeedbackFake, FeedFake
from tests.http.fakes_standen import AfterFake, LogFake
from tests.http.outwardfakes import OutwardFake
from tests.http.overviewfakes import OverviewFake, SaldoFake, SheetFake
from tests.http.regelingfakes import BerichtFake, RegelingFake
from tests.http.triagefakes import TriageFake

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LANDLORD, AGENCY, TOWN, OTHER = (f"0000009900000000{n}000" for n in range(1, 5))
KNOWN = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
STRANGE = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f21")


@cache
def certificate(oin: str, serial: int = 1, days: int = 365) -> bytes:
    """A self-signed certificate (DER) with an OIN; chains are for the sockets, not for this folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.SERIAL_NUMBER, oin), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Voorbeeld")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(serial)
    builder = builder.not_valid_before(NOW - timedelta(days=30)).not_valid_after(NOW + timedelta(days=days))
    signed = builder.sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def registered(der: bytes, oin: str, **changes: Any) -> Certificaat:
    made = Certificaat(hashlib.sha256(der).digest(), oin, NOW - timedelta(days=30), NOW + timedelta(days=365))
    return msgspec.structs.replace(made, **changes)


def partner(oin: str, *rollen: str, **more: Any) -> Deelnemer:
    return Deelnemer(oin=oin, naam="Voorbeeld", rollen=frozenset(rollen), **{"status": "actief", **more})


class Crl:
    """A revocation list that a test can write on."""

    def __init__(self) -> None:
        self.serials: set[int] = set()
        self.old = False

    def is_revoked(self, serial: int) -> bool:
        return serial in self.serials

    def stale(self) -> bool:
        return self.old


class Refusals:
    """Remembers what was written down; `broken` makes it raise."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None, str, str]] = []
        self.broken: Exception | None = None

    def log_refusal(self, party: str, principal: str | None, trace: Trace, code: str, operation: str) -> None:
        if self.broken:
            raise self.broken
        self.seen.append((party, principal, code, operation))


class _Fake:
    """`error` is raised by every method of the port; `calls` has the name and arguments of each."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def note(self, method: str, *args: Any, **named: Any) -> None:
        self.calls.append((method, args, named))
        if self.error:
            raise self.error

    def find(self, id: UUID) -> None:
        if id not in (KNOWN, examples.CLAIM.id):
            raise NotFound


class Creditors(_Fake):
    """A creditor's flow that answers with the examples."""

    @property
    def terugkoppeling(self) -> FeedFake:
        return FeedFake(self)

    @property
    def logbewijzen(self) -> LogFake:
        return LogFake(self)

    @property
    def standen(self) -> AfterFake:
        return AfterFake(self)

    @property
    def saldoverzoeken(self) -> SaldoFake:
        return SaldoFake(self)

    @property
    def regelingberichten(self) -> BerichtFake:
        return BerichtFake(self)

    @property
    def inspanning(self) -> "Efforts":
        return Efforts(self)

    outcome = Outcome("bezorgd", (), "HUUR-2026-000123", KNOWN, "0392", "huur", NOW, b"c" * 32, b"l" * 32)
    created = True

    async def deliver_one(self, sender: Sender, trace: Trace, value: Any) -> Outcome:
        self.note("deliver_one", sender, trace, value)
        return self.outcome

    def receipt(self, outcome: Outcome) -> ontvangst.Ontvangstbewijs:
        return examples.ONTVANGSTBEWIJS

    def deliver_many(
        self, sender: Sender, trace: Trace, envelop: signaal.AanleveringEnvelop, content: bytes
    ) -> tuple[ontvangst.Aanlevering, bool]:
        self.note("deliver_many", sender, envelop, content)
        return examples.AANLEVERING, self.created

    def preflight(self, sender: Sender, trace: Trace, envelop: signaal.AanleveringEnvelop) -> ontvangst.Voorcontrole:
        self.note("preflight", sender, envelop)
        return examples.VOORCONTROLE

    def delivery(self, principal: str, id: UUID) -> ontvangst.Aanlevering:
        self.note("delivery", principal, id)
        self.find(id)
        return examples.AANLEVERING

    def deliveries(self, principal: str, cursor: UUID | None, limit: int) -> ontvangst.Aanleveringen:
        self.note("deliveries", principal, cursor, limit)
        return ontvangst.Aanleveringen(aanleveringen=[examples.AANLEVERING], volgende=str(KNOWN))

    def report(self, principal: str, id: UUID) -> ontvangst.Verslag:
        self.note("report", principal, id)
        self.find(id)
        return examples.VERSLAG

    def state(self, principal: str, id: UUID) -> ontvangst.SignaalStand:
        self.note("state", principal, id)
        self.find(id)
        return examples.SIGNAALSTAND

    def withdraw(self, sender: Sender, trace: Trace, id: UUID, request: signaal.IntrekkingAanvraag) -> ontvangst.Intrekking:
        self.note("withdraw", sender, id, request)
        self.find(id)
        return examples.INTREKKING

    def coverage(self, principal: str, day: date) -> ontvangst.Dekking:
        self.note("coverage", principal, day)
        return examples.DEKKING

    def keys(self) -> Mapping[str, Any]:
        self.note("keys")
        return examples.SLEUTELBOS


class Efforts:
    """A creditor's efforts: the example."""

    def __init__(self, fake: _Fake) -> None:
        self._fake = fake

    def report(self, principal: str, van: date, tot: date) -> Inspanningsverslag:
        self._fake.note("inspanning.report", principal, van, tot)
        return inspanning.EXAMPLE


class Municipalities(_Fake):
    """A municipality's flow that answers with the examples."""

    @property
    def logbewijzen(self) -> LogFake:
        return LogFake(self)

    @property
    def zaken(self) -> CaseFake:
        return CaseFake(self)

    @property
    def terugkoppeling(self) -> FeedbackFake:
        return FeedbackFake(self)

    @property
    def overzichten(self) -> OverviewFake:
        return OverviewFake(self)

    @property
    def regelingen(self) -> RegelingFake:
        return RegelingFake(self)

    @property
    def overzichtsbladen(self) -> SheetFake:
        return SheetFake(self)

    @property
    def uitgaand(self) -> OutwardFake:
        return OutwardFake(self)

    @property
    def triage(self) -> TriageFake:
        return TriageFake(self)

    @property
    def meldingen(self) -> "Matching":
        return Matching(self)

    def messages(self, caller: Sender, gemeente: str, trace: Trace, **filters: Any) -> inbox.Berichten:
        self.note("messages", caller, gemeente, **filters)
        return inbox.Berichten(berichten=[examples.BERICHT], volgende="17")

    def claim(self, caller: Sender, gemeente: str, trace: Trace, request: inbox.ClaimAanvraag) -> inbox.Claim:
        self.note("claim", caller, gemeente, request)
        return examples.CLAIM

    def extend(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: inbox.ClaimVerlenging) -> inbox.ClaimStand:
        self.note("extend", id, request)
        self.find(id)
        return examples.CLAIMSTAND

    def release(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> inbox.ClaimStand:
        self.note("release", id)
        self.find(id)
        return examples.CLAIMSTAND_VRIJ

    def acknowledge_claim(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: inbox.ClaimBevestiging) -> inbox.ClaimStand:
        self.note("acknowledge_claim", id, request)
        self.find(id)
        return examples.CLAIMSTAND

    def message(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, *, disclose: bool) -> inbox.Bericht:
        self.note("message", caller, gemeente, id, disclose=disclose)
        self.find(id)
        return examples.BERICHT_OPEN if disclose else examples.BERICHT

    def acknowledge(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: inbox.Bevestiging) -> inbox.BerichtStand:
        self.note("acknowledge", id, request)
        self.find(id)
        return examples.BERICHTSTAND

    def reject(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: inbox.Afwijzing) -> inbox.BerichtStand:
        self.note("reject", id, request)
        self.find(id)
        return examples.BERICHTSTAND_AFGEWEZEN


class Matching:
    """Matching of a municipality that answers with the examples."""

    def __init__(self, fake: _Fake) -> None:
        self._fake = fake

    def page(self, gemeente: str, **filters: Any) -> wire.Meldingen:
        self._fake.note("meldingen.page", gemeente, **filters)
        return wire.Meldingen(meldingen=[examples_meldingen.MELDING], volgende="17")

    def find(self, gemeente: str, id: UUID) -> wire.Melding:
        self._fake.note("meldingen.find", gemeente, id)
        self._fake.find(id)
        return examples_meldingen.MELDING

    def rhythm(self, gemeente: str) -> wire.Ritme:
        self._fake.note("meldingen.rhythm", gemeente)
        return examples_meldingen.RITME

    def set_rhythm(self, caller: Sender, gemeente: str, trace: Trace, request: wire.RitmeAanvraag) -> wire.Ritme:
        self._fake.note("meldingen.set_rhythm", gemeente, request)
        return examples_meldingen.RITME

    def load_history(self, caller: Sender, gemeente: str, trace: Trace, request: wire.HistorieAanvraag) -> wire.Historie:
        self._fake.note("meldingen.load_history", gemeente, request)
        return examples_meldingen.HISTORIE

    def objections(self, gemeente: str, before: UUID | None, limit: int) -> wire.Bezwaren:
        self._fake.note("meldingen.objections", gemeente, before, limit)
        return wire.Bezwaren(bezwaren=[examples_meldingen.BEZWAAR], volgende=str(KNOWN))

    def oppose(self, caller: Sender, gemeente: str, trace: Trace, request: wire.BezwaarAanvraag) -> tuple[wire.Bezwaar, bool]:
        self._fake.note("meldingen.oppose", gemeente, request)
        return examples_meldingen.BEZWAAR, True

    def end_objection(self, caller: Sender, gemeente: str, trace: Trace, id: UUID) -> wire.Bezwaar:
        self._fake.note("meldingen.end_objection", gemeente, id)
        self._fake.find(id)
        return examples_meldingen.BEZWAAR


class Connected:
    """What the listener's protocol does: puts the peer's certificate in the scope."""

    def __init__(self, app: ASGIApp, der: bytes | None) -> None:
        self.app = app
        self.tls = {"der": der, "sha256": hashlib.sha256(der).digest(), "version": "TLSv1.3"} if der else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**(scope.get("extensions") or {}), **({"seinhuis.tls": self.tls} if self.tls else {})}
        await self.app({**scope, "extensions": extensions}, receive, send)


class World:
    """The application with fakes behind it. Both `LANDLORD` and `TOWN` have one certificate and one role."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOW)
        self.crl = Crl()
        self.refusals = Refusals()
        self.creditors = Creditors()
        self.municipalities = Municipalities()
        self.bugs: list[tuple[str, str]] = []
        self.strangers: list[str] = []
        town = partner(TOWN, "gemeente", gemeentecode="0392")
        self.partners = {p.oin: p for p in (partner(LANDLORD, "schuldeiser"), partner(AGENCY, "uitvoerder"), town)}
        self.certificates = [registered(certificate(oin), oin) for oin in (LANDLORD, AGENCY, TOWN)]
        self.mandates: list[Mandaat] = [Mandaat(AGENCY, TOWN, "uitvoerder", date(2026, 1, 1))]
        self.body_seconds = 5.0

    def snapshot(self) -> Register:
        return Register(1, self.partners.values(), self.certificates, self.mandates)

    def report(self, kind: str, where: str, trace_id: str) -> None:
        self.bugs.append((kind, where))

    @property
    def app(self) -> Edge:
        gate = Gate(self.snapshot, self.crl, self.clock)
        creditors = House[CreditorPort](
            port=self.creditors, gate=gate, refusals=self.refusals, strangers=self.strangers.append, body_seconds=self.body_seconds
        )
        municipalities = House[MunicipalityPort](
            port=self.municipalities, gate=gate, refusals=self.refusals, strangers=self.strangers.append
        )
        return machine_app(creditors, municipalities, self.report)

    def ask(self, method: str, path: str, *, der: bytes | None = None, **request: Any) -> httpx.Response:
        """One request; with the certificate of the door's own partner unless told."""
        partner = AGENCY if path.startswith("/gemeente/v1/opvolging") else TOWN
        own = certificate(partner if path.startswith("/gemeente") else LANDLORD)
        return send(Connected(self.app, der or own), method, path, **request)


def send(app: ASGIApp, method: str, path: str, **request: Any) -> httpx.Response:
    """One request over ASGI."""

    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://seinhuis.example") as client:
            return await client.request(method, path, **request)

    return asyncio.run(run())


def finding(code: str, **more: Any) -> Bevinding:
    return Bevinding(code=code, oordeel="fout", melding="Zo mag het niet.", **more)
