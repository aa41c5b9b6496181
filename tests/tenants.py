"""Contexts in tests: signed with a key that the test databases know."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from gateway.core.clock import SystemClock
from gateway.store.tenant import Signer, Tenant

SIGNER = Signer(b"t" * 32, SystemClock())


@contextmanager
def acting(dsn: str, tenant: Tenant) -> Iterator[psycopg.Connection[Any]]:
    """One transaction of a role, for one tenant."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT optreden(%s)", (SIGNER.sign(tenant),))
        yield connection
