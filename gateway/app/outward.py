"""Forwarding, letters and statistics behind the ports of the edges: only calls, no decisions. Authority: `gateway.api.outward_port`."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from gateway.api.edge import VERSION
from gateway.api.outward_port import SignedBody
from gateway.app.grounds import Grounds
from gateway.app.house import House
from gateway.app.settings import Settings
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.core.errors import Unavailable
from gateway.ddas import export, setting
from gateway.ddas.export import Statistics
from gateway.ddas.signature import PayloadSigner
from gateway.inboxes import forwarding
from gateway.inboxes.forwarding import Forwarding
from gateway.keys.keystore import KeyStore
from gateway.letters import merging, texts
from gateway.letters.merging import Letters
from gateway.policy.register import PurposeRegister
from gateway.routing.municipalities import Municipalities
from gateway.store.database import Database
from schemas.brieven import BrievenAanvraag, Brievenbestand, Teksten
from schemas.ddas import Gegevens, GegevensVraag, StatistiekInstelling
from schemas.doorzending import Doorzending, Gemeentesleutels
from schemas.inbox import BerichtStand


def statistics(database: Database, keys: KeyStore, purposes: PurposeRegister, codes: Municipalities, clock: Clock) -> Statistics:
    """What the export works with."""
    return Statistics(database, keys, purposes, clock, lambda code, day: codes.gemeente_op(code, day) == code, f"Seinhuis {VERSION}")


@contextmanager
def open_statistics(settings: Settings, clock: Clock) -> Iterator[Statistics]:
    """The export alone, for the command line; beside a running gateway or without one. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-ddas", 1)
        yield statistics(grounds.inbox(1), grounds.keys, PurposeRegister.load(), Municipalities.load(), clock)


def new_trace() -> Trace:
    """A trace for what an operator starts."""
    return Trace(secrets.token_hex(16), secrets.token_hex(8))


def _of(house: House) -> Statistics:
    return statistics(house.inbox, house.keys, house.purposes, house.municipalities, house.clock)


def signer(settings: Settings) -> PayloadSigner | None:
    """The signer of DDAS answers; None when this gateway has no certificate for it. Raises Misconfigured: it has an unfit one."""
    pki = settings.state / "pki"
    certificate = settings.ddas_certificate or pki / f"{settings.operator}-signing.chain.pem"
    key = settings.ddas_key or pki / f"{settings.operator}-signing.key"
    if settings.ddas_certificate is None and not certificate.exists():
        return None
    return PayloadSigner.load(certificate, key, settings.tls_certificate or pki / "localhost.chain.pem", settings.ddas_signature)


class OutwardDoor:
    """`gateway.api.outward_port.OutwardPort`."""

    def __init__(self, house: House) -> None:
        self._desk = house.desk
        self._forwarding = Forwarding(house.desk, house.register.current)
        self._letters = Letters(house.desk, house.register.current)
        self._statistics = _of(house)

    def keys(self, gemeentecode: str | None) -> Gemeentesleutels:
        """Public keys."""
        return forwarding.keys(gemeentecode, self._forwarding)

    def forward(self, caller: Sender, gemeente: str, trace: Trace, id: UUID, request: Doorzending) -> BerichtStand:
        """Send a message on."""
        return forwarding.forward(caller, gemeente, trace, id, request, self._forwarding)

    def merge(self, caller: Sender, gemeente: str, trace: Trace, request: BrievenAanvraag) -> Brievenbestand:
        """A merge file."""
        return merging.make(caller, gemeente, trace, request, self._letters)

    def texts(self, gemeente: str) -> Teksten:
        """The texts in force."""
        return texts.read(gemeente, self._desk)

    def set_texts(self, caller: Sender, gemeente: str, trace: Trace, request: Teksten) -> Teksten:
        """Change the texts."""
        return texts.change(caller, gemeente, trace, request, self._desk)

    def statistics(self, gemeente: str) -> StatistiekInstelling:
        """Who delivers."""
        return setting.read(gemeente, self._statistics)

    def set_statistics(self, caller: Sender, gemeente: str, trace: Trace, request: StatistiekInstelling) -> StatistiekInstelling:
        """Say who delivers."""
        return setting.change(caller, gemeente, trace, request, self._statistics)


class StatisticsDoor:
    """`gateway.api.outward_port.StatisticsPort`."""

    def __init__(self, house: House, signer: PayloadSigner | None) -> None:
        self._statistics = _of(house)
        self._signer = signer

    def gegevens(self, caller: Sender, trace: Trace, request: GegevensVraag) -> Gegevens:
        """One page; nothing is gathered that could not be signed."""
        self._require_signer()
        return export.answer(caller, trace, request, self._statistics)

    def sign(self, body: bytes) -> SignedBody:
        """The headers."""
        return SignedBody(*self._require_signer().sign(body, self._statistics.clock.now()))

    def _require_signer(self) -> PayloadSigner:
        if self._signer is None:
            raise Unavailable("DDAS_NIET_INGERICHT", "Deze gateway heeft geen ondertekencertificaat.", retry_after=3600)
        return self._signer
