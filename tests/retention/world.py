"""A gateway whose keys stand in its database under a file of its own, and copies of that database as a backup would have them."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.keys.database import DatabaseKeyStore
from gateway.keys.kekfile import KekFile
from gateway.partners.rows import read, sealer
from gateway.partners.sealkeys import Pseudoniemversie
from gateway.privacylog.term import Log
from gateway.retention.keeper import Keeper
from gateway.store.database import Database
from gateway.store.prepare import Dsns
from tests.flows.world import CLERK, PURPOSES, TRACE
from tests.matching.world import MatchingWorld
from tests.tenants import SIGNER

_copies = count(1)


class KeptWorld(MatchingWorld):
    """`keeper` is what the retention round works with; `kek` the file of the key-encryption key."""

    def __init__(self, dsns: Dsns, folder: Path) -> None:
        self.beheer = Database(dsns.beheer, name="bewaring", size=6, signer=SIGNER)
        self.kek = KekFile(folder / "hoofdsleutel")
        self.kek.make()
        store = DatabaseKeyStore(self.beheer, self.kek.keks)
        super().__init__(dsns, folder, keys=store)
        log = Log(self.log, self.checkpoints)
        self.keeper = Keeper(self.beheer, store, self.kek, PURPOSES, self.clock, CLERK.party, lambda: TRACE, log)

    def reread(self) -> None:
        """What a node does when the register changed."""
        with self.beheer.transaction() as connection:
            self.name_in(*(row for row, holds in read(connection, Pseudoniemversie, sealer(self.keys)) if holds))

    def close(self) -> None:
        """Close the pools."""
        super().close()
        self.beheer.close()


@contextmanager
def backup(dsns: Dsns) -> Iterator[Dsns]:
    """The whole database as it is now, key store included; dropped at the end. Open connections are ended by the server."""
    name, source = f"kopie_{next(_copies)}", conninfo_to_dict(dsns.owner)["dbname"]
    with psycopg.connect(make_conninfo(dsns.owner, dbname="postgres"), autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (source,))
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
        yield Dsns(*(make_conninfo(dsn, dbname=name) for dsn in dsns))
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
