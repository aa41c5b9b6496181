"""Shadow: the one flow, step for step, in a transaction that is never committed; what stays is a report, counts and one log entry.

Authority: contract, "who can read what" (`schaduw` has its own purpose row, and its payload is dropped after the verdict), states. The
verdicts are those of the flow itself, so that the report is the one that the same delivery would get. What the flow wrote was never
visible to anybody; the outer layer of a payload is under a key that is made for this and kept nowhere, so that what a database leaves on
its pages until it cleans them opens for nobody. Leaves who may deliver in shadow to `gateway.partners.acting`.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from gateway.core import ids
from gateway.core.chain import Outcome, Sender, Trace
from gateway.keys import names
from gateway.keys.keystore import KEY_SIZE, KeyStore
from gateway.partners import administration
from gateway.partners.dossier import Schaduwproef
from gateway.partners.register import Register
from gateway.partners.rows import sealer
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.messages import SchaduwBeproefd
from gateway.signals import reports
from gateway.signals.receive import Steps
from gateway.store.database import Connection
from gateway.store.tenant import Tenant, parties
from schemas.toets import Mond

FLOW = "schaduw"
_STORAGE = names.storage("", "").partition("/")[0]
T = TypeVar("T")


class _Undone(Exception):
    """The end of every rehearsal: its transaction is rolled back."""


class Rehearsal:
    """`gateway.store.database.Transactions` within one transaction for one tenant: each is a savepoint of it."""

    def __init__(self, connection: Connection, tenant: Tenant) -> None:
        self._connection = connection
        self._tenant = tenant

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        """A part of the whole, which ends with it. Raises ValueError: it is for somebody else than the whole."""
        if tenant not in (None, self._tenant):
            raise ValueError("a rehearsal is for one principal")
        with self._connection.transaction():
            yield self._connection


class Passing:
    """`KeyStore` whose storage keys are made for this and forgotten; every other key is the real one, which verdicts and names need."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    def key(self, name: str) -> bytes:
        """See `KeyStore.key`."""
        return secrets.token_bytes(KEY_SIZE) if name.startswith(_STORAGE) else self._keys.key(name)

    def private(self, name: str) -> ec.EllipticCurvePrivateKey:
        """See `KeyStore.private`."""
        return self._keys.private(name)

    def create_private(self, name: str) -> dict[str, Any]:
        """See `KeyStore.create_private`."""
        return self._keys.create_private(name)


def applies(register: Register, sender: Sender) -> bool:
    """Whether what somebody delivers is a rehearsal: the connecting party or the principal is in shadow."""
    found = (register.partner(oin) for oin in (sender.party, sender.principal))
    return any(partner is not None and partner.in_schaduw for partner in found)


def rehearse(principal: str, steps: Steps, work: Callable[[Steps], T]) -> T:
    """Do work of the flow for one principal and undo all of it. Raises what the work raises."""
    done: list[T] = []
    whose = parties(principal)
    with suppress(_Undone), steps.database.transaction(whose) as connection:
        done.append(work(steps._replace(database=Rehearsal(connection, whose), keys=Passing(steps.keys), committed=_nobody)))
        raise _Undone
    return done[0]


def deliver(sender: Sender, trace: Trace, mond: Mond, steps: Steps, work: Callable[[Steps], Sequence[Outcome]]) -> list[Outcome]:
    """The outcomes of a rehearsal, on record: marked, with the leaf of its one entry, and without the hash of what a person's data were."""
    outcomes = rehearse(sender.principal, steps, work)
    good = sum(outcome.status == "bezorgd" for outcome in outcomes)
    with steps.database.transaction(parties(sender.party)) as connection:
        leaf = note(connection, Frame(sender, trace, steps.clock.now(), steps.activity(FLOW)), mond, steps, (len(outcomes), good))
    steps.committed()
    return [msgspec.structs.replace(outcome, leaf=leaf, content_hash=None, shadow=True) for outcome in outcomes]


def note(connection: Connection, frame: Frame, mond: Mond, steps: Steps, counted: tuple[int, int]) -> bytes:
    """Put a rehearsal on record, with how many records it had and how many were good; returns the leaf hash (32 bytes) of its entry."""
    offered, good = counted
    row = Schaduwproef(ids.new(), frame.sender.party, frame.sender.principal, mond, frame.at, offered, good)
    administration.save_rehearsal(connection, row, sealer(steps.keys))
    told = SchaduwBeproefd(**frame.fields(), aantal=offered, resultaat=reports.verdict(good, offered))
    return append.append(connection, [told])[0]


def _nobody() -> None:
    """Nothing was committed."""
