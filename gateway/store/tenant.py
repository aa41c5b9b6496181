"""Whose transaction this is, under our signature: row-level security shows the rows of that municipality or those parties, and no other.

The signature is an HMAC under a key of the key store, which the database compares with its own copy: a `SET` that somebody injects is just
text, and shows 0 rows. It says the moment too, and holds for a minute from there until the transaction ends. Authority: architecture,
"Isolation"; security reference 5.2, rule 2. The moment is compared with the server's clock, so a signer gets the real one. Leaves who may
act for whom to the register, and which rows a context shows to the migrations.
"""

import hmac
from hashlib import sha256
from typing import NamedTuple

import psycopg

from gateway.core.clock import Clock

_BLOCK = 64  # bytes, of SHA-256
_KEEP = """
INSERT INTO context_sleutel AS s (binnen, buiten) VALUES (%b, %b) ON CONFLICT (enig) DO UPDATE
SET binnen = excluded.binnen, buiten = excluded.buiten WHERE (s.binnen, s.buiten) <> (excluded.binnen, excluded.buiten)
"""


class Tenant(NamedTuple):
    """The municipality, the parties (OINs) and the task of a transaction; each may be empty."""

    gemeente: str = ""
    partijen: tuple[str, ...] = ()
    taak: str = ""


def municipality(gemeente: str, *partijen: str) -> Tenant:
    """A municipality's own rows; `partijen` for what is kept by the organisation that asks."""
    return Tenant(gemeente, partijen)


def parties(*oins: str) -> Tenant:
    """What these creditors delivered and may read."""
    return Tenant(partijen=tuple(sorted(set(oins))))


def task(name: str) -> Tenant:
    """What a clock may see of everybody; only the roles for that see anything by it."""
    return Tenant(taak=name)


class Signer:
    """Signs contexts. `key`: 32 bytes; `clock`: the real time."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def sign(self, tenant: Tenant) -> str:
        """The context as the database wants it. Raises ValueError: a name that could be read as another."""
        said = "|".join((tenant.gemeente, ",".join(tenant.partijen), tenant.taak, str(int(self._clock.now().timestamp()))))
        if said.count("|") != 3 or said.split("|")[1].count(",") != max(0, len(tenant.partijen) - 1):
            raise ValueError("a tenant's name has a separator in it")
        return f"{said}|{hmac.new(self._key, said.encode(), sha256).hexdigest()}"

    def teach(self, owner_dsn: str) -> None:
        """Put the key where only the database's own check can read it; nothing happens when it is there. Raises psycopg.Error."""
        inner, outer = (bytes(byte ^ pad for byte in self._key.ljust(_BLOCK, b"\0")) for pad in (0x36, 0x5C))
        with psycopg.connect(owner_dsn, connect_timeout=10) as connection:
            connection.execute(_KEEP, (inner, outer))
