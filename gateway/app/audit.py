"""Open the log to verify it, beside a running gateway or without one: role gw_log, which can read the log and nothing else of use.

Authority: architecture, the log. Leaves the checks to `gateway.privacylog.verify` and printing to the command line.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import NamedTuple

from gateway.app.house import Foundation, kek_path
from gateway.app.settings import Settings
from gateway.core.clock import Clock
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kek import read_kek
from gateway.keys.names import CHECKPOINT
from gateway.oversight import index
from gateway.privacylog.checkpoint import CheckpointSigner, NoteVerifier
from gateway.privacylog.verify import Report, verify
from gateway.store.database import Database
from gateway.store.prepare import prepare


class Audit(NamedTuple):
    """The database of the log and the public key of its checkpoints."""

    database: Database
    verifier: NoteVerifier

    def verify(self, held: Iterable[str] = ()) -> Report:
        """Check the whole log, and the checkpoints that others `held`. Raises Unavailable."""
        with self.database.transaction() as connection:
            return verify(connection, self.verifier, held=held)


@contextmanager
def open_index(settings: Settings, clock: Clock) -> Iterator[Callable[[], list[str]]]:
    """What compares the search index of oversight with the log (role gw_toezicht). Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        dsns = prepare(Foundation(settings, stack).dsn, settings.state, clock)
        database = stack.enter_context(closing(Database(dsns.toezicht, name="seinhuis-zoekindex", size=1)))

        def compared() -> list[str]:
            index.catch_up(database)
            with database.transaction() as connection:
                return index.compare(connection)

        yield compared


@contextmanager
def open_audit(settings: Settings, clock: Clock) -> Iterator[Audit]:
    """The log of one installation. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        dsns = prepare(Foundation(settings, stack).dsn, settings.state, clock)
        with closing(Database(dsns.beheer, name="seinhuis-controlesleutel", size=1)) as office:
            seed = DatabaseKeyStore(office, read_kek(kek_path(settings))).key(CHECKPOINT)
        log = stack.enter_context(closing(Database(dsns.log, name="seinhuis-controle", size=1)))
        yield Audit(log, CheckpointSigner(settings.log_origin, seed).verifier)
