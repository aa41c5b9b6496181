"""`seinhuis verwerk`: the workers for files in a process of their own, so that files and doors do not wait for each other.

Any number of these may run, on any node that sees the database and the spool. Authority: architecture, "processes"; decision 0025.
"""

import resource
import signal
import threading
from collections.abc import Callable

from gateway.app.house import open_house
from gateway.app.settings import Settings
from gateway.core.clock import Clock
from gateway.core.errors import Unavailable

LOOK_SECONDS = 1.0


def work(settings: Settings, clock: Clock, workers: int, ready: Callable[[], None]) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first.

    Raises:
        Misconfigured: it did not start. Unavailable: no database, or the embedded one ended by itself.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold clear person data
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    with open_house(settings.model_copy(update={"file_workers": workers}), clock) as house:
        ready()
        while house.database.alive and not asked.wait(LOOK_SECONDS):
            pass
        if not house.database.alive:
            raise Unavailable("DATABASE_GESTOPT", "De ingebouwde database is gestopt; start de gateway opnieuw.")
