"""`seinhuis sandbox`: a gateway to practise on, with canned partners that do what the tables of `scenarios` say.

The integrator is one creditor and one municipality; papers for both, and lawful examples of today, are put in folders of their own. The
state folder is made new on each run and holds test keys and invented persons only. Authority: `docs/zandbak.md`. Leaves checking that
every row of the tables comes out to `trial`.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from adapters.client import xml
from adapters.client.calling import Access
from adapters.client.failures import ClientError
from adapters.client.gemeente import Gemeente as GemeenteClient
from adapters.client.opening import NotOpened, Opener
from adapters.client.receipts import NotGenuine
from adapters.client.schuldeiser import Schuldeiser as SchuldeiserClient
from gateway.app.house import open_office
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Misconfigured, Unavailable
from gateway.core.stopping import interruptible
from gateway.onboarding import registration
from gateway.partners.register import Deelnemer
from gateway.sandbox import hints, trial
from gateway.sandbox.creditors import Creditor, fill, lawful
from gateway.sandbox.desk import Desk
from gateway.sandbox.parties import BEVRAAGDEN, GEMEENTEN, SCHULDEISERS, Gemeente
from gateway.sandbox.place import in_use, ports
from gateway.sandbox.postbus import open_postbus
from gateway.sandbox.sandbox import HOST, Sandbox
from gateway.sandbox.scenarios import BEHANDELINGEN
from gateway.sandbox.trial import Practice
from schemas.bestand import Recordsoort
from schemas.schuldenoverzicht import OverzichtClient, OverzichtPersoon
from schemas.signaal import Signaal

YOU, YOUR_TOWN = SCHULDEISERS[0], GEMEENTEN[2]
"""Who the integrator is: as a creditor and as a municipality (whose key the gateway keeps)."""
CANNED_DESK = GEMEENTEN[1]
LATE_SECONDS = 20.0
STEP_SECONDS = 1.0
_HELP = {"keuzen": [{"code": "hulp_geaccepteerd", "aan": True,
                     "grond": {"soort": "convenant", "kenmerk": "ZANDBAK-1", "vanaf": "2021-01-01"}}]}  # fmt: skip


def run(state: Path, clock: Clock, console: Console, *, once: bool) -> bool:
    """Run the sandbox in the folder `state`, which is made new; with `once`, go through the whole table and end.

    Returns:
        Whether every row came out (always, without `once`).

    Raises:
        Misconfigured: a sandbox runs in this folder already. Unavailable: the gateway did not start (its log is in the folder).
    """
    if in_use(state):
        raise Misconfigured(f"De zandbak in {state} draait al. Stop die eerst (Ctrl-C).")
    shutil.rmtree(state, ignore_errors=True)
    try:
        with interruptible(), opened(state, clock, console, late=2.0 if once else LATE_SECONDS) as practice:
            if once:
                return trial.go_through(practice, console, invented(practice.signals[0]))
            hints.show(state, practice.today, console)
            _attend(practice, console)
    except KeyboardInterrupt:
        console.print("\nDe zandbak stopt.")
    return True


@contextmanager
def opened(state: Path, clock: Clock, console: Console, *, late: float) -> Iterator[Practice]:
    """A running sandbox with its partners, its papers written and the inbox filled. Raises Unavailable, ClientError."""
    sandbox, today = Sandbox(state, clock, **ports(console)), dutch_day(clock.now())
    sandbox.prepare()
    with open_office(sandbox.settings, clock) as office:  # it tells of debt counselling too
        rollen = frozenset({"gemeente", "schuldhulpverlener"})
        row = Deelnemer(CANNED_DESK.oin, f"Gemeente {CANNED_DESK.naam}", rollen, "actief", gemeentecode=CANNED_DESK.code)
        registration.save(office, row)
    with ExitStack() as stack:
        sandbox.start()
        stack.callback(sandbox.stop)
        stack.enter_context(open_postbus(sandbox, clock))
        desk = Desk(stack.enter_context(_gemeente(sandbox, CANNED_DESK)), today, time.monotonic)
        parties = (*SCHULDEISERS[1:], *BEVRAAGDEN)
        canned = [Creditor(stack.enter_context(_schuldeiser(sandbox, p.oin)), p.sector, today, time.monotonic, late) for p in parties]
        you = stack.enter_context(_schuldeiser(sandbox, YOU.oin))
        town = stack.enter_context(_gemeente(sandbox, YOUR_TOWN))
        _choose(sandbox)
        practice = Practice(desk, canned, you, town, _examples(today), [party.oin for party in parties], today)
        _write(state, practice.signals, sandbox, today)
        fill(canned[0], canned[1], YOUR_TOWN, today)
        for nr in (1, 2):
            desk.ask(f"ZANDBAK-{nr}", invented(practice.signals[0]), YOU.oin, f"UW-KLANT-{nr}")
        yield practice


def invented(signaal: Signaal) -> OverzichtClient:
    """A client who lives where the person of a signal does."""
    person = OverzichtPersoon(rol="client", voorletters="P.", achternaam="Proefklant", geboortedatum=date(1984, 5, 6))
    return OverzichtClient(personen=[person], adres=signaal.adres)


def _attend(practice: Practice, console: Console) -> None:
    """The canned partners at work; what fails is said, and tried again in the next round."""
    while True:
        try:
            done = practice.step()
        except (ClientError, NotOpened, NotGenuine) as error:
            done = [f"een partner kwam er niet uit: {error}"]
        for line in done:
            console.print(line, markup=False, highlight=False)
        time.sleep(STEP_SECONDS)


def _examples(today: date) -> list[Signaal]:
    """A lawful signal per row of the table, of the integrator to the canned municipality."""
    made = lawful(9_100, CANNED_DESK, today, of=0, count=len(BEHANDELINGEN))
    return [
        msgspec.structs.replace(one, personen=[msgspec.structs.replace(one.personen[0], achternaam=row.achternaam)])
        for one, row in zip(made, BEHANDELINGEN, strict=True)
    ]


def _write(state: Path, signals: Sequence[Signaal], sandbox: Sandbox, today: date) -> None:
    """The integrator's folders: papers under plain names, an example per row, and a file."""
    pki = state / "pki"
    for name, oin in (("schuldeiser", YOU.oin), ("gemeente", YOUR_TOWN.oin)):
        folder = state / name
        folder.mkdir(mode=0o700)
        for source, target in (("root.pem", "ca.pem"), (f"{oin}.chain.pem", "certificaat.pem"), (f"{oin}.key", "sleutel.key")):
            shutil.copy(pki / source, folder / target)
        (folder / "adres").write_text(f"https://{HOST}:{sandbox.ports.mtls}", encoding="ascii")
    folder = state / "schuldeiser" / "signalen"
    folder.mkdir()
    for one in signals:
        path = folder / f"{one.personen[0].achternaam.lower()}.json"
        path.write_bytes(msgspec.json.format(msgspec.json.encode(one)) + b"\n")
    (state / "schuldeiser" / "aanlevering.xml").write_bytes(b"".join(xml.write({}, _in_file(today))))


def _in_file(today: date) -> Iterator[tuple[Recordsoort, dict[str, Any]]]:
    """Three signals for the mailbox; the last lacks a reminder, and is refused."""
    *good, bad = (msgspec.to_builtins(one) for one in lawful(9_200, CANNED_DESK, today, of=0, count=3))
    yield from (("signaal", one) for one in good)
    yield "signaal", bad | {"inspanning": {name: value for name, value in bad["inspanning"].items() if name != "herinneringen"}}


def _choose(sandbox: Sandbox) -> None:
    """The canned municipality records its ground to tell of accepted help, which is off by default. Raises Unavailable."""
    connection = sandbox.connect(CANNED_DESK.oin)
    answer = connection.request("PUT", "/gemeente/v1/instellingen/terugkoppeling", msgspec.json.encode(_HELP))
    connection.close()
    if answer.status != 200:
        raise Unavailable("NIET_GESTART", "De zandbak kon haar gemeente niet instellen.")


def _access(sandbox: Sandbox, oin: str) -> Access:
    pki = sandbox.state / "pki"
    return Access(f"https://{HOST}:{sandbox.ports.mtls}", pki / "root.pem", pki / f"{oin}.chain.pem", pki / f"{oin}.key")


def _schuldeiser(sandbox: Sandbox, oin: str) -> SchuldeiserClient:
    return SchuldeiserClient(_access(sandbox, oin))


def _gemeente(sandbox: Sandbox, gemeente: Gemeente) -> GemeenteClient:
    return GemeenteClient(_access(sandbox, gemeente.oin), opener=Opener(sandbox.own_key(gemeente).read_bytes() if gemeente.eigen else None))


