"""A gateway to try things on: a state folder with certificates, keys and invented partners, and `seinhuis serve` as a process of its own.

Used by the demo, the bench and the tests, so that they all meet the gateway as a partner does: over TLS. The process is started by
us and stopped by its own id. Leaves what is sent to its users. Never for real partners: every key stands in the state folder.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from adapters.client.connection import Connection
from certs.dev import DevPki, Issued
from gateway.app.house import open_office
from gateway.app.kek import kek_file
from gateway.app.settings import Settings
from gateway.core.clock import Clock
from gateway.core.errors import Unavailable
from gateway.keys.keystore import public_jwk
from gateway.onboarding import registration, trial
from gateway.onboarding.registration import Office
from gateway.partners.register import Certificaat, Deelnemer, GemeenteInstelling, Mandaat
from gateway.partners.sealkeys import Gemeentesleutel
from gateway.sandbox.parties import BEVRAAGDEN, FUNCTIONARISSEN, GEMEENTEN, SCHULDEISERS, Gemeente, Schuldeiser
from gateway.store.programs import mortal_by

HOST = "localhost"
OPEN_SINCE = date(2021, 1, 1)
OPTIONAL_FIELDS = frozenset({"geboortedatum", "klantnummer"})
START_SECONDS = 60


class Ports(NamedTuple):
    """Where the running gateway listens."""

    mtls: int
    public: int
    inner: int
    console: int = 0


class Sandbox:
    """One state folder and, while started, one gateway process."""

    def __init__(self, state: Path, clock: Clock, *, program: str = "gateway", **environment: str) -> None:
        """`program`: the module that is run. `environment` adds settings of the gateway (`SEINHUIS_…`) to those of the sandbox."""
        self.state = state
        self.log = state / "gateway.log"
        self._clock = clock
        self._program = program
        self._environment = {"SEINHUIS_STATE": str(state), "SEINHUIS_PROEF": "true", **environment}
        self._process: subprocess.Popen[bytes] | None = None
        self.ports = Ports(0, 0, 0)

    @property
    def settings(self) -> Settings:
        """The gateway's settings, as far as this process needs them."""
        url = self._environment.get("SEINHUIS_DATABASE_URL")
        return Settings(state=self.state, database_url=url, proef=True)

    @property
    def pid(self) -> int:
        """The gateway's process id. Raises Unavailable when it does not run."""
        if self._process is None:
            raise Unavailable("NIET_GESTART", "De gateway draait niet.")
        return self._process.pid

    def prepare(self) -> None:
        """Make certificates, keys and partners; what exists is kept."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        pki = self._pki()
        if not (self.state / "pki" / "localhost.pem").exists():
            pki.server(HOST)
        if not kek_file(self.settings).path.exists():
            kek_file(self.settings).make()
        with open_office(self.settings, self._clock) as office:
            for schuldeiser in SCHULDEISERS:
                self._creditor(office, pki, schuldeiser, frozenset({"schuldeiser", "signaalpartner"}))
            for schuldeiser in BEVRAAGDEN:
                self._creditor(office, pki, schuldeiser, frozenset({"schuldeiser"}))
            for gemeente in GEMEENTEN:
                self._municipality(office, pki, gemeente)
            for oin in FUNCTIONARISSEN:
                self._officer(office, pki, oin, GEMEENTEN[1])

    def start(self) -> None:
        """Start the gateway and wait until it accepts. Raises Unavailable when it does not."""
        self._process, told = self._run("serve")
        self.ports = Ports(**told["klaar"])

    @contextmanager
    def beside(self, *words: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Another process of the same installation (`sftp`, `verwerk`): its id, and what it said when it was ready. Raises Unavailable."""
        process, told = self._run(*words)
        try:
            yield process.pid, told
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def _run(self, *words: str) -> tuple["subprocess.Popen[bytes]", dict[str, Any]]:
        """Start the program and read its first line."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEINHUIS_")}
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*mortal_by("TERM"), sys.executable, "-m", self._program, *words],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**inherited, **self._environment},
            )
        assert process.stdout is not None  # noqa: S101 - asked for above
        timer = threading.Timer(START_SECONDS, process.kill)
        timer.start()
        with process.stdout as output:
            line = output.readline()
        timer.cancel()
        if not line:
            raise Unavailable("NIET_GESTART", f"De gateway startte niet; zie {self.log}.")
        return process, json.loads(line)

    def stop(self, number: signal.Signals = signal.SIGTERM, patience: float = 60) -> int:
        """Send a signal and wait for the end; returns the exit status. Nothing runs: 0."""
        if self._process is None:
            return 0
        self._process.send_signal(number)
        try:
            return self._process.wait(patience)
        finally:
            self._process = None

    def connect(self, oin: str, *, timeout: float = 60) -> Connection:
        """A connection of one party."""
        pki = self.state / "pki"
        return Connection(
            HOST, self.ports.mtls, ca=pki / "root.pem", cert=pki / f"{oin}.chain.pem", key=pki / f"{oin}.key", timeout=timeout
        )

    def own_key(self, gemeente: Gemeente) -> Path:
        """The private key (PEM) of a municipality with a key of its own."""
        return self.state / "pki" / f"{gemeente.oin}-eigen.key"

    def _pki(self) -> DevPki:
        folder = self.state / "pki"
        return DevPki.load(folder, self._clock) if (folder / "root.pem").exists() else DevPki.create(folder, self._clock)

    def _creditor(self, office: Office, pki: DevPki, schuldeiser: Schuldeiser, rollen: frozenset[str]) -> None:
        row = Deelnemer(
            oin=schuldeiser.oin,
            naam=schuldeiser.naam,
            rollen=rollen,
            status="actief",
            sectoren=frozenset({schuldeiser.sector}),
            handelsnamen=frozenset({schuldeiser.naam}),
        )
        trial.admit(office, row, *self._certificates(pki, schuldeiser.oin, schuldeiser.naam))

    def _municipality(self, office: Office, pki: DevPki, gemeente: Gemeente) -> None:
        row = Deelnemer(gemeente.oin, f"Gemeente {gemeente.naam}", frozenset({"gemeente"}), "actief", gemeentecode=gemeente.code)
        desk = GemeenteInstelling(gemeente.code, gemeente.naam, OPEN_SINCE, optionele_velden=OPTIONAL_FIELDS)
        trial.admit(office, row, desk, *self._certificates(pki, gemeente.oin, row.naam))
        if gemeente.eigen:
            registration.save(office, Gemeentesleutel(gemeente.code, f"{gemeente.oin}/1", "eigen", self._own_public(gemeente)))
        else:
            registration.managed_key(office, gemeente.code)

    def _officer(self, office: Office, pki: DevPki, oin: str, gemeente: Gemeente) -> None:
        row = Deelnemer(oin, f"Functionaris {gemeente.naam} {oin[-5:-3]}", frozenset({"toezichthouder"}), "actief")
        mandate = Mandaat(oin, gemeente.oin, "toezichthouder", OPEN_SINCE)
        trial.admit(office, row, mandate, *self._certificates(pki, oin, row.naam))

    def _certificates(self, pki: DevPki, oin: str, naam: str) -> list[Certificaat]:
        if (self.state / "pki" / f"{oin}.pem").exists():
            return []
        return [_registered(oin, pki.partner(oin, naam))]

    def _own_public(self, gemeente: Gemeente) -> dict[str, object]:
        path = self.own_key(gemeente)
        if not path.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            path.touch(0o600)
            path.write_bytes(pem)
        loaded = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # noqa: S101 - written above
        return public_jwk(f"{gemeente.oin}/1", loaded.public_key())


def _registered(oin: str, issued: Issued) -> Certificaat:
    certificate = x509.load_der_x509_certificate(issued.der)
    return Certificaat(certificate.fingerprint(SHA256()), oin, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
