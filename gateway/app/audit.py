"""Open the log to verify it, beside a running gateway or without one: role gw_log, which can read the log and nothing else of use.

Authority: architecture, the log. Leaves the checks to `gateway.privacylog.verify` and printing to the command line.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from gateway.app.grounds import Grounds
from gateway.app.settings import Settings
from gateway.core.clock import Clock
from gateway.keys.names import CHECKPOINT
from gateway.privacylog.checkpoint import CheckpointSigner, NoteVerifier
from gateway.privacylog.verify import Report, verify
from gateway.store.database import Database


class Audit(NamedTuple):
    """The database of the log and the public key of its checkpoints."""

    database: Database
    verifier: NoteVerifier

    def verify(self, held: Iterable[str] = ()) -> Report:
        """Check the whole log, and the checkpoints that others `held`. Raises Unavailable."""
        with self.database.transaction() as connection:
            return verify(connection, self.verifier, held=held)


@contextmanager
def open_audit(settings: Settings, clock: Clock) -> Iterator[Audit]:
    """The log of one installation. Raises Misconfigured, Unavailable."""
    with ExitStack() as stack:
        grounds = Grounds(settings, clock, stack, "seinhuis-controle", 1)
        yield Audit(grounds.log(1), CheckpointSigner(settings.log_origin, grounds.keys.key(CHECKPOINT)).verifier)
