"""`seinhuis demo`: a gateway of its own, a synthetic month and a schuldenoverzicht, and a check of everything that must be true afterwards.

The state folder is made new on each run; it holds test keys and invented persons only. What the parties do stands in
`creditors`, `files`, `desks` and `overview`, what must come out in `expectations`. Authority: `docs/contract.md`.
"""

import shutil
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from rich.console import Console

from adapters.client.opening import NotOpened, Opener
from adapters.client.receipts import NotGenuine
from adapters.synthetic.generator import Generator
from gateway.app.audit import open_audit
from gateway.core.clock import Clock, dutch_day
from gateway.core.errors import Misconfigured
from gateway.core.stopping import interruptible
from gateway.demo import files, overview
from gateway.demo.creditors import Delivery, Offered, Unexpected, deliver, published
from gateway.demo.desks import Collected, collect
from gateway.demo.expectations import Month, accepted, failures, log_failures, overview_failures
from gateway.demo.hints import Hint, hints
from gateway.demo.overview import Told
from gateway.demo.people import PEOPLE, invitation
from gateway.demo.tables import show_log, show_month, show_overview
from gateway.privacylog.verify import Report
from gateway.sandbox.login import employ, login_service
from gateway.sandbox.parties import GEMEENTEN, SCHULDEISERS, Gemeente, Schuldeiser, creditors, places
from gateway.sandbox.place import in_use, ports
from gateway.sandbox.postbus import PARTY, Postbus, open_postbus
from gateway.sandbox.sandbox import Sandbox

SIGNALS = 2_000
DEFECTS = 0.03
SEED = 2026


def run(state: Path, clock: Clock, console: Console, *, once: bool) -> bool:
    """Run the demo in the folder `state`, which is made new; without `once`, stay up until SIGINT or SIGTERM.

    Returns:
        Whether everything was as it must be.

    Raises:
        Misconfigured: a demo runs in this folder already. Unavailable: the gateway did not start (its log is in the folder).
    """
    if in_use(state):
        raise Misconfigured(f"De demo in {state} draait al. Stop die eerst (Ctrl-C).")
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(mode=0o700, parents=True)
    with interruptible(), login_service(state, PEOPLE) as login:
        return _run(Sandbox(state, clock, **ports(console), **login), clock, console, once=once)


def _run(sandbox: Sandbox, clock: Clock, console: Console, *, once: bool) -> bool:
    try:
        sandbox.prepare()
        employ(sandbox, clock)
        sandbox.start()
        with open_postbus(sandbox, clock) as postbus:
            told, found = _play(sandbox, postbus, clock, console)
            for failure in found:
                console.print(f"demo: MISLUKT: {failure}", markup=False)
            if told and not found:
                console.print("demo: OK")
                if not once:
                    today = dutch_day(clock.now())
                    invited = invitation(sandbox.ports.console, SEED, SIGNALS, DEFECTS, today)
                    _stay(invited, hints(sandbox, postbus, told, today), console)
        return not found
    finally:
        sandbox.stop()


def _play(sandbox: Sandbox, postbus: Postbus, clock: Clock, console: Console) -> tuple[Told | None, list[str]]:
    """Both acts, each shown when it is over, and the log; the overview, and what is not as it must be."""
    console.print(f"Gateway staat aan op poort {sandbox.ports.mtls}.")
    try:
        month = _month(sandbox, postbus, clock, console)
        console.rule("2. Een schuldenoverzicht", align="left")
        told = overview.play(sandbox, dutch_day(clock.now()))
        show_overview(told, console)
        log = _verified(sandbox, clock)
    except (Unexpected, NotOpened, NotGenuine) as error:
        return None, [str(error)]
    except OSError as error:
        return None, [f"de verbinding brak af ({type(error).__name__})"]
    console.rule(align="left")
    show_log(log, console)
    return told, [*failures(month), *overview_failures(told), *log_failures(log)]


def _month(sandbox: Sandbox, postbus: Postbus, clock: Clock, console: Console) -> Month:
    """The first act: deliver and collect."""
    console.rule("1. Een maand vroegsignalen", align="left")
    console.print(f"{SIGNALS} signalen van {len(SCHULDEISERS)} schuldeisers gaan erdoor.")
    today = dutch_day(clock.now())
    generator = Generator(SEED, places(), today, creditors())
    offered = [Offered(*pair) for pair in generator.with_defects(SIGNALS, DEFECTS)]
    with ThreadPoolExecutor(max_workers=len(SCHULDEISERS) + 1) as pool:
        begun = time.perf_counter()
        by_file = pool.submit(_deliver_files, sandbox, postbus, today)
        delivered = [*pool.map(lambda party: _deliver(sandbox, party, offered), SCHULDEISERS), by_file.result()]
        between = time.perf_counter()
        expected = accepted([one for delivery in delivered for one in delivery.landed])
        collected = list(pool.map(lambda party: _collect(sandbox, party, expected[party.code]), GEMEENTEN))
        ended = time.perf_counter()
    deliveries = dict(zip([*(party.naam for party in SCHULDEISERS), files.LABEL], delivered, strict=True))
    desks = {party.code: desk for party, desk in zip(GEMEENTEN, collected, strict=True)}
    month = Month(deliveries, desks, between - begun, ended - between)
    show_month(month, console)
    return month


def _verified(sandbox: Sandbox, clock: Clock) -> Report:
    with open_audit(sandbox.settings, clock) as audit:
        return audit.verify()


def _deliver(sandbox: Sandbox, party: Schuldeiser, offered: Sequence[Offered]) -> Delivery:
    records = [one for one in offered if one.signal["handelsnaam"] == party.naam]
    with closing(sandbox.connect(party.oin)) as connection:
        return deliver(connection, f"DEMO-{party.oin[-5:]}", records)


def _deliver_files(sandbox: Sandbox, postbus: Postbus, today: date) -> Delivery:
    with closing(sandbox.connect(PARTY.oin)) as connection:
        return files.deliver(postbus, published(connection), today)


def _collect(sandbox: Sandbox, party: Gemeente, expected: int) -> Collected:
    opener = Opener(sandbox.own_key(party).read_bytes() if party.eigen else None)
    with closing(sandbox.connect(party.oin)) as connection:
        return collect(connection, party.code, opener, expected)


def _stay(invited: Sequence[str], ways: Sequence[Hint], console: Console) -> None:
    console.print("\nDe gateway blijft aan; Ctrl-C stopt haar.")
    for line in invited:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print("Probeer in een ander venster:")
    for hint in ways:
        console.print(f"\n# {hint.title}: status {hint.status}\n{hint.command}", markup=False, highlight=False, soft_wrap=True)
    with suppress(KeyboardInterrupt):
        signal.pause()
    console.print("\nDe demo stopt.")
