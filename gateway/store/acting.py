"""Transactions that are all for one tenant: for a flow that is written for the office, and now runs for somebody who sees less.

Authority: architecture, "Isolation"; decision 0040. Leaves the signature to `gateway.store.tenant`.
"""

from contextlib import AbstractContextManager
from typing import NamedTuple

from gateway.store.database import Connection, Database
from gateway.store.tenant import Tenant


class Acting(NamedTuple):
    """`database`, for `tenant` and nobody else."""

    database: Database
    tenant: Tenant

    def transaction(self, tenant: Tenant | None = None) -> AbstractContextManager[Connection]:
        """Exactly one transaction of this tenant. Raises ValueError: it is asked for another."""
        if tenant not in (None, self.tenant):
            raise ValueError("this acts for one tenant")
        return self.database.transaction(self.tenant)
