"""The stage: a gateway of its own with the partner and its counterparties, the test door on the installation's own certificate, and nothing
real.

It stands in `toets` in the state folder and is made anew for each run: an embedded database, keys and a development PKI for the
counterparties. The partner is taken over from the register as it is: OIN, roles, certificates, keys, profiles. Counterparties come in by a
door of their own that is not recorded. Authority: architecture, "processes"; decision 0038. Leaves what happens on it to the directors.
"""

import fcntl
import os
import shutil
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from adapters.client.connection import Connection
from certs.dev import DevPki
from gateway.api.edge import FIXED
from gateway.api.listeners import Listener, Listeners
from gateway.api.protocol import Limits
from gateway.api.revocation import Revocations
from gateway.api.tls import server_context
from gateway.app.house import House, open_house
from gateway.app.kek import kek_file
from gateway.app.papers import Papers, papers
from gateway.app.serve import machine_doors
from gateway.app.settings import Settings
from gateway.app.strangers import Strangers
from gateway.conformance.cards import SIGNALLED
from gateway.conformance.cast import Tegenpartij
from gateway.conformance.door import Deur, Regie
from gateway.conformance.recording import Cards
from gateway.conformance.scenario import Rol
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Misconfigured, NotFound
from gateway.onboarding import registration, trial
from gateway.onboarding.poorten import Poort, asked
from gateway.onboarding.registration import Office
from gateway.partners import administration
from gateway.partners.administration import Row
from gateway.partners.dossier import Aansluiting
from gateway.partners.mailroom import Bestandsprofiel, SftpSleutel
from gateway.partners.register import Certificaat, Deelnemer, GemeenteInstelling, Overeenkomst
from gateway.partners.rows import sealer
from gateway.partners.sealkeys import Gemeentesleutel, Partijsleutel
from gateway.partners.source import load

HOST = "localhost"
_OPEN_SINCE = date(2021, 1, 1)
_TAKEN = frozenset({"geboortedatum", "klantnummer"})
_START_SECONDS = 30.0
_CREDITOR = frozenset({"schuldeiser", "signaalpartner"})
_PLAYED = frozenset({"schuldeiser", "gemeente"})


class Kandidaat(NamedTuple):
    """The partner under test, as the register of the installation has it; only what has its seal. `row` as it stands on the stage."""

    row: Deelnemer
    certificaten: tuple[Certificaat, ...]
    overig: tuple[Row, ...]
    zegelsleutel: Gemeentesleutel | None
    gebruik: frozenset[str] = frozenset()


def kandidaat(office: Office, oin: str) -> Kandidaat:
    """Look a partner up. Raises NotFound."""
    keyed = sealer(office.keys)
    with office.database.transaction() as connection:
        rows = [row for _, row, sealed in administration.about(connection, oin, keyed) if sealed]
        register = load(connection, keyed)
    partner = register.partner(oin)
    if partner is None:
        raise NotFound("DEELNEMER_ONBEKEND", "Er is geen deelnemer met dit OIN.")
    certificates = tuple(row for row in rows if isinstance(row, Certificaat) and row.ingetrokken_op is None)
    others = tuple(row for row in rows if isinstance(row, SftpSleutel | Bestandsprofiel | Partijsleutel))
    uses = frozenset(use for row in rows if isinstance(row, Aansluiting) for use in row.gebruik)
    row = staged(partner, registration.judged(office, oin).kinds)
    return Kandidaat(row, certificates, others, register.sealing_key(partner.gemeentecode or ""), uses)


def staged(partner: Deelnemer, kinds: Iterable[str]) -> Deelnemer:
    """A partner as it stands on the stage: who has to be tested in a part without scenarios of its own (it delivers for others, or in an
    experiment) is a creditor there, in its own name."""
    if not any(Poort.TOETS in asked([kind]) for kind in kinds if kind not in _PLAYED):
        return partner
    sectors = partner.sectoren if partner.sectoren & SIGNALLED else partner.sectoren | {"huur"}
    names = partner.handelsnamen or frozenset({partner.naam})
    return msgspec.structs.replace(partner, rollen=partner.rollen | _CREDITOR, sectoren=sectors, handelsnamen=names)


def playing(partner: Kandidaat, rol: Rol) -> Kandidaat:
    """A partner in one of its parts: a creditor is no municipality beside it, which could be one of its counterparties."""
    if rol != "schuldeiser":
        return partner
    row = msgspec.structs.replace(partner.row, rollen=partner.row.rollen - {"gemeente"}, gemeentecode=None)
    return partner._replace(row=row, zegelsleutel=None)


class Stage:
    """An open stage. `mtls` is the port of the test door."""

    def __init__(self, settings: Settings, house: House, today: date, kandidaat: Kandidaat) -> None:
        self.settings = settings
        self.house = house
        self.today = today
        self.kandidaat = kandidaat
        self.ports: Mapping[str, int] = {}
        self.door: Deur | None = None
        self._begun = time.monotonic()

    def seconds(self) -> float:
        """Since the stage opened."""
        return time.monotonic() - self._begun

    @contextmanager
    def connect(self, party: Tegenpartij) -> Iterator[Connection]:
        """A connection of a counterparty."""
        pki = self.settings.state / "pki"
        made = Connection(
            HOST, self.ports["achter"], ca=pki / "root.pem", cert=pki / f"{party.oin}.chain.pem", key=pki / f"{party.oin}.key"
        )
        try:
            yield made
        finally:
            made.close()


@contextmanager
def open_stage(
    installation: Settings, clock: Clock, partner: Kandidaat, cast: tuple[Tegenpartij, ...], port: int = 0
) -> Iterator[Stage]:
    """A stage without its doors. Raises Misconfigured: another run is on, or the installation has no certificates; Unavailable."""
    settings = _settings(installation, port)
    with _alone(settings.state), ExitStack() as stack:
        pki = _prepared(settings, clock)
        house = stack.enter_context(open_house(settings, clock))
        _enrol(house, pki, partner, cast)
        house.register.refresh()
        yield Stage(settings, house, dutch_day(clock.now()), partner)


@contextmanager
def open_doors(stage: Stage, installation: Settings, cards: Cards, regie: Regie) -> Iterator[None]:
    """Both doors, until the end. Raises Misconfigured, OSError: a port or a certificate cannot be had."""
    ready = threading.Event()
    listeners = Listeners(_doors(stage, installation, cards, regie), drain_seconds=2, ready=lambda ports: _told(stage, ports, ready))
    thread = threading.Thread(target=listeners.run, name="toetsdeur")
    thread.start()
    try:
        if not ready.wait(_START_SECONDS):
            raise Misconfigured("De toetsdeur ging niet open; is de poort (SEINHUIS_TOETS_PORT) vrij?")
        yield
    finally:
        listeners.stop()
        thread.join()


def _told(stage: Stage, ports: Mapping[str, int], ready: threading.Event) -> None:
    stage.ports = ports
    ready.set()


def _doors(stage: Stage, installation: Settings, cards: Cards, regie: Regie) -> list[Listener]:
    clock, strangers = stage.house.clock, Strangers()
    front, behind = papers(installation), papers(stage.settings)
    machine = machine_doors(stage.settings, stage.house, Revocations(front.crl, front.issuer, clock), strangers)
    known = frozenset(row.vingerafdruk for row in stage.kandidaat.certificaten)
    stage.door = Deur(machine, known, cards, regie, stage.seconds)
    backstage = machine_doors(stage.settings, stage.house, Revocations(behind.crl, behind.issuer, clock), strangers)
    limits = Limits(breakable=True)
    return [
        Listener("mtls", stage.door, stage.settings.host, stage.settings.port, _mutual(front), limits, FIXED),
        Listener("achter", backstage, "127.0.0.1", 0, _mutual(behind), headers=FIXED),
    ]


def _mutual(files: Papers) -> ssl.SSLContext:
    return server_context(files.certificate, files.key, files.client_ca)


def _settings(installation: Settings, port: int) -> Settings:
    state = (installation.state / "toets").resolve()
    changed = {"state": state, "host": installation.host, "port": port, "operator": installation.operator, "proef": True}
    return Settings.model_construct(**{**Settings.model_construct().model_dump(), **changed})


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """An empty folder that no other run uses. Raises Misconfigured."""
    state.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(state.parent / "toets.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured("Er loopt al een toets in deze installatie; wacht tot die klaar is.") from None
        _removed(state)
        state.mkdir(mode=0o700)
        try:
            yield
        finally:
            _removed(state)
    finally:
        os.close(lock)


def _removed(state: Path) -> None:
    """Keys, database and spool of a run stand together here: what cannot be removed is said. Raises Misconfigured."""
    try:
        if state.exists():
            shutil.rmtree(state)
    except OSError as error:
        why = type(error).__name__
        raise Misconfigured(f"{state} kan niet weg ({why}): daar staan sleutels en gegevens van een toets; ruim op.") from None


def _prepared(settings: Settings, clock: Clock) -> DevPki:
    kek_file(settings).make()
    pki = DevPki.create(settings.state / "pki", clock)
    pki.server(HOST)
    return pki


def _enrol(house: House, pki: DevPki, partner: Kandidaat, cast: tuple[Tegenpartij, ...]) -> None:
    office = house.office
    for party in cast:
        trial.admit(office, *_counterparty(pki, party))
        if party.code:
            registration.managed_key(office, party.code)
    row = msgspec.structs.replace(partner.row, status="actief")
    trial.admit(office, row, *partner.certificaten, *partner.overig, guest=row.oin)
    towns = [party.code for party in cast if party.code]
    if agreed := [Overeenkomst(row.oin, town, sector, _OPEN_SINCE) for town in towns for sector in sorted(row.sectoren)]:
        registration.save(office, *agreed)
    if row.gemeentecode:
        registration.save(office, GemeenteInstelling(row.gemeentecode, row.naam, _OPEN_SINCE, optionele_velden=_TAKEN))
        if partner.zegelsleutel is not None and partner.zegelsleutel.wijze == "eigen":
            registration.save(office, partner.zegelsleutel)
        else:
            registration.managed_key(office, row.gemeentecode)


def _counterparty(pki: DevPki, party: Tegenpartij) -> list[Row]:
    certificate = x509.load_der_x509_certificate(pki.partner(party.oin, party.naam).der)
    known = Certificaat(certificate.fingerprint(SHA256()), party.oin, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    if party.code:
        row = Deelnemer(party.oin, f"Gemeente {party.naam}", frozenset({"gemeente"}), "actief", gemeentecode=party.code)
        return [row, GemeenteInstelling(party.code, party.naam, _OPEN_SINCE, optionele_velden=_TAKEN), known]
    roles = frozenset({"schuldeiser", "signaalpartner"})
    return [Deelnemer(party.oin, party.naam, roles, "actief", frozenset({party.sector}), frozenset({party.naam})), known]
