"""Transactions that are all for one tenant: for a flow that is written for the office, and now runs for somebody who sees less.

Authority: architecture, "Isolation"; decision 0040. Leaves the signature to `gateway.store.tenant`.
"""

from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant


class Transactions(Protocol):
    """Where a flow gets its transactions from: a whole database, or one that acts for a tenant."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """Exactly one transaction; see `Database.transaction`."""
        ...


class Acting(NamedTuple):
    """`database`, for `tenant` and nobody else."""

    database: Database
    tenant: Tenant

    def transaction(self) -> AbstractContextManager[Connection]:
        """Exactly one transaction of this tenant."""
        return self.database.transaction(self.tenant)
