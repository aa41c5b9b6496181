"""The composition root: builds every part once and hands each what it needs. Nothing else wires.

Order of opening: database (embedded or given), schema and roles, keys, register, rules and purposes, flows, loops; closing runs
the other way. A missing or weak key, an unsafe database or a flow without a processing activity refuses to start (`Misconfigured`).
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from gateway.app import files, office, retaining
from gateway.app.grounds import Grounds
from gateway.app.kek import rotated_kek
from gateway.app.metrics import Metrics
from gateway.app.settings import NORMS, Settings
from gateway.cases.desk import CaseDesk
from gateway.core.chain import Lawful, Routed, Stopped, Trace
from gateway.core.clock import Clock
from gateway.core.stopping import Stopping
from gateway.ddas import export
from gateway.feedback import feed
from gateway.feedback.policy import FeedbackPolicy
from gateway.feedback.recording import Feedback
from gateway.files import questions as filed
from gateway.files.sweeping import sweep
from gateway.files.telling import tell
from gateway.files.worker import Worker
from gateway.inboxes import expiry
from gateway.inboxes.desk import Desk
from gateway.jobs.loops import Loop
from gateway.keys import names
from gateway.keys.signing import ReceiptSigner
from gateway.meldingen.matcher import Matcher
from gateway.onboarding.registration import Office
from gateway.outlet import rounds
from gateway.outlet.desk import OutletDesk
from gateway.oversight.desk import OversightDesk
from gateway.oversight.memory import Memory
from gateway.oversight.nightly import Nightly
from gateway.overviews import terms
from gateway.overviews.desk import OverviewDesk
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.partners.source import POLL_SECONDS, RegisterSource
from gateway.policy.register import PurposeRegister
from gateway.privacylog import growth, sequencer
from gateway.privacylog.checkpoint import CheckpointSigner
from gateway.privacylog.term import Log
from gateway.quality.checks import Quality
from gateway.regelingen import extract
from gateway.regelingen import terms as regelingen
from gateway.retention.keeper import Keeper
from gateway.routing.municipalities import Municipalities
from gateway.routing.step import route_record
from gateway.rules import rows
from gateway.rules.rulebook import Rulebook
from gateway.signals import effort, quality
from gateway.signals.groupcommit import GroupCommit
from gateway.signals.receive import Steps, receive
from gateway.signals.residue import Residues
from gateway.store.database import Database
from gateway.store.prepare import extend

NUMBER_SECONDS = 0.25
PARTITION_SECONDS = 86_400.0
WAITING_SECONDS = 3_600.0
FLOWS = (
    "aanleveren",
    "ophalen",
    "beheren",
    "matchen",
    "zaken",
    "terugkoppelen",
    "indelen",
    "opvolgen",
    "bewaken",
    "doorzenden",
    "brieven",
    "statistiek",
    "overzicht_toegang",
    "overzicht_plan",
    "kennisgeving",
    "betaalvoorstel",
    "afkoelingsperiode",
    "toezicht",
    "uitlaat",
    "schaduw",
)
GC_THRESHOLD = (50_000, 20, 100)


class House:
    """Every part, open. `number` runs the sequencer once, now."""

    def __init__(self, settings: Settings, clock: Clock, stack: ExitStack) -> None:
        self.settings = settings
        self.clock = clock
        self.stopping = Stopping()
        grounds = Grounds(settings, clock, stack, size=4)
        self.database, self.beheer, self.keys = grounds.database, grounds.beheer, grounds.keys
        self.ingest, self.inbox, self.log = grounds.ingest(8), grounds.inbox(16), grounds.log(5)
        self.tasks, toezicht = grounds.tasks(4), grounds.oversight(4)
        self.console = grounds.console(4)
        self.integrators = grounds.integrators(4)
        self.signer = ReceiptSigner(self.keys, names.RECEIPT)
        self.checkpoints = CheckpointSigner(settings.log_origin, self.keys.key(names.CHECKPOINT))
        self.seen = growth.Seen(settings.state / "sleutels" / "logstand.json")
        self.register = RegisterSource(self.beheer, sealer(self.keys))
        self.register.refresh()
        self.purposes = PurposeRegister.load()
        self.municipalities = _municipalities(settings)
        activity = self.purposes.activity
        self.purposes.require(FLOWS)
        self.sequencer = Loop("sequencer", self.number, NUMBER_SECONDS, last=True)
        self.steps = Steps(
            database=self.ingest,
            register=self.register.current,
            rulebook=Rulebook(rows.shipped(settings.state / NORMS), self.purposes.agreement_needed),
            route=self._route,
            keys=self.keys,
            clock=clock,
            committed=self.sequencer.wake,
            activity=activity,
            check=Quality(self.municipalities.fits),
            residue=Residues(self.keys, lambda day: self.purposes.reading(export.DOEL, export.RECEIVER, day) is not None).keep,
        )
        self.feedback = Feedback(FeedbackPolicy.load(), self.register.current, clock, activity("terugkoppelen"), sealer(self.keys))
        self.metrics = Metrics()
        self.receive = self.metrics.counted(partial(receive, steps=self.steps))
        self.posts = GroupCommit(self.receive)
        self.metrics.waiting.set_function(self.posts.waiting)
        self.overviews = self._overviews()
        self.files = files.wired(settings, self.steps, self.tasks, self.signer, self.number, self.metrics.tally, self.overviews)
        self.workers = [Worker(self.files) for _ in range(settings.file_workers)]
        self.desk = Desk(
            database=self.inbox,
            keys=self.keys,
            purposes=self.purposes,
            clock=clock,
            committed=self.sequencer.wake,
            activity=activity,
            feedback=self.feedback,
            openings=settings.openings_per_day,
        )
        self.cases = CaseDesk(self.inbox, self.keys, clock, self.feedback, activity("zaken"))
        self.matcher = Matcher(self.inbox, self.keys, clock, self.sequencer.wake, activity)
        keeping, log, kek = grounds.keeping(2), Log(self.log, self.checkpoints), rotated_kek(settings)
        self.keeper = Keeper(keeping, self.keys, kek, self.purposes, clock, settings.operator, Trace.fresh, log, self.stopping.go_on)
        self.office = office.served(self.beheer, self.keys, settings, clock, self.purposes, Trace.fresh)
        self.oversight = self._oversight(toezicht)
        self.outlet = OutletDesk(self.desk, self.files, self.tasks, self.register.current, Trace.fresh)
        self._start(stack)

    def public_keys(self) -> dict[str, Any]:
        """What anybody needs to verify what this gateway signs: the JWK set of receipts, and the key of checkpoints."""
        return {**self.signer.public_jwks(), "logsleutel": self.checkpoints.verifier.vkey}

    def number(self) -> int:
        """Number what is committed, and release the feedback that is due. Returns how many entries."""
        feed.release(self.tasks, self.clock)
        if done := sequencer.run_once(self.log, self.checkpoints, self.clock, self.seen):
            self.metrics.numbered(done)
            self.sequencer.wake()
        return done

    def _route(self, lawful: Lawful, register: Register) -> Routed | Stopped:
        return route_record(lawful, self.municipalities, self.purposes.decide, register)

    def _overviews(self) -> OverviewDesk:
        return OverviewDesk(
            inbox=self.inbox,
            ingest=self.ingest,
            tasks=self.tasks,
            keys=self.keys,
            register=self.register.current,
            purposes=self.purposes,
            clock=self.clock,
            signer=self.signer,
            committed=self.sequencer.wake,
            openings=self.settings.openings_per_day,
        )

    def _oversight(self, database: Database) -> OversightDesk:
        return OversightDesk(
            database=database,
            keys=self.keys,
            register=self.register.current,
            purposes=self.purposes,
            clock=self.clock,
            committed=self.sequencer.wake,
            number=self.number,
            overview=partial(extract.extract, desk=self.overviews),
            vkey=self.checkpoints.verifier.vkey,
            verdicts=Memory(self.clock).verdicts,
            ceiling=self.settings.oversight_ceiling,
            reversals=self.settings.reversals_per_day,
        )

    def _start(self, stack: ExitStack) -> None:
        partitions = Loop("partities", partial(extend, self.tasks, self.clock), PARTITION_SECONDS)
        efforts = Loop("inspanning", partial(effort.summarise, self.tasks, self.clock), PARTITION_SECONDS)
        waiting = Loop("onopgehaald", partial(expiry.run, self.desk, self.tasks, self.settings.operator, Trace.fresh), WAITING_SECONDS)
        asked = Loop("schuldenoverzichten", partial(terms.run, self.overviews, self.settings.operator, Trace.fresh), WAITING_SECONDS)
        arranged = Loop("regelingen", partial(regelingen.run, self.overviews, self.settings.operator, Trace.fresh), WAITING_SECONDS)
        figures = Loop("kwaliteit", partial(quality.summarise, self.tasks, self.clock), PARTITION_SECONDS)
        sweeping = Loop("bestanden_opruimen", partial(sweep, self.files), files.SWEEP_SECONDS)
        telling = Loop("terugkoppeling_bestanden", partial(tell, self.files), files.TELL_SECONDS)
        questions = Loop("saldobestanden", partial(filed.tell, self.files, self.overviews), files.TELL_SECONDS)
        outlet = Loop("uitlaat", partial(rounds.run, self.outlet), files.OUTLET_SECONDS)
        working = [Loop(f"bestanden_{nr}", worker.run, files.LOOK_SECONDS) for nr, worker in enumerate(self.workers, start=1)]
        register = Loop("register", self.register.refresh, POLL_SECONDS)
        keeping_terms = Loop("bewaring", partial(retaining.run, self.keeper), WAITING_SECONDS)
        indexing = Loop("zoekindex", Nightly(self.oversight, self.stopping.go_on).run, WAITING_SECONDS)
        told = (keeping_terms, figures, sweeping, telling, questions, outlet, indexing)
        self.loops = (self.sequencer, register, partitions, efforts, waiting, asked, arranged, *told, *working)
        for loop in self.loops:
            loop.start()
            stack.callback(loop.close)
        for worker in self.workers:
            stack.callback(worker.stop)
        stack.callback(self.stopping.ask)
        self.posts.start()
        stack.callback(self.posts.close)
        gc.set_threshold(*GC_THRESHOLD)


@contextmanager
def open_house(settings: Settings, clock: Clock) -> Iterator[House]:
    """Open every part and close it again, whatever happens. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        yield House(settings, clock, stack)


@contextmanager
def open_office(settings: Settings, clock: Clock) -> Iterator[Office]:
    """The register and the keys alone, for the command line; beside a running gateway or without one. Raises as `open_house`."""
    with open_desk(settings, clock) as (found, _):
        yield found


@contextmanager
def open_desk(settings: Settings, clock: Clock) -> Iterator[tuple[Office, Callable[[], Database]]]:
    """As `open_office`, with what opens the inbox of municipalities beside it."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-kantoor")
        made = office.wired(grounds.beheer, grounds.keys, settings, clock, PurposeRegister.load(), Trace.fresh)
        yield made, lambda: grounds.inbox(1)


def _municipalities(settings: Settings) -> Municipalities:
    found = Municipalities.load()
    if postcodes_path(settings).exists():
        found.load_official(postcodes_path(settings))
    return found


def postcodes_path(settings: Settings) -> Path:
    """Where the official postcode file stands, when there is one."""
    return settings.postcodes or settings.state / "postcodes.csv"
