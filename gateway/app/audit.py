"""Open the log to verify it, to write it out or to choose a term, beside a running gateway or without one.

Role gw_log, which can read the log and nothing else of use.

Authority: architecture, the log. Leaves the checks to `gateway.privacylog.verify` and printing to the command line.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from adapters.client import logcheck
from adapters.client.logcheck import Held
from gateway.app.grounds import Grounds
from gateway.app.settings import Settings
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.keys.names import CHECKPOINT
from gateway.oversight import index
from gateway.policy.register import PurposeRegister
from gateway.privacylog import export, term
from gateway.privacylog.checkpoint import CheckpointSigner, NoteVerifier
from gateway.privacylog.entry import Frame
from gateway.privacylog.verify import Report, verify
from gateway.store.database import Database
from schemas.types import Gemeentecode


class Audit(NamedTuple):
    """The database of the log and the key of its checkpoints; `frame` is who opened it, for what is logged here."""

    database: Database
    signer: CheckpointSigner
    frame: Frame

    @property
    def verifier(self) -> NoteVerifier:
        """The public key."""
        return self.signer.verifier

    def verify(self, held: Iterable[str] = ()) -> Report:
        """Check the whole log, and the checkpoints that others `held`. Raises Unavailable."""
        with self.database.transaction() as connection:
            return verify(connection, self.verifier, held=held)

    def compare(self, held: Held) -> list[str]:
        """What does not fit the receipts and answers that others `held`. Raises Unavailable."""
        with self.database.transaction() as connection:
            return logcheck.verify(export.lines(connection), self.verifier.vkey, held).findings

    def choose(self, gemeente: Gemeentecode, months: int) -> None:
        """How long the content of a municipality's entries is kept. Raises Unavailable."""
        term.choose(term.Log(self.database, self.signer), self.frame, gemeente, months)


@contextmanager
def open_index(settings: Settings, clock: Clock) -> Iterator[Callable[[], list[str]]]:
    """What compares the search index of oversight with the log (role gw_toezicht). Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        database = Grounds(settings, clock, stack, "seinhuis-zoekindex", 1).oversight(1)

        def compared() -> list[str]:
            index.catch_up(database)
            return index.compare(database)

        yield compared


@contextmanager
def open_audit(settings: Settings, clock: Clock) -> Iterator[Audit]:
    """The log of one installation. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-controle", 1)
        trace = Trace(secrets.token_hex(16), secrets.token_hex(8))
        frame = Frame(Sender(settings.operator, settings.operator), trace, clock.now(), PurposeRegister.load().activity("beheren"))
        yield Audit(grounds.log(1), CheckpointSigner(settings.log_origin, grounds.keys.key(CHECKPOINT)), frame)
