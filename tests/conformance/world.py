"""An installation with partners to test, and runs of the suite against a partner in a thread of its own, over real sockets."""

import hashlib
import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import asyncssh

from adapters.client.connection import Connection
from gateway.conformance.observed import Waargenomen
from gateway.conformance.play import PROEVEN, Begin, Opdracht, Verslag, run
from gateway.conformance.scenario import Oordeel, judge
from gateway.conformance.stage import HOST, Kandidaat, kandidaat
from gateway.onboarding import registration
from gateway.partners.mailroom import SftpSleutel
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS
from gateway.sandbox.sandbox import Sandbox
from tests.gateways import CLOCK, office

CREDITOR, OTHER = SCHULDEISERS[1].oin, SCHULDEISERS[2].oin
OWN_KEY, MANAGED = GEMEENTEN[0], GEMEENTEN[1]
SETTLE = 1.5
MOST = 150.0
"""Seconds; a run ends when it is over, and on a busy machine that may take long."""
NOTHING = {one.proef.naam: one.gezien.gezien for one in judge(PROEVEN, Waargenomen())}
SILENT = frozenset({"stand_bestand", "vraagt_overzicht"})
"""What fails by something left out looks as if nothing was seen."""
Work = Callable[[Connection, Begin, threading.Event], None]


class Hall:
    """Runs the suite against a partner of a prepared sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.sftp_key = sandbox.state / "sftp-sleutel"
        key = asyncssh.generate_private_key("ssh-ed25519")
        self.sftp_key.touch(0o600)
        key.write_private_key(self.sftp_key)
        with office(sandbox) as register:
            registered = SftpSleutel(hashlib.sha256(key.public_data).digest(), CREDITOR, "ssh-ed25519", CLOCK.now())
            registration.save(register, registered)
            oins = (CREDITOR, OTHER, OWN_KEY.oin, MANAGED.oin)
            self._known: dict[str, Kandidaat] = {oin: kandidaat(register, oin) for oin in oins}
        self.failed: list[BaseException] = []

    def knows(self, partner: Kandidaat) -> None:
        """One more partner to run against."""
        self._known[partner.row.oin] = partner

    def connect(self, oin: str, port: int) -> Connection:
        """A partner's own connection to the test door."""
        pki = self.sandbox.state / "pki"
        return Connection(HOST, port, ca=pki / "root.pem", cert=pki / f"{oin}.chain.pem", key=pki / f"{oin}.key", timeout=20)

    def run(self, oin: str, work: Work | None, *, by: str | None = None, until: "Patience | None" = None, **order: Any) -> Verslag:
        """One run against `oin`; `by` is whose certificate comes to the door. Without `work` nobody comes."""
        stop = threading.Event()
        threads: list[threading.Thread] = []

        def ready(begin: Begin) -> None:
            if work is not None:
                threads.append(threading.Thread(target=self.partner, args=(lambda c: work(c, begin, stop), by or oin, begin.port)))
                threads[0].start()

        try:
            whole = Opdracht(**{"duur": MOST, "venster": 3.0, **order})
            return run(self.sandbox.settings, self._known[oin], whole, CLOCK, ready=ready, watched=until or (lambda _: False))
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)

    def begun(self, oin: str, ready: Callable[[Begin], None]) -> Verslag:
        """A run to which nobody comes."""
        return run(self.sandbox.settings, self._known[oin], Opdracht(duur=MOST), CLOCK, ready=ready)

    def partner(self, work: Callable[[Connection], None], oin: str, port: int) -> None:
        """A partner's own system, until it is done or the door closes."""
        connection = self.connect(oin, port)
        try:
            work(connection)
        except (OSError, http.client.HTTPException):  # the door closed: the run is over
            pass
        except Exception as error:  # noqa: BLE001 - what a partner's system dies of is looked at by the test
            self.failed.append(error)
        finally:
            connection.close()


class Patience:
    """Ends a run that has nothing left to wait for: each of `but` failed for what it saw and, when `alone`, everything else passed."""

    def __init__(self, but: frozenset[str], *, alone: bool) -> None:
        self._but = but
        self._alone = alone
        self._since = 0.0

    def __call__(self, oordelen: Sequence[Oordeel]) -> bool:
        """Whether that has been so for a while."""
        left = {one.proef.naam: one.gezien.gezien for one in oordelen if not one.gezien.goed}
        over = self._but and named(left) >= self._but - SILENT and (not self._alone or left.keys() <= self._but)
        self._since = (self._since or time.monotonic()) if over else 0.0
        return bool(over) and time.monotonic() - self._since > SETTLE


def named(left: Mapping[str, str]) -> set[str]:
    """The scenarios that failed for what they saw, and not because nothing was seen."""
    return {name for name, said in left.items() if said != NOTHING[name]}


def hall(folder: Path) -> Hall:
    """An installation that is prepared and does not run."""
    sandbox = Sandbox(folder / "state", CLOCK)
    sandbox.prepare()
    return Hall(sandbox)


def failed(verslag: Verslag) -> dict[str, str]:
    """What did not pass, with what was seen."""
    return {one.proef.naam: one.gezien.gezien for one in verslag.oordelen if not one.gezien.goed}
