"""The connections of one role, and the transaction: the only way a flow reaches the database.

Decides what a failure means: not reachable, overloaded or timed out is `Unavailable` (503, send it again); a unique violation,
deadlock or serialization failure is the flow's own business and passes through. Authority: architecture, decision 5 (ack means
durable). Leaves SQL to the packages that own the tables. A connection lost during COMMIT leaves the outcome unknown: `Unavailable` with a
code of its own, for what is not idempotent may then not be repeated.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from gateway.core.errors import Misconfigured, Unavailable
from gateway.store.tenant import Signer, Tenant

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
T = TypeVar("T")

_LIMITS = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=30s"
_NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,  # milliseconds
}
_RECONNECT = 5.0  # seconds of trying in the background; after that each transaction tries again at once
# connection lost, out of resources, shut down or cancelled, input/output error
_CLASSES = frozenset({"08", "53", "57", "58"})
# lock_timeout, idle in transaction, a standby that we were moved to
_STATES = frozenset({"55P03", "25P03", "25006"})


class Transactions(Protocol):
    """Where a flow's transactions come from."""

    def transaction(self, tenant: Tenant | None = None) -> AbstractContextManager[Connection]:
        """See `Database.transaction`."""
        ...


class Database:
    """A pool of at most `size` connections of one role. `name` shows in pg_stat_activity; `patience`: seconds to wait for one.

    With a `signer` its transactions can act for a tenant; without one they see what has no tenant.
    """

    def __init__(self, dsn: str, *, name: str, size: int, patience: float = 5.0, signer: Signer | None = None) -> None:
        self._signer = signer
        options = f"{conninfo_to_dict(dsn).get('options') or ''} {_LIMITS}".strip()
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            make_conninfo(dsn, application_name=name, options=options, **_NETWORK),
            kwargs={"autocommit": True, "prepare_threshold": 2},
            min_size=1,
            max_size=size,
            name=name,
            timeout=patience,
            reconnect_timeout=_RECONNECT,
            open=True,
        )

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        """Exactly one transaction, for one tenant: COMMIT when the block ends, ROLLBACK on any exception.

        Raises Unavailable (see above); what PostgreSQL says of the statements or of COMMIT otherwise. A block that swallows
        the error of a statement raises too: PostgreSQL would answer its COMMIT with a rollback.
        """
        committing = False
        try:
            with self._taken() as connection, connection.transaction():
                if tenant is not None:
                    self.act(connection, tenant)
                yield connection
                if connection.info.transaction_status in (TransactionStatus.INERROR, TransactionStatus.IDLE):
                    raise psycopg.errors.InFailedSqlTransaction("the block ended in a failed or ended transaction")
                committing = True
        except psycopg.Error as error:
            if _is_unavailable(error):
                raise (_unknown() if committing else _unavailable()) from error
            raise

    def act(self, connection: Connection, tenant: Tenant) -> None:
        """From here on this transaction is for another tenant. Raises Misconfigured: this database has no signer."""
        if self._signer is None:
            raise Misconfigured("Deze verbinding kan voor niemand optreden: er is geen sleutel om mee te tekenen.")
        connection.execute("SELECT optreden(%s)", (self._signer.sign(tenant),), prepare=True)

    @contextmanager
    def _taken(self) -> Iterator[Connection]:
        """A connection that works. Every broken one is thrown out at once (the pool's own check sleeps seconds in between)."""
        connection = self._pool.getconn()
        while not _is_alive(connection):
            self._pool.putconn(connection)
            connection = self._pool.getconn()
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    def close(self) -> None:
        """Close all connections; a transaction in progress ends first."""
        self._pool.close()


def retrying(work: Callable[[], T], attempts: int = 5) -> T:
    """Run a whole unit of work, again after a deadlock or serialization failure only. Raises Unavailable after `attempts` of those."""
    try:
        return work()
    except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
        if attempts == 1:
            raise _unavailable() from error
    return retrying(work, attempts - 1)


def _is_alive(connection: Connection) -> bool:
    """An idle connection has nothing to say: only when there is something to read, ask the server. No round trip otherwise."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if not poll.poll(0):
        return True
    try:
        connection.execute("")
    except psycopg.OperationalError:
        connection.close()
    return not connection.closed


def _is_unavailable(error: psycopg.Error) -> bool:
    """By SQLSTATE; without one it is the connection or the pool that failed."""
    state = error.sqlstate
    if state is None:
        return isinstance(error, psycopg.OperationalError)
    return state[:2] in _CLASSES or state in _STATES


def _unavailable() -> Unavailable:
    detail = "De database is niet bereikbaar of te druk. Probeer hetzelfde straks nog eens."
    return Unavailable("DATABASE_NIET_BEREIKBAAR", detail, retry_after=5)


def _unknown() -> Unavailable:
    detail = "De verbinding met de database brak af bij het vastleggen; of het gedaan is, is niet bekend. Zie docs/foutcodes.md."
    return Unavailable("UITKOMST_ONBEKEND", detail)
