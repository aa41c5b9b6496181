"""What the flow of files works with, from a file that is complete to its report; the modules beside this one are its steps.

`accepting` reads a file once, to its end, before anything of it is delivered; `delivering` brings its chunks through the one flow of
signals; `standing` compares a whole list; `report` tells the partner; `worker` takes turns at all of it. Authority: contract, files;
architecture, "a file is read twice". A crash at any point leaves a state from which any worker goes on.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from gateway.core.chain import Outcome, Sender, Trace
from gateway.core.errors import SeinhuisError
from gateway.files import unpacking
from gateway.files.reading import Leeswijze, Scanner
from gateway.files.spool import Spool
from gateway.keys.signing import ReceiptSigner
from gateway.overviews.desk import OverviewDesk
from gateway.privacylog.entry import Frame
from gateway.signals.receive import Steps
from gateway.store.database import Database
from schemas.ontvangst import Bevinding, Oordeel

ROL = "schuldeiser"
"""The role in which files are delivered, as at the door of the creditor."""

REHEARSED = frozenset({"signalen", "stand"})
"""Kinds of file that somebody in shadow may deliver."""


class Bounds(NamedTuple):
    """Records of a file, and of a list of all open signals, with their bytes as JSON; tries before what breaks the work is given up;
    records from the first on of which none can be read, so that the file is another one than it seems.
    """

    records: int = 5_000_000
    stand: int = 50_000
    stand_bytes: int = 64 << 20
    attempts: int = 10
    unreadable: int = 10_000
    unpacked: unpacking.Limits = unpacking.Limits()


class Files(NamedTuple):
    """Made by the composition root. `lease`: how long a worker that is not heard of keeps its work. `number` runs the sequencer.

    `tasks` (role gw_taken) sees which parties have work waiting. `tally` counts outcomes for the operator. `overviews`: where answers to
    balance requests go.
    """

    steps: Steps
    tasks: Database
    spool: Spool
    signer: ReceiptSigner
    choose: Callable[[str, str, date], Leeswijze]
    scanner: Scanner
    number: Callable[[], object]
    tally: Callable[[Sequence[Outcome]], None] = lambda _: None
    overviews: OverviewDesk | None = None
    bounds: Bounds = Bounds()
    lease: timedelta = timedelta(seconds=60)


class Lost(Exception):
    """Another worker took this over; what was done here is not kept."""


def frame(files: Files, sender: Sender, trace_id: str) -> Frame:
    """Who, when and in which trace, for entries in the log; each worker is a span of its own."""
    return Frame(sender, Trace(trace_id, secrets.token_hex(8)), files.steps.clock.now(), files.steps.activity("aanleveren"))


def finding(error: SeinhuisError, oordeel: Oordeel = "fataal") -> Bevinding:
    """An error of ours as a finding."""
    return Bevinding(code=error.code, oordeel=oordeel, melding=error.detail)
