"""A gateway that answers a single post before its COMMIT: what must never be. The control of `test_kills`; runs as a program.

Everything else is the real gateway. The COMMIT comes `LATE` seconds after the answer.
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from gateway.api.listeners import Listeners
from gateway.api.revocation import Revocations
from gateway.app import serve
from gateway.app.house import House, open_house
from gateway.app.papers import papers
from gateway.app.settings import Settings
from gateway.core.clock import SystemClock
from gateway.signals.groupcommit import GroupCommit
from gateway.signals.receive import receive
from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant

LATE = 0.05


class Early(Database):
    """The transaction of another database, whose block ends `LATE` seconds before its COMMIT."""

    def __init__(self, behind: Database) -> None:
        self._behind = behind

    @contextmanager
    def transaction(self, tenant: Tenant | None = None) -> Iterator[Connection]:
        real = self._behind.transaction(tenant)
        connection = real.__enter__()
        try:
            yield connection
        except BaseException:
            real.__exit__(*sys.exc_info())
            raise
        threading.Timer(LATE, real.__exit__, (None, None, None)).start()


def main() -> None:
    clock, settings = SystemClock(), Settings()
    with open_house(settings, clock) as house:
        ours, house.posts = house.posts, _early(house)
        files = papers(settings)
        listeners = serve._listeners(settings, house, files, Revocations(files.crl, files.issuer, clock))
        Listeners(listeners, drain_seconds=1, ready=lambda ports: print(json.dumps({"klaar": dict(ports)}), flush=True)).run()  # noqa: T201
        house.posts.close()
        house.posts = ours


def _early(house: House) -> GroupCommit:
    posts = GroupCommit(partial(receive, steps=house.steps._replace(database=Early(house.ingest))))
    posts.start()
    return posts


if __name__ == "__main__":
    main()
