"""What every process of ours stands on: a database, the keys, and the signature by which a transaction acts for somebody.

Authority: architecture, "Isolation" and "processes". Leaves what is built on it to `house`, `mailroom`, `outward` and `audit`.
"""

from contextlib import ExitStack

from gateway.app.kek import kek_place
from gateway.app.settings import Settings
from gateway.core.clock import Clock, SystemClock
from gateway.keys.database import DatabaseKeyStore
from gateway.keys.names import CONTEXT
from gateway.store.database import Database
from gateway.store.embedded import EmbeddedPostgres
from gateway.store.prepare import prepare
from gateway.store.tenant import Signer


class Foundation:
    """The database underneath: the given one, or an embedded one that stops when `stack` closes."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._embedded: EmbeddedPostgres | None = None
        if settings.database_url:
            self.dsn = settings.database_url
        else:
            self._embedded = EmbeddedPostgres(settings.state)
            stack.callback(self._embedded.stop)
            self.dsn = self._embedded.start()

    @property
    def alive(self) -> bool:
        """False once an embedded database of ours has ended by itself."""
        return self._embedded is None or self._embedded.alive


class Grounds:
    """Database, roles, keys and signature, open; `name` is the process in pg_stat_activity. Raises Misconfigured, Unavailable."""

    def __init__(self, settings: Settings, clock: Clock, stack: ExitStack, name: str = "seinhuis", size: int = 2) -> None:
        self._stack = stack
        self._name = name
        self.database = Foundation(settings, stack)
        self._dsns = prepare(self.database.dsn, settings.state, clock)
        self.beheer = self._opened(Database(self._dsns.beheer, name=f"{name}-beheer", size=size))
        self.keys = DatabaseKeyStore(self.beheer, kek_place(settings).keks)
        self._signer = Signer(self.keys.key(CONTEXT), SystemClock())  # the real time: the server compares it with its own
        self._signer.teach(self.database.dsn)

    def ingest(self, size: int) -> Database:
        """What creditors deliver and read."""
        return self._opened(Database(self._dsns.ingest, name=f"{self._name}-ingest", size=size, signer=self._signer))

    def inbox(self, size: int) -> Database:
        """What municipalities read and do."""
        return self._opened(Database(self._dsns.inbox, name=f"{self._name}-inbox", size=size, signer=self._signer))

    def log(self, size: int) -> Database:
        """The sequencer and who verifies the log."""
        return self._opened(Database(self._dsns.log, name=f"{self._name}-log", size=size, signer=self._signer))

    def tasks(self, size: int) -> Database:
        """Clocks that go over everybody."""
        return self._opened(Database(self._dsns.taken, name=f"{self._name}-taken", size=size, signer=self._signer))

    def oversight(self, size: int) -> Database:
        """Who reads the log of one municipality, and its index."""
        return self._opened(Database(self._dsns.toezicht, name=f"{self._name}-toezicht", size=size, signer=self._signer))

    def console(self, size: int) -> Database:
        """Sessions of the console, and who came in."""
        return self._opened(Database(self._dsns.console, name=f"{self._name}-console", size=size, signer=self._signer))

    def keeping(self, size: int) -> Database:
        """The retention round: the office's role, which empties by functions what it cannot read."""
        return self._opened(Database(self._dsns.beheer, name=f"{self._name}-bewaring", size=size, signer=self._signer))

    def _opened(self, database: Database) -> Database:
        self._stack.callback(database.close)
        return database
